import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { inputField, inputOfField } from '../../../src/domain/inputs.ts';
import type { Inbox } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { answer } from './answer.ts';
import { memoryShape, type SubmissionShape, type suggestionShape, type ViewShape } from './inbound-shapes.ts';
import { ASK, FIELDS, fieldOf, type Memory, options } from './modal.ts';
import { type Delivery, type Desk, replyTo } from './reception.ts';
import { isKey, lengthen, shorten } from './short-keys.ts';
import { isOurs } from './workspace.ts';

/** Slack waits three seconds for the acknowledgement; field faults must be in it to be shown in the form. */
const PATIENCE_MS = 2000;

type Errors = Readonly<Record<string, string>>;
/** Closes the dialog, or leaves it open with faults by block id. */
export type AckView = (errors?: Errors) => Promise<void>;

/** The words for a button, or the filled-in form. */
export async function onSubmission(desk: Desk, body: SubmissionShape, ack: AckView): Promise<void> {
  const memory = memoryOf(body.view);
  if (body.view.callback_id === ASK) {
    await ack();
    const delivery = deliveryOf(desk, body, memory, asked(body.view, memory));
    return await answer(await replyTo(desk, delivery), delivery.origin, desk);
  }
  const patience = desk.clock.now() + PATIENCE_MS;
  const read = await firstOf(desk.clock, patience, fieldsOf(body.view, desk.inbox));
  // Only a long ref is asked for elsewhere, so only that can take too long.
  const { fields, lost } = read ?? { fields: {}, lost: 'ref' };
  if (lost !== undefined) {
    return await ack(byBlock(body.view, { [lost]: 'This choice is no longer known. Please choose it again.' }));
  }
  const delivery = deliveryOf(desk, body, memory, { kind: 'form', fields });
  const reply = replyTo(desk, delivery);
  const soon = await firstOf(desk.clock, patience, reply);
  const errors = soon?.kind === 'mend' ? byBlock(body.view, soon.errors) : {};
  if (Object.keys(errors).length > 0) return await ack(errors);
  await ack();
  await answer(await reply, delivery.origin, desk);
}

/** Choices while somebody types. Too late or from elsewhere: none. */
export async function suggestions(desk: Desk, body: z.infer<typeof suggestionShape>) {
  const field = body.action_id === 'csf:service' ? 'service' : body.action_id === 'csf:ref' ? 'ref' : undefined;
  const claim = { team: body.team?.id, enterprise: body.enterprise?.id ?? body.team?.enterprise_id };
  if (field === undefined || !isOurs(desk.workspace(), claim)) return [];
  const chosen = body.view === null || body.view === undefined ? undefined : memoryOf(body.view).service;
  const found = await firstOf(desk.clock, desk.clock.now() + PATIENCE_MS, choicesOf(desk, field, body.value, chosen));
  return options(found ?? []);
}

async function choicesOf({ inbox }: Desk, field: 'service' | 'ref', text: string, chosen: string | undefined) {
  const service = chosen === undefined ? undefined : await lengthen(inbox, 'service', chosen);
  return inbox.choices(field, text, service === undefined ? {} : { service });
}

/** What has been filled in. `lost`: a field whose choice is no longer among what can be chosen. */
export async function fieldsOf(
  view: ViewShape,
  inbox: Pick<Inbox, 'choices' | 'form'>,
): Promise<{ readonly fields: Record<string, string>; readonly lost?: string }> {
  const filled = filledIn(view);
  const fields: Record<string, string> = {};
  // In this order, since the others depend on the service.
  for (const field of FIELDS) {
    const raw = filled.get(field);
    if (raw === undefined) continue;
    const value = field === 'reason' ? raw : await lengthen(inbox, field, raw, fields['service']);
    if (value === undefined) return { fields, lost: field };
    fields[field] = value;
  }
  return inputsInto(fields, filled, inbox);
}

/** What was filled in of the service's inputs. Only a long option stands there by a key, and is looked up among those of the target. */
async function inputsInto(
  fields: Record<string, string>,
  filled: ReadonlyMap<string, string>,
  inbox: Pick<Inbox, 'form'>,
): ReturnType<typeof fieldsOf> {
  const keys: [string, string][] = [];
  for (const [field, raw] of filled) {
    if (inputOfField(field) === undefined) continue;
    if (isKey(raw)) keys.push([field, raw]);
    else fields[field] = raw;
  }
  const { inputs = [] } = keys.length === 0 ? {} : await inbox.form(fields);
  for (const [field, key] of keys) {
    const found = inputs.find(({ name }) => inputField(name) === field);
    // People may write what looks like a key.
    const value = found?.type === 'text' ? key : found?.options.find((one) => shorten(one) === key);
    if (value === undefined) return { fields, lost: field };
    fields[field] = value;
  }
  return { fields };
}

function filledIn(view: ViewShape): ReadonlyMap<string, string> {
  const filled = new Map<string, string>();
  for (const [blockId, byAction] of Object.entries(view.state?.values ?? {})) {
    const field = fieldOf(blockId);
    const input = Object.values(byAction)[0];
    const raw = input?.selected_option?.value ?? input?.value;
    if (field !== undefined && raw !== undefined) filled.set(field, raw);
  }
  return filled;
}

export function memoryOf(view: ViewShape): Memory {
  const read = memoryShape.safeParse(json(view.private_metadata ?? ''));
  if (!read.success) return { channel: '' };
  const { channel, message, thread, service, verb, value } = read.data;
  return {
    channel,
    ...(message === undefined ? {} : { message }),
    ...(thread === undefined ? {} : { thread }),
    ...(service === undefined ? {} : { service }),
    ...(verb === undefined ? {} : { verb }),
    ...(value === undefined ? {} : { value }),
  };
}

function asked(view: ViewShape, { verb = '', value = '' }: Memory): Delivery['input'] {
  const words = view.state?.values['cs-answer']?.['csf:answer']?.value;
  return { kind: 'button', verb, value, ...(words === undefined ? {} : { answer: words }) };
}

function deliveryOf(desk: Desk, body: SubmissionShape, memory: Memory, input: Delivery['input']): Delivery {
  const { user, view, team, enterprise } = body;
  const { channel, thread, message } = memory;
  const place = { chat: 'slack', tenant: desk.workspace().team, channel };
  const inThread = thread === undefined ? {} : { thread };
  return {
    key: keyOf(view),
    claim: {
      team: view.app_installed_team_id ?? team?.id,
      enterprise: enterprise?.id ?? team?.enterprise_id,
    },
    user: { id: user.id, name: user.name ?? user.username, team: user.team_id ?? team?.id },
    origin: { channel, user: user.id, ...inThread },
    input,
    ...(message === undefined ? {} : { at: { place, id: message, ...inThread } }),
  };
}

/**
 * The same words in the same dialog are the same wish, whoever hears them: when an instance dies before it could acknowledge, Slack
 * leaves the dialog open and the person sends it again, with another trigger, to another instance.
 */
function keyOf({ id, state }: ViewShape): string {
  return `${id}-${createHash('sha256')
    .update(JSON.stringify(state?.values ?? {}))
    .digest('base64url')}`;
}

/** Faults by field, turned into faults by block, since Slack shows them beside blocks. */
function byBlock(view: ViewShape, errors: Errors): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { block_id } of view.blocks ?? []) {
    const field = fieldOf(block_id ?? '');
    const fault = field === undefined ? undefined : errors[field];
    if (block_id !== null && block_id !== undefined && fault !== undefined) found[block_id] = fault;
  }
  return found;
}

/** The result if it comes in time; nothing otherwise. */
function firstOf<Result>(clock: Clock, until: number, work: Promise<Result>): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const quit = clock.at(until, () => resolve(undefined));
    work.then(resolve, reject).finally(quit);
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
