import { createHash } from 'node:crypto';
import type { Choice, Inbox } from '../../../src/ports/chat.ts';
import { LIMITS } from './limits.ts';

const MARK = '~~';
/** 132 bits: nobody finds another value of the same key. */
const DIGEST = 22;

/**
 * What stands for a value in a select: itself, unless it is too long for Slack (branches may be). Then a key that any instance can
 * resolve: the value's digest, and its end to search for, since long names differ at the end.
 */
export function shorten(value: string): string {
  if (value.length <= LIMITS.optionValue && !value.startsWith(MARK)) return value;
  const digest = createHash('sha256').update(value).digest('base64url').slice(0, DIGEST);
  // A character that the cut went through is left out.
  const end = value.slice(-(LIMITS.optionValue - MARK.length - DIGEST)).replace(/^[\udc00-\udfff]/, '');
  return `${MARK}${digest}${end}`;
}

/** Does this stand for a value that is too long? */
export function isKey(value: string): boolean {
  return value.startsWith(MARK);
}

/** The value behind a key, looked up anew among what can be chosen now; nothing when it is no longer among that. */
export async function lengthen(
  inbox: Pick<Inbox, 'choices' | 'form'>,
  field: 'service' | 'environment' | 'ref',
  key: string,
  service?: string,
): Promise<string | undefined> {
  if (!isKey(key)) return key;
  const form = service === undefined ? {} : { service };
  const end = key.slice(MARK.length + DIGEST);
  const choices: readonly Choice[] =
    field === 'environment' ? (await inbox.form(form)).environments : await inbox.choices(field, end, form);
  return choices.find(({ value }) => shorten(value) === key)?.value;
}
