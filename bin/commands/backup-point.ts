import type { Head } from '../../src/domain/audit.ts';
import { type Deployment, OPEN_STATES } from '../../src/domain/deployment.ts';
import { counted } from '../../src/domain/text.ts';
import type { Store } from '../../src/ports/store.ts';
import { verified } from '../../src/store/transfer.ts';

/** The moment that a database stands at. */
export interface Point {
  readonly head: Head;
  /** When the last entry was written, ISO 8601 in UTC; absent for an empty log. */
  readonly at?: string;
  /** Newest first. */
  readonly open: readonly Deployment[];
}

/** Verifies chain and rows, and names the moment they stand at. @throws PortFailure with what is the matter */
export async function pointOf(
  store: Pick<Store, 'found' | 'differences' | 'entries' | 'deployments'>,
  name: string,
): Promise<Point> {
  const head = await verified(store, name);
  const [last] = head.seq === 0 ? [] : await store.entries({ after: head.seq - 1, limit: 1 });
  const open = await store.deployments({ states: OPEN_STATES, limit: 100_000 });
  return { head, open, ...(last === undefined ? {} : { at: last.at }) };
}

/** The moment in lines for people, to be noted down. */
export function pointText({ head, at, open }: Point): string {
  return [
    `The log is whole and every row is what it says: ${counted(head.seq, 'entry', 'entries')}.\n`,
    `  last entry   ${head.seq}:${head.hash}\n`,
    `  written      ${at ?? 'never'}\n`,
    `  open then    ${counted(open.length, 'deployment')}\n`,
  ].join('');
}
