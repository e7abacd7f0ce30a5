import * as faults from './faults.ts';
import { type Flag, SPOKEN } from './spec.ts';
import { tidy, type Word } from './words.ts';

/** Has such a flag words behind it? */
export function isSpoken(field: Flag['field']): boolean {
  return SPOKEN.some((one) => one === field);
}

/** The words behind a flag: from the same word (`value`), or from the one that follows. */
export function spokenBehind(
  { name, field, value: shape }: Flag,
  word: Word,
  value: string | undefined,
  follower: Word | undefined,
): string | faults.Fault {
  const source = value === undefined ? follower : { ...word, text: value };
  if (source?.unclosed === true) return faults.unclosed(source);
  const said = tidy(source?.text ?? '');
  if (said !== '') return said;
  const example = field === 'reason' ? '"why it is needed"' : shape;
  return faults.flagFault(`--${name} has no words behind it.`, `Type it like this: \`--${name} ${example}\`.`);
}

/** A flag that is only there or not. */
export function switchOf(name: string, value: string | undefined): true | faults.Fault {
  return value === undefined ? true : faults.flagFault(`--${name} takes no value.`, `Type just --${name}.`);
}
