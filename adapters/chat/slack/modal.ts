import { createHash } from 'node:crypto';
import type { KnownBlock, ModalView, PlainTextElement, PlainTextOption } from '@slack/types';
import type { Question } from '../../../src/domain/announcement.ts';
import { clip } from '../../../src/domain/text.ts';
import type { Choice, FormSpec } from '../../../src/ports/chat.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { LIMITS } from './limits.ts';
import { inputBlock, inputFieldOf } from './modal-inputs.ts';
import { escaped } from './mrkdwn.ts';
import { shorten } from './short-keys.ts';

const FORM = 'cs-form';
export const ASK = 'cs-ask';
export const FIELDS = ['service', 'environment', 'ref', 'reason'] as const;

/** What a dialog must remember until it is sent. Travels as `private_metadata`, which people cannot change. */
export interface Memory {
  readonly channel: string;
  /** The message of ours it was opened from, and the thread to answer in. */
  readonly message?: string;
  readonly thread?: string;
  /** The chosen service, or its key. */
  readonly service?: string;
  readonly verb?: string;
  readonly value?: string;
}

/** The form of a request. Fields that depend on the service have another block id for each service, so that Slack empties them. */
export function formView(form: FormSpec, memory: Memory): ModalView {
  const service = form.service;
  const suffix = createHash('sha256')
    .update(service ?? '')
    .digest('hex')
    .slice(0, 8);
  const environments = form.environments.slice(0, LIMITS.options).map((one) => option(one));
  const blocks: KnownBlock[] = [
    ...form.alerts.slice(0, 20).map(alert),
    serviceInput(form),
    ...(environments.length === 0 ? [] : [environmentInput(form, environments, suffix)]),
    refInput(form, suffix),
    reasonInput(form),
    ...(form.inputs ?? []).map((one) => inputBlock(one, suffix)),
  ];
  return {
    type: 'modal',
    callback_id: FORM,
    title: words('New deployment', LIMITS.modalTitle),
    submit: words('Request Deployment', LIMITS.modalButton),
    close: words('Cancel', LIMITS.modalButton),
    private_metadata: JSON.stringify({ ...memory, service: service === undefined ? undefined : shorten(service) }),
    blocks,
  };
}

/** Asks for the words that a button needs. */
export function askView(question: Question, memory: Memory): ModalView {
  const { maxLength } = question;
  return {
    type: 'modal',
    callback_id: ASK,
    title: words(question.title, LIMITS.modalTitle),
    submit: words(question.submit, LIMITS.modalButton),
    close: words('Cancel', LIMITS.modalButton),
    private_metadata: JSON.stringify(memory),
    blocks: [
      {
        type: 'input',
        block_id: 'cs-answer',
        optional: !question.required,
        label: words(question.label, LIMITS.inputLabel),
        element: {
          type: 'plain_text_input',
          action_id: 'csf:answer',
          multiline: true,
          focus_on_load: true,
          max_length: Math.min(Math.max(1, maxLength), LIMITS.inputLength),
        },
      },
    ],
  };
}

/** Options for a select that asks us while somebody types. */
export function options(choices: readonly Choice[]): PlainTextOption[] {
  return choices
    .filter(({ value }) => value !== '')
    .slice(0, LIMITS.options)
    .map((one) => option(one));
}

/** The field a block of the form belongs to: one of ours, or one of the service's inputs. */
export function fieldOf(blockId: string): string | undefined {
  return (
    inputFieldOf(blockId) ?? FIELDS.find((field) => blockId === `cs-${field}` || blockId.startsWith(`cs-${field}-`))
  );
}

function serviceInput(form: FormSpec): KnownBlock {
  return {
    type: 'input',
    block_id: 'cs-service',
    dispatch_action: true,
    label: words('Service', LIMITS.inputLabel),
    element: {
      type: 'external_select',
      action_id: 'csf:service',
      min_query_length: 0,
      placeholder: words('Choose a service', LIMITS.optionText),
      ...chosen(form.service, form.services),
    },
  };
}

function environmentInput(form: FormSpec, all: PlainTextOption[], suffix: string): KnownBlock {
  const initial = all.find((one) => form.environment !== undefined && one.value === shorten(form.environment));
  return {
    type: 'input',
    block_id: `cs-environment-${suffix}`,
    dispatch_action: true,
    label: words('Environment', LIMITS.inputLabel),
    element: {
      type: 'static_select',
      action_id: 'csf:environment',
      placeholder: words('Choose an environment', LIMITS.optionText),
      options: all,
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  };
}

function refInput(form: FormSpec, suffix: string): KnownBlock {
  return {
    type: 'input',
    block_id: `cs-ref-${suffix}`,
    optional: true,
    label: words('Branch, tag or commit', LIMITS.inputLabel),
    hint: words("Left empty: the service's default branch.", LIMITS.inputLabel),
    element: {
      type: 'external_select',
      action_id: 'csf:ref',
      min_query_length: 0,
      placeholder: words('Search', LIMITS.optionText),
      ...chosen(form.ref, []),
    },
  };
}

function reasonInput(form: FormSpec): KnownBlock {
  const initial = form.reason === undefined || form.reason === '' ? {} : { initial_value: clip(form.reason, 500) };
  return {
    type: 'input',
    block_id: 'cs-reason',
    optional: !form.reasonRequired,
    label: words('Reason', LIMITS.inputLabel),
    element: { type: 'plain_text_input', action_id: 'csf:reason', multiline: true, max_length: 500, ...initial },
  };
}

function chosen(value: string | undefined, choices: readonly Choice[]) {
  if (value === undefined || value === '') return {};
  const choice = choices.find((one) => one.value === value) ?? { value, label: value };
  return { initial_option: option(choice) };
}

function option({ value, label, hint }: Choice): PlainTextOption {
  return {
    text: words(label.trim() === '' ? value : label, LIMITS.optionText),
    value: shorten(value),
    ...(hint === undefined || hint.trim() === '' ? {} : { description: words(hint, LIMITS.optionHint) }),
  };
}

/** A classic block: old clients may not know the newer alert block, and a lock must not be overlooked. */
function alert(text: string): KnownBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `⚠ ${clip(escaped(clip(text, 500)), 2900)}`, verbatim: true },
  };
}

function words(text: string, limit: number): PlainTextElement {
  return { type: 'plain_text', text: clip(cleaned(text).trim() || '–', limit), emoji: false };
}
