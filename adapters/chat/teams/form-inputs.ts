import { INPUT_LIMIT, inputField, inputOfField } from '../../../src/domain/inputs.ts';
import type { FormInput, FormSpec } from '../../../src/ports/chat.ts';
import { cardChoices } from './dialog-choices.ts';
import { words } from './dialog-text.ts';
import type { CardElement } from './wire.ts';

const LABEL_LIMIT = 100;
const HINT_LIMIT = 100;
/** So many inputs a form of ours never has; what sends more is no form of ours. */
const MOST_INPUTS = 50;
const SENT_LIMIT = 5000;

/** One of a service's inputs. `most`: so many choices there is room for; a longer list is written out, and checked when it comes. */
export function inputElement(input: FormInput, most: number): CardElement {
  const { type, value = '' } = input;
  const label = words(input.title, LABEL_LIMIT);
  const id = inputField(input.name);
  if (type === 'boolean' && input.hasDefault) {
    return { type: 'Input.Toggle', id, title: label, value, valueOn: 'true', valueOff: 'false' };
  }
  if (type === 'text' || input.options.length > most) return textElement(input, { id, label });
  const choices =
    type === 'boolean'
      ? [
          { title: 'Yes', value: 'true' },
          { title: 'No', value: 'false' },
        ]
      : cardChoices(
          input.options.map((one) => ({ value: one, label: one })),
          most,
        );
  return {
    type: 'Input.ChoiceSet',
    id,
    label,
    style: type === 'boolean' ? 'expanded' : 'compact',
    choices,
    ...(input.required ? { isRequired: true, errorMessage: 'Choose one.' } : {}),
    ...(choices.some((one) => one.value === value) ? { value } : {}),
  };
}

function textElement(input: FormInput, dress: { readonly id: string; readonly label: string }): CardElement {
  const { required, pattern, value = '', options } = input;
  const hint = words(input.hint ?? options.join(', '), HINT_LIMIT);
  const checked = pattern !== undefined && isPortable(pattern);
  return {
    type: 'Input.Text',
    ...dress,
    maxLength: INPUT_LIMIT,
    ...(hint === '' ? {} : { placeholder: hint }),
    ...(required ? { isRequired: true } : {}),
    ...(checked ? { regex: `^(?:${pattern})$` } : {}),
    ...(required || checked ? { errorMessage: checked ? `Fill this in: ${hint}` : 'Fill this in.' } : {}),
    ...(value === '' ? {} : { value: value.slice(0, INPUT_LIMIT) }),
  };
}

/** Clients read a pattern each in its own tongue. One that some of them could read otherwise is checked by us alone. */
function isPortable(pattern: string): boolean {
  return !/\\[pPuk]|\(\?[<=!]/.test(pattern);
}

/** The target whose inputs a form shows; nothing for a form that shows none. */
export function askedOf({ service, environment, inputs = [] }: FormSpec): string | undefined {
  return inputs.length === 0 ? undefined : `${service}/${environment}`;
}

/** What the client sent of the inputs; empty ones are left out. */
export function sentInputs(data: unknown): Readonly<Record<string, string>> {
  if (typeof data !== 'object' || data === null) return {};
  const sent = Object.entries(data).filter(
    (one): one is [string, string] =>
      inputOfField(one[0]) !== undefined && typeof one[1] === 'string' && one[1].length <= SENT_LIMIT,
  );
  return Object.fromEntries(sent.filter(([, value]) => value.trim() !== '').slice(0, MOST_INPUTS));
}
