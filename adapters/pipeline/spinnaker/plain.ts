import { PortFailure } from '../../../src/ports/failure.ts';

/**
 * Spinnaker evaluates `${…}` as an expression wherever it stands in a run, also in parameters, and with all that the run knows
 * (https://spinnaker.io/docs/guides/user/pipeline/expressions/). What people typed must never become one.
 */
const OPENS = '${';

/** Refuses values that would be evaluated. */
export function refuseExpressions(port: string, values: Readonly<Record<string, string>>): void {
  const found = Object.entries(values).find(([, value]) => value.includes(OPENS));
  if (found === undefined) return;
  const message = `The value of "${found[0]}" contains "${OPENS}", which Spinnaker would evaluate as an expression. Write it without.`;
  throw new PortFailure(message, { port, kind: 'refused', retryable: false, code: 'expression' });
}

/** Words of ours that name people or things: they say the same without being evaluated. */
export function unevaluated(words: string): string {
  return words.replaceAll(OPENS, '$ {');
}
