import type { FormSpec } from '../../../src/ports/chat.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { type CardChoice, cardChoices, VALUE_LIMIT } from './dialog-choices.ts';
import type { CardElement } from './wire.ts';

/** The form's fields, in the order in which they stand. */
export const FIELDS = ['service', 'environment', 'ref', 'reason'] as const;
export type Field = (typeof FIELDS)[number];

/** Fields that are searched have a second input beside the search, for what is written out. */
export const TYPED = { service: 'service-typed', ref: 'ref-typed' } as const;

/** A list of this length may have been cut: see `Inbox.choices`. */
const LIST_LIMIT = 100;
const REASON_LIMIT = 500;
/** A reason that is too long stays in its field, so that it can be shortened rather than written again. */
const KEPT_REASON = 2000;

/** How much of the lists there is room for. */
export interface Room {
  readonly services: number;
  readonly environments: number;
  readonly hints: boolean;
  /** Choices of one of the service's inputs. */
  readonly options: number;
  readonly alerts: number;
}

export type Values = Readonly<Partial<Record<Field, string>>>;

/** The inputs of one field, and what of it was put into an input that people may overwrite. */
export interface Inputs {
  readonly elements: readonly CardElement[];
  readonly shown?: string;
}

export function inputsOf(field: Field, form: FormSpec, values: Values, room: Room): Inputs {
  switch (field) {
    case 'service':
      return serviceInputs(form, values, room);
    case 'environment':
      return environmentInput(form, values, room);
    case 'ref':
      return refInputs(values);
    case 'reason':
      return reasonInput(form, values);
  }
}

/**
 * As long as all services are at hand they are a list that the client filters by itself: that works everywhere, and can be required.
 * A search at the bot does neither: clients on phones may show no choices for it at all (microsoft/AdaptiveCards #8823, #9208), and
 * some hold a searched choice for none when the input is required (#8861). So it stands only where the list is not the whole, never
 * required, and with an input beside it for the name.
 */
function serviceInputs(form: FormSpec, { service = '' }: Values, room: Room): Inputs {
  const choices = cardChoices(form.services, room.services, room.hints);
  const whole = form.services.length < LIST_LIMIT && choices.length === form.services.length;
  if (!whole) {
    const elements = [
      search('service', 'Service', 'service', choices),
      typed(TYPED.service, 'Or the name of the service', service),
    ];
    return { elements, ...shown(service) };
  }
  const list = {
    type: 'Input.ChoiceSet',
    id: 'service',
    label: 'Service',
    style: 'filtered',
    placeholder: 'Choose a service',
    isRequired: true,
    errorMessage: 'Choose a service.',
    choices,
    ...preset(service, choices),
    valueChangedAction: forgetRef,
  };
  return { elements: [list] };
}

/** Before a service is chosen these are all environments; one where it is not deployed is refused with the form again. */
function environmentInput(form: FormSpec, { environment = '' }: Values, room: Room): Inputs {
  const all = cardChoices(form.environments, LIST_LIMIT, room.hints);
  if (all.length === 0) return { elements: [] };
  const choices = all.filter(({ value }, index) => index < room.environments || value === environment);
  const list = {
    type: 'Input.ChoiceSet',
    id: 'environment',
    label: 'Environment',
    style: 'compact',
    placeholder: 'Choose an environment',
    isRequired: true,
    errorMessage: 'Choose an environment.',
    choices,
    ...preset(environment, choices),
  };
  return { elements: [list] };
}

function refInputs({ service = '', ref = '' }: Values): Inputs {
  const elements = [
    search('ref', 'Branch, tag or commit', service === '' ? 'ref' : `ref:${service}`, []),
    typed(TYPED.ref, 'Or any branch, tag or commit', ref, "Left empty: the service's default branch"),
  ];
  return { elements, ...shown(ref) };
}

function reasonInput({ reasonRequired }: FormSpec, { reason = '' }: Values): Inputs {
  const value = cleaned(reason.slice(0, KEPT_REASON));
  const input = {
    type: 'Input.Text',
    id: 'reason',
    label: 'Reason',
    isMultiline: true,
    maxLength: Math.max(REASON_LIMIT, value.length),
    ...(reasonRequired
      ? { isRequired: true, errorMessage: 'Say why.' }
      : { placeholder: 'Needed where customers are concerned' }),
    ...(value === '' ? {} : { value }),
  };
  return { elements: [input] };
}

/**
 * A list that asks the bot while somebody types, with the card's other inputs. `Data.Query` is of schema 1.6; its `associatedInputs`,
 * and `Action.ResetInputs`, are Teams' own. Source: "Typeahead search in Adaptive Cards", learn.microsoft.com.
 */
function search(id: 'service' | 'ref', label: string, dataset: string, choices: readonly CardChoice[]): CardElement {
  return {
    type: 'Input.ChoiceSet',
    id,
    label,
    style: 'filtered',
    placeholder: 'Type to search',
    choices,
    'choices.data': { type: 'Data.Query', dataset, associatedInputs: 'auto' },
    ...(id === 'service' ? { valueChangedAction: forgetRef } : {}),
  };
}

/** A found branch belongs to the service it was found in. Clients that do not know this keep it, and the bot looks again. */
const forgetRef = { type: 'Action.ResetInputs', targetInputIds: ['ref'] };

function typed(id: string, label: string, value: string, placeholder?: string): CardElement {
  return {
    type: 'Input.Text',
    id,
    label,
    maxLength: VALUE_LIMIT,
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(shown(value).shown === undefined ? {} : { value }),
  };
}

/** Half a name is another name: what is too long, or holds signs that nobody sees, is not shown. */
function shown(value: string): { readonly shown?: string } {
  return value === '' || value.length > VALUE_LIMIT || cleaned(value) !== value ? {} : { shown: value };
}

function preset(value: string, choices: readonly CardChoice[]): { readonly value?: string } {
  return choices.some((one) => one.value === value) ? { value } : {};
}
