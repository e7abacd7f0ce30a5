import { expect, it } from 'vitest';
import { type Claim, type Counts, whatCounts } from '../../bin/in-force/rule.ts';

const SINCE = Date.parse('2026-11-21T09:00:00Z');
const other = { same: false, known: true, since: SINCE };
const OLD: Claim = { occasion: 'start', shared: true, present: other, former: true, savedAt: SINCE - 1 };

const CASES: readonly (readonly [string, Claim, Counts])[] = [
  ['nothing was ever in force', { occasion: 'start', shared: true, former: false }, 'file'],
  ['the file says what is in force', { ...OLD, present: { ...other, same: true } }, 'as-it-is'],
  ['the same, one instance only', { ...OLD, shared: false, present: { ...other, same: true } }, 'as-it-is'],
  ['somebody saves what is in force', { ...OLD, occasion: 'change', present: { ...other, same: true } }, 'as-it-is'],
  ['one instance only, with an old file', { ...OLD, shared: false }, 'file'],
  ['a file that was never in force, however old', { ...OLD, former: false, savedAt: 0 }, 'file'],
  ['a former file, saved before it was replaced', OLD, 'log'],
  ['a former file, saved at the very moment', { ...OLD, savedAt: SINCE }, 'log'],
  ['a former file, saved anew since', { ...OLD, savedAt: SINCE + 1 }, 'file'],
  ['a former file, and nobody knows when it was saved', without(OLD), 'log'],
  ['a former file, but nobody can read what is in force', { ...OLD, present: { ...other, known: false } }, 'file'],
  ['a former file that somebody changes back while it runs', { ...OLD, occasion: 'change' }, 'file'],
];

function without({ savedAt: _savedAt, ...claim }: Claim): Claim {
  return claim;
}

it.each(CASES)('%s', (_words, claim, counts) => {
  expect(whatCounts(claim)).toBe(counts);
});
