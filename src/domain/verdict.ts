import type { Refusal } from './refusal.ts';

/** What a gate says. `warn` goes onto the card; one `refuse` is enough to stop, and all of them are shown. */
export type Verdict =
  | { readonly kind: 'allow' }
  | { readonly kind: 'warn'; readonly sentence: string }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

export function refusalsOf(verdicts: readonly Verdict[]): readonly Refusal[] {
  return verdicts.flatMap((verdict) => (verdict.kind === 'refuse' ? [verdict.refusal] : []));
}

export function warningsOf(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.flatMap((verdict) => (verdict.kind === 'warn' ? [verdict.sentence] : []));
}
