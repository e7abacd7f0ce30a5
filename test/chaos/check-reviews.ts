import type { Entry } from '../../src/domain/event.ts';
import { type Person, sameHuman } from '../../src/domain/person.ts';
import type { Store } from '../../src/ports/store.ts';
import { type Told, walk } from './log-reading.ts';

interface Task {
  /** They asked for it, let it go, or broke the glass. */
  readonly had: readonly Person[];
  opened: number;
  closed: number;
}

/** Every dispatch that went faster or with fewer people leaves one review, no other leaves any, and whoever closes it had no part. */
export function wrongReviews(entries: readonly Entry[]): readonly string[] {
  const parts = new Map<string, Person[]>();
  const tasks = new Map<string, Task>();
  const faults: string[] = [];
  walk(entries, {
    deployment(told) {
      const { id, request, entry, event } = told;
      const had = parts.get(id) ?? [request.requester];
      parts.set(id, had);
      if (event.type === 'countersigned') had.push(event.countersignature.by);
      if (event.type === 'glass-broken') had.push(entry.by);
      if (event.type === 'approvals-voided') had.splice(1);
      if (event.type === 'dispatched' && leavesOne(told, glassOf(entries, id, entry.seq)))
        tasks.set(id, { had: [...had], opened: 0, closed: 0 });
    },
    other({ stream, event, by }) {
      if (!stream.startsWith('review:')) return;
      const id = stream.slice('review:'.length);
      const task = tasks.get(id);
      if (task === undefined) return void faults.push(`${id} left a review for no reason`);
      if (event.type === 'review-opened') task.opened += 1;
      if (event.type !== 'review-closed') return;
      task.closed += 1;
      if (!by.known || task.had.some((one) => sameHuman(one, by)))
        faults.push(`${by.id} closed the review of ${id}, and had a part in it`);
    },
  });
  for (const [id, { opened, closed }] of tasks) {
    if (opened !== 1) faults.push(`${id} left ${opened} reviews`);
    if (closed > 1) faults.push(`the review of ${id} was closed ${closed} times`);
  }
  return faults;
}

/** Reviews that are open, and that nothing will ask for again. */
export async function forgottenReviews(store: Pick<Store, 'openReviews' | 'unset'>): Promise<readonly string[]> {
  const open = await store.openReviews();
  const unset = await store.unset(open.map(({ deployment }) => `review:${deployment}`));
  return unset.map((key) => `${key} is open, and nobody will be asked for it`);
}

function leavesOne({ request }: Told, glass: boolean): boolean {
  return request.kind === 'hotfix' || request.override !== undefined || glass;
}

function glassOf(entries: readonly Entry[], id: string, seq: number): boolean {
  const own = entries.filter((one) => one.stream === `deployment:${id}` && one.seq < seq);
  const last = (type: string) => own.findLastIndex(({ event }) => event.type === type);
  return last('glass-broken') > last('approvals-voided');
}
