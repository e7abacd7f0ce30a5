import type { Block } from './evidence-block.ts';
import type { EvidencePerson } from './evidence-record.ts';

/** A person with the account that was used. */
export function who({ name, id, known: tied, account }: EvidencePerson): string {
  const through = account === undefined ? '' : ` through ${handle(account)}`;
  return `${name}${name === id ? '' : ` (${id})`}${tied ? '' : ', whom the configuration does not know'}${through}`;
}

/** An account in the words of its system. */
export function handle({ system, id, name }: NonNullable<EvidencePerson['account']>): string {
  return `${system} ${id}${name === undefined || name === id ? '' : ` (${name})`}`;
}

/** Refusals with their codes. */
export function codes(refusals: readonly { readonly code: string; readonly sentence: string }[]): string {
  return refusals.map(({ sentence: words, code }) => `${words} [${code}]`).join(' ');
}

/** A table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): Block {
  return { kind: 'table', head, rows };
}

/** A titled list; nothing at all without items. */
export function listed(title: string, items: readonly string[]): readonly Block[] {
  if (items.length === 0) return [];
  return [
    { kind: 'heading', level: 3, text: title },
    { kind: 'list', items },
  ];
}

/** Facts without those of which nothing is known. */
export function known(
  facts: readonly (readonly [string, string | undefined])[],
): readonly (readonly [string, string])[] {
  return facts.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

/** A word or clause as a sentence. */
export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** To the second and for people: `2026-11-21 15:09:18 UTC`; nothing for nothing. The record itself keeps the milliseconds. */
export function when(at: string | undefined): string {
  return at === undefined ? '' : `${at.slice(0, 19).replace('T', ' ')} UTC`;
}
