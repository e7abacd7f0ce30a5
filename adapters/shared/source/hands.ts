import type { Hand } from '../../../src/domain/change-set.ts';
import { accountKey } from '../../../src/domain/person.ts';

/** Somebody as a commit names them. */
export interface Signature {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

/** Every `Co-authored-by` line, wherever it stands: a helper named one paragraph too early has helped all the same. */
export function trailers(message: string): readonly Signature[] {
  const found = message.matchAll(/^[ \t]*co-authored-by:[ \t]*([^<\n]*?)[ \t]*<([^>\n]*)>/gim);
  return [...found].map(([, name = '', email = '']) => ({ name, email: email.trim() }));
}

export function sameEmail(one: Signature, other: Signature): boolean {
  return (one.email ?? '') !== '' && one.email?.toLowerCase() === other.email?.toLowerCase();
}

/** One hand per account and role. */
export function once(hands: readonly Hand[]): readonly Hand[] {
  const seen = new Map<string, Hand>();
  for (const hand of hands) {
    const key = `${hand.role} ${accountKey(hand.account)}`;
    if (!seen.has(key)) seen.set(key, hand);
  }
  // An author who also wrote squashed commits is the author, once.
  const authors = new Set(
    [...seen.values()].filter(({ role }) => role === 'author').map(({ account }) => accountKey(account)),
  );
  return [...seen.values()].filter(({ role, account }) => role !== 'co-author' || !authors.has(accountKey(account)));
}
