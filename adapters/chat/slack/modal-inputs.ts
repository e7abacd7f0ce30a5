import type { InputBlockElement, KnownBlock, PlainTextElement, PlainTextOption } from '@slack/types';
import { INPUT_LIMIT, inputField } from '../../../src/domain/inputs.ts';
import { clip } from '../../../src/domain/text.ts';
import type { FormInput } from '../../../src/ports/chat.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { LIMITS } from './limits.ts';
import { shorten } from './short-keys.ts';

const YES_NO = { true: 'Yes', false: 'No' } as const;

/** One of a service's inputs. Slack checks no pattern: the answer to what does not fit stands at the field all the same. */
export function inputBlock(input: FormInput, suffix: string): KnownBlock {
  const field = inputField(input.name);
  return {
    type: 'input',
    block_id: `cs-${field}-${suffix}`,
    optional: !input.required,
    label: words(input.title, LIMITS.inputLabel),
    ...(input.hint === undefined ? {} : { hint: words(input.hint, LIMITS.inputLabel) }),
    element: element(input, `csf:${field}`),
  };
}

/** The field of an input's block; nothing for any other block. */
export function inputFieldOf(blockId: string): string | undefined {
  const name = /^cs-input-(.+)-[0-9a-f]{8}$/.exec(blockId)?.[1];
  return name === undefined ? undefined : inputField(name);
}

function element(input: FormInput, action: string): InputBlockElement {
  const { type, value = '' } = input;
  switch (type) {
    case 'enum': {
      const options = input.options.slice(0, LIMITS.options).map((one) => option(one, one));
      return {
        type: 'static_select',
        action_id: action,
        placeholder: words('Choose', LIMITS.optionText),
        options,
        ...initial(options, value),
      };
    }
    case 'boolean': {
      const options = Object.entries(YES_NO).map(([key, label]) => option(key, label));
      return { type: 'radio_buttons', action_id: action, options, ...initial(options, value) };
    }
    case 'text':
      return {
        type: 'plain_text_input',
        action_id: action,
        max_length: INPUT_LIMIT,
        ...(value === '' ? {} : { initial_value: value.slice(0, INPUT_LIMIT) }),
      };
  }
}

function initial(options: readonly PlainTextOption[], value: string) {
  const found = options.find((one) => one.value === shorten(value));
  return found === undefined ? {} : { initial_option: found };
}

function option(value: string, label: string): PlainTextOption {
  return { text: words(label, LIMITS.optionText), value: shorten(value) };
}

function words(text: string, limit: number): PlainTextElement {
  return { type: 'plain_text', text: clip(cleaned(text).trim() || '–', limit), emoji: false };
}
