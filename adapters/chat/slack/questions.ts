import { z } from 'zod';
import { BUTTON_VERBS, type Button, type Question } from '../../../src/domain/announcement.ts';
import { LIMITS } from './limits.ts';

/**
 * The words of a button's question travel in the id of the block it stands in: Slack brings that id back with every press, to
 * whichever instance gets it, also years later. Menu entries have no room for them elsewhere. The words are only shown to the
 * presser; what is done is decided by verb and value alone.
 */
const MARK = '~';

/** Title, label, submit, most characters, and 1 where the words must be given; by verb. */
const written = z.record(z.string(), z.tuple([z.string(), z.string(), z.string(), z.number(), z.number()]));
type Written = z.infer<typeof written>;

/** The block's id with the questions of its buttons, as many as Slack's limit of ids leaves room for. */
export function withQuestions(blockId: string, buttons: readonly Button[]): string {
  let all: Written = {};
  let id = blockId;
  for (const { verb, ask } of buttons) {
    if (ask === undefined || !isOnly(verb, ask, buttons)) continue;
    const { title, label, submit, maxLength, required } = ask;
    const more: Written = { ...all, [verb]: [title, label, submit, maxLength, required ? 1 : 0] };
    const next = `${blockId}${MARK}${Buffer.from(JSON.stringify(more)).toString('base64url')}`;
    if (next.length <= LIMITS.id) [all, id] = [more, next];
  }
  return id;
}

/** The question of a pressed button: as its block tells it, else made of the words on the button. */
export function questionOf(blockId: string, verb: string, label: string): Question {
  const found = read(blockId)?.[verb];
  if (found !== undefined) {
    const [title, asked, submit, maxLength, required] = found;
    return { title, label: asked, submit, maxLength, required: required !== 0 };
  }
  const words = label.trim() === '' ? 'Please say why' : label;
  return {
    title: words,
    label: 'Reason',
    submit: label.trim() === '' ? 'Send' : label,
    maxLength: 500,
    required: true,
  };
}

export function isButtonVerb(verb: string): boolean {
  return (BUTTON_VERBS as readonly string[]).includes(verb);
}

/** A press says its verb only: two questions of one verb in one message could not be told apart. */
function isOnly(verb: string, ask: Question, buttons: readonly Button[]): boolean {
  return buttons.every((one) => one.verb !== verb || JSON.stringify(one.ask) === JSON.stringify(ask));
}

function read(blockId: string): Written | undefined {
  const at = blockId.indexOf(MARK);
  if (at === -1) return undefined;
  try {
    return written.safeParse(JSON.parse(Buffer.from(blockId.slice(at + 1), 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}
