import { refusal } from '../../src/domain/refusal.ts';
import { type Fault, shown } from './faults.ts';
import { spanOf } from './span.ts';
import type { CommandSpec } from './spec.ts';
import { flagOf, type Word } from './words.ts';

/** Words run to the end of the line, or to a flag that this command knows. @returns the index of the first word behind them */
export function wordsEnd({ flags }: CommandSpec, words: readonly Word[], from: number): number {
  const end = words.findIndex((word, index) => {
    const flag = index < from || word.quoted ? undefined : flagOf(word.text);
    return flag !== undefined && flags.some(({ name }) => name === flag.name);
  });
  return end === -1 ? words.length : end;
}

/** What stands behind a flag that takes a span of time, in milliseconds. */
export function spanBehind(name: string, typed: string): number | Fault {
  const next = `Type it like this: \`--${name} 2h\`; also \`30m\`, \`3d\`, \`1w\`.`;
  return spanOf(typed) ?? { refusal: refusal('bad-time', `${shown(typed)} is no span of time.`, next) };
}
