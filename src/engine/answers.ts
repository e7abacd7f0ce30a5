import type { Refusal } from '../domain/refusal.ts';
import { refusal } from '../domain/refusal.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Kit } from './kit.ts';
import { isLeftToNewer } from './transact.ts';

export interface Refused {
  readonly kind: 'refused';
  readonly refusals: readonly Refusal[];
}

export function no(...refusals: readonly Refusal[]): Refused {
  return { kind: 'refused', refusals };
}

/** No log, no dispatch: when nothing can be written, nothing happens, and whoever asked is told. */
export async function orUnwritable<T>(
  kit: Kit,
  work: () => Promise<T | 'duplicate'>,
): Promise<T | Refused | { readonly kind: 'duplicate' }> {
  try {
    const answer = await work();
    return answer === 'duplicate' ? { kind: 'duplicate' } : answer;
  } catch (error) {
    if (isLeftToNewer(error)) return no(refusal('newer-version', error.message, 'Try again in a minute.'));
    if (!(error instanceof PortFailure) || error.details.port !== 'store') throw error;
    kit.log.error({ error: error.message }, 'the log cannot be written; nothing was done');
    return no(
      refusal(
        'log-unwritable',
        `Nothing was done, because it could not be written down: ${error.message}`,
        'Try again in a minute; if it stays, tell an operator.',
      ),
    );
  }
}
