import { z } from 'zod';
import { inputOfField } from '../../../src/domain/inputs.ts';
import type { Incoming, Input } from '../../../src/ports/chat.ts';
import { MAIN_CHANNEL } from './channels.ts';
import { handleOf, placeOf } from './chat.ts';
import type { Message, Messages } from './messages.ts';
import type { Viewer } from './people.ts';

/** Made by the page anew for each press, so that a double click or a form sent again is the same delivery. */
const Key = z.string().regex(/^[\w-]{16,64}$/);
const Channel = z.string().regex(/^[#@]?[\w.-]{1,80}$/);
const Words = z.string().max(4000);
/** The form has never so many fields. */
const MOST_INPUTS = 100;

/** A typed line; `answer` are the words that a button asked for, and go behind it. `at` is the thread it was typed in. */
const Say = z.object({
  key: Key,
  channel: Channel,
  text: Words,
  answer: Words.optional(),
  at: z.string().max(40).optional(),
});

const Press = z.object({
  key: Key,
  /** Empty when a page shows the card, not a message. */
  message: z.string().max(40),
  verb: z.string().max(40),
  value: Words,
  answer: Words.optional(),
});

const Fields = z.object({ service: Words, environment: Words, ref: Words, reason: Words }).partial();
const Filled = Fields.extend({ key: Key, channel: Channel });

/** What came, and which channel its answer belongs to; or why it cannot be taken. */
export type Heard =
  | { readonly kind: 'heard'; readonly incoming: Incoming; readonly channel: string; readonly asked: string }
  | { readonly kind: 'odd'; readonly sentence: string };

export interface Context {
  /** As people type it, e.g. `/deploy`. */
  readonly command: string;
  readonly messages: Messages;
}

export function heardSay(fields: URLSearchParams, viewer: Viewer, { command, messages }: Context): Heard {
  const read = Say.safeParse(Object.fromEntries(fields));
  if (!read.success) return incomplete();
  const { key, channel, at } = read.data;
  if (!mayUse(channel, viewer)) return notYours();
  const line = withoutCommand([read.data.text, read.data.answer ?? ''].join(' ').trim(), command);
  const root = at === undefined || at === '' ? undefined : messages.byId(at);
  const input: Input = { kind: 'text', text: line };
  return {
    kind: 'heard',
    incoming: incoming(key, channel, viewer, input, root),
    channel,
    asked: `${command} ${line}`.trim(),
  };
}

export function heardPress(fields: URLSearchParams, viewer: Viewer, { command, messages }: Context): Heard {
  const read = Press.safeParse(Object.fromEntries(fields));
  if (!read.success) return incomplete();
  const { key, verb, value, answer } = read.data;
  const message = messages.byId(read.data.message);
  if (read.data.message !== '' && (message === undefined || !visibleTo(message, viewer))) {
    return { kind: 'odd', sentence: 'That message is no longer there. Reload the page and press again.' };
  }
  const channel = message?.channel ?? MAIN_CHANNEL;
  const input: Input = { kind: 'button', verb, value, ...(answer === undefined ? {} : { answer }) };
  const asked = verb === 'run' ? `${command} ${value}` : labelOf(message, verb, value);
  return { kind: 'heard', incoming: incoming(key, channel, viewer, input, message), channel, asked };
}

export function heardForm(fields: URLSearchParams, viewer: Viewer, { command }: Context): Heard {
  const read = Filled.safeParse(Object.fromEntries(fields));
  if (!read.success) return incomplete();
  const { key, channel, ...known } = read.data;
  if (!mayUse(channel, viewer)) return notYours();
  const filled = { ...known, ...filledInputs(fields) };
  const { service = '', environment = '', ref = '' } = known;
  const asked = `${command} ${service}${ref === '' ? '' : `@${ref}`} ${environment}`.trim();
  return {
    kind: 'heard',
    incoming: incoming(key, channel, viewer, { kind: 'form', fields: present(filled) }, undefined),
    channel,
    asked,
  };
}

/** The form's fields as somebody has filled them so far; what is no field of it is left out. */
export function filledFields(fields: URLSearchParams): Readonly<Record<string, string>> {
  const read = Fields.safeParse(Object.fromEntries(fields));
  return read.success ? present({ ...read.data, ...filledInputs(fields) }) : {};
}

/** The service's inputs among the fields; of two by one name, a switch and what holds while it is off, the later one counts. */
function filledInputs(fields: URLSearchParams): Readonly<Record<string, string>> {
  const inputs = [...fields].filter(([name, value]) => inputOfField(name) !== undefined && value.length <= 4000);
  return Object.fromEntries(inputs.slice(0, MOST_INPUTS));
}

export function visibleTo(message: Pick<Message, 'channel' | 'to'>, viewer: Viewer): boolean {
  return (message.to === undefined || message.to === viewer.account.id) && mayUse(message.channel, viewer);
}

/** Nobody reads or writes in somebody else's private notes. */
export function mayUse(channel: string, viewer: Viewer): boolean {
  return !channel.startsWith('@') || channel === `@${viewer.account.id}`;
}

function incoming(key: string, channel: string, viewer: Viewer, input: Input, at: Message | undefined): Incoming {
  const where = at === undefined ? {} : { at: handleOf(at) };
  return { key: `console:${key}`, place: placeOf(channel), actor: viewer.account, external: false, input, ...where };
}

/** People type the command's name or call the bot out of habit; elsewhere the platform takes that off. */
function withoutCommand(line: string, command: string): string {
  for (const name of [command, command.replace(/^\//, ''), '@countersign']) {
    if (line.toLowerCase() === name.toLowerCase()) return '';
    if (line.toLowerCase().startsWith(`${name.toLowerCase()} `)) return line.slice(name.length).trim();
  }
  return line;
}

function labelOf(message: Message | undefined, verb: string, value: string): string {
  const button = message?.announcement.buttons.find((one) => one.verb === verb && one.value === value);
  return button?.label ?? `${verb.slice(0, 1).toUpperCase()}${verb.slice(1)}`;
}

function present(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function incomplete(): Heard {
  return { kind: 'odd', sentence: 'The form did not come through whole. Reload the page and try again.' };
}

function notYours(): Heard {
  return { kind: 'odd', sentence: 'These are the private notes of somebody else. Choose another channel.' };
}
