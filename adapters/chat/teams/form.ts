import { z } from 'zod';
import { inputField } from '../../../src/domain/inputs.ts';
import type { FormSpec } from '../../../src/ports/chat.ts';
import { type FormMemory, memoryData, readMemory } from './dialog-memory.ts';
import { paragraph, warning } from './dialog-text.ts';
import { FIELDS, type Inputs, inputsOf, type Room, TYPED } from './form-fields.ts';
import { askedOf, inputElement, sentInputs } from './form-inputs.ts';
import { BUDGET } from './limits.ts';
import { pressData } from './press.ts';
import type { Rendered } from './render.ts';
import type { AdaptiveCard, CardElement } from './wire.ts';

const ERROR_LIMIT = 400;
/** Longer values do not travel in the invitation's button; they are asked for again. */
const CARRIED_LIMIT = 500;
const SCHEMA = 'http://adaptivecards.io/schemas/adaptive-card.json';

/** The first that fits is shown. What is missing of the services can be searched, or written. */
const ALL: Room = { services: 100, environments: 100, hints: true, options: 100, alerts: 10 };
const LESS: readonly Room[] = [
  { services: 100, environments: 100, hints: false, options: 100, alerts: 10 },
  { services: 50, environments: 100, hints: false, options: 30, alerts: 5 },
  { services: 20, environments: 50, hints: false, options: 10, alerts: 5 },
  { services: 0, environments: 10, hints: false, options: 0, alerts: 2 },
];

/** What was filled in, and what is wrong with it by field name. */
export interface Mend {
  readonly errors: Readonly<Record<string, string>>;
  readonly entered: Readonly<Record<string, string>>;
}

/**
 * The form of a request. It is one card for every client and takes one step: nothing in it has to be chosen before the rest can be
 * shown, since Teams tells the bot nothing of a choice before the form is sent. What depends on a choice (an environment where the
 * service is not deployed, a reason that is needed there, a lock) is said by sending the form back with `mend`; and so it comes back
 * with what the service takes there, where that was not shown yet.
 */
export function formCard(form: FormSpec, mend?: Mend, memory: FormMemory = {}): AdaptiveCard {
  let made = cardIn(ALL, form, mend, memory);
  for (const room of LESS) {
    // Counted as UTF-16, as Teams counts.
    if (JSON.stringify(made).length * 2 <= BUDGET.messageBytes) break;
    made = cardIn(room, form, mend, memory);
  }
  return made;
}

function cardIn(room: Room, form: FormSpec, mend: Mend | undefined, memory: FormMemory): AdaptiveCard {
  const values = ownFields(mend === undefined ? valuesOf(form) : mend.entered);
  const errors = new Map(Object.entries(mend?.errors ?? {}));
  const inputs = (form.inputs ?? []).map((one) => ({
    field: inputField(one.name),
    element: inputElement(one, room.options),
  }));
  const places: readonly string[] = [...FIELDS, ...inputs.map(({ field }) => field)];
  const elsewhere = [...errors].filter(([field]) => !places.includes(field)).slice(0, 3);
  const fields = FIELDS.map((field) => ({ field, inputs: inputsOf(field, form, values, room) }));
  return card(
    [
      ...form.alerts.slice(0, room.alerts).map(warning),
      ...elsewhere.map(([, text]) => fault(text)),
      ...fields.flatMap((one) => [...faultsOf(errors.get(one.field)), ...one.inputs.elements]),
      ...inputs.flatMap(({ field, element }) => [...faultsOf(errors.get(field)), element]),
    ],
    {
      type: 'Action.Submit',
      title: 'Request Deployment',
      style: 'positive',
      data: { csForm: { shown: shownIn(fields), ...asked(form) }, ...memoryData(memory) },
    },
  );
}

function asked(form: FormSpec): { readonly asked?: string } {
  const target = askedOf(form);
  return target === undefined ? {} : { asked: target };
}

function shownIn(fields: readonly { readonly field: string; readonly inputs: Inputs }[]) {
  return Object.fromEntries(
    fields.flatMap(({ field, inputs: { shown } }) => (shown === undefined ? [] : [[field, shown]])),
  );
}

function faultsOf(text: string | undefined): readonly CardElement[] {
  return text === undefined ? [] : [fault(text)];
}

function fault(text: string): CardElement {
  return paragraph(text, ERROR_LIMIT, { color: 'attention', weight: 'bolder' });
}

/** Nobody types more into a field; what is longer does not come from a form of ours. */
const field = z.string().max(5000).nullish();
const name = z.string().max(1000).optional();
const submitted = z.object({
  csForm: z.object({ shown: z.object({ service: name, ref: name }).optional(), asked: name }),
  service: field,
  [TYPED.service]: field,
  environment: field,
  ref: field,
  [TYPED.ref]: field,
  reason: field,
});

/**
 * What a client sent of the form, or with the invitation to it; nothing when it is not of our making. Empty fields are left out. Of the
 * two inputs of a field the one that was written into wins, then the found one, then what stood there from the beginning.
 */
export function readForm(data: unknown):
  | {
      readonly fields: Readonly<Record<string, string>>;
      readonly memory: FormMemory;
      /** The target whose inputs the form showed; see `askedOf`. */
      readonly asked?: string;
    }
  | undefined {
  const read = submitted.safeParse(data);
  if (!read.success) return undefined;
  const { csForm, environment, reason, ...sent } = read.data;
  const all = {
    service: chosen(sent.service, sent[TYPED.service], csForm.shown?.service),
    environment,
    ref: chosen(sent.ref, sent[TYPED.ref], csForm.shown?.ref),
    reason,
  };
  const fields = { ...ownFields(all), ...sentInputs(data) };
  return { fields, memory: readMemory(data), ...(csForm.asked === undefined ? {} : { asked: csForm.asked }) };
}

type Sent = string | null | undefined;

function chosen(found: Sent, written: Sent, shown: string | undefined): Sent {
  const isNew = !isEmpty(written) && written?.trim() !== shown?.trim();
  return isNew || isEmpty(found) ? written : found;
}

function valuesOf({ service, environment, ref, reason }: FormSpec) {
  return { service, environment, ref, reason };
}

/** The fields of the form that hold something. */
function ownFields(all: Readonly<Partial<Record<string, Sent>>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    FIELDS.flatMap((one) => {
      const value = Object.hasOwn(all, one) ? all[one] : undefined;
      return value === undefined || value === null || isEmpty(value) ? [] : [[one, value]];
    }),
  );
}

function isEmpty(value: Sent): boolean {
  return value === undefined || value === null || value.trim() === '';
}

/**
 * The small card for a chat, where no dialog opens by itself: the line to write, and a button that opens the form. What is known
 * already travels in the button as if it had been filled in, so that `readForm` reads it.
 */
export function formInvitation(form: FormSpec): Rendered {
  const { service, environment, ref } = form;
  const { inputs = [] } = form;
  const flags = inputs.flatMap(({ name, required }) => (required ? [` --input ${name}=…`] : []));
  const line = `deploy ${service ?? '‹service›'}${ref === undefined ? '' : `@${ref}`} to ${environment ?? '‹environment›'}${flags.join('')}`;
  const handed = inputs.flatMap((one) => (one.value === undefined ? [] : [[inputField(one.name), one.value] as const]));
  const carried = [...Object.entries(ownFields(valuesOf(form))), ...handed].filter(
    ([, value]) => value.length <= CARRIED_LIMIT,
  );
  const summary = 'Open the form to request a deployment, or write service and environment in one line.';
  const open: CardElement = {
    type: 'Action.Submit',
    title: 'Open Form',
    data: { ...pressData({ verb: 'form', value: service ?? '' }, true), csForm: {}, ...Object.fromEntries(carried) },
  };
  const body = [
    paragraph('Request a deployment', 100, { weight: 'bolder' }),
    ...form.alerts.slice(0, 3).map(warning),
    paragraph('Open the form, or write in one line:', 100),
    paragraph(line, 300, { fontType: 'monospace', spacing: 'small' }),
  ];
  return { card: { ...card(body, open), fallbackText: summary, speak: summary }, summary };
}

function card(body: readonly CardElement[], action: CardElement): AdaptiveCard {
  return { type: 'AdaptiveCard', $schema: SCHEMA, version: '1.5', body, actions: [action] };
}
