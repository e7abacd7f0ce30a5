import { type Fault, flagFault, splitOnce, unclosed } from './faults.ts';
import type { Args } from './spec.ts';
import { tidy, type Word } from './words.ts';

const EXAMPLE = 'Type it like this: `--input name=value`, or `--input name="two words"`.';

/** What one `--input name=value` hands in, beside what stood before it. `value`: what stands in the same word. */
export function inputBehind(
  word: Word,
  value: string | undefined,
  follower: Word | undefined,
  before: Args['inputs'] = {},
): Readonly<Record<string, string>> | Fault {
  const source = value === undefined ? follower : { ...word, text: value };
  if (source?.unclosed === true) return unclosed(source);
  const [typed = '', said] = splitOnce(source?.text ?? '', '=');
  const name = typed.trim();
  if (name === '') return flagFault('--input names nothing that is handed in.', EXAMPLE);
  const text = tidy(said ?? '');
  if (text === '') return flagFault(`--input ${name} has no value.`, EXAMPLE);
  if (Object.hasOwn(before, name)) return flagFault(`--input ${name} is given twice.`, 'Give it once.');
  return { ...before, [name]: text };
}
