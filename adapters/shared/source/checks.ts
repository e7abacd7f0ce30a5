import type { CheckStatus } from '../../../src/domain/change-set.ts';

export type Verdict = 'passed' | 'failed' | 'pending' | 'ignored' | 'unknown';

/** One check of a commit. */
export interface Judged {
  readonly name: string;
  readonly verdict: Verdict;
}

const MOST_FAILURES = 10;

/** All checks of a commit in one word. `whole` is false where some of them could not be read. */
export function summary(all: readonly Judged[], whole: boolean, url: string): CheckStatus {
  const count = (verdict: Verdict) => all.filter((one) => one.verdict === verdict).length;
  const [passed, failed, pending] = [count('passed'), count('failed'), count('pending')];
  const failures = all.filter(({ verdict }) => verdict === 'failed').map(({ name }) => name);
  const figures = { passed, failed, pending, failures: failures.slice(0, MOST_FAILURES), url };
  if (failed > 0) return { state: 'failed', ...figures };
  if (!whole || count('unknown') > 0) return { state: 'unknown', ...figures };
  if (pending > 0) return { state: 'pending', ...figures };
  return { state: passed > 0 ? 'passed' : 'none', ...figures };
}

/** A system's word, mapped; a word that nobody knows is `unknown`. */
export function lookup(words: Readonly<Record<string, Verdict>>, word: string): Verdict {
  return Object.hasOwn(words, word) ? (words[word] ?? 'unknown') : 'unknown';
}
