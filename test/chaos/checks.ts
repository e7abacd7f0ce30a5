import { join } from 'node:path';
import { type Deployment, isOpen } from '../../src/domain/deployment.ts';
import type { Entry } from '../../src/domain/event.ts';
import type { Store } from '../../src/ports/store.ts';
import { fileRecords } from '../../src/store/file/records.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { systemClock } from '../../src/system/clock.ts';
import { runCommand } from '../support/program.ts';
import { unreadable } from './books.ts';
import { cardsOf } from './check-cards.ts';
import { wrongLocks } from './check-locks.ts';
import { toldTwice } from './check-notices.ts';
import { leaks } from './check-privacy.ts';
import { forgottenReviews, wrongReviews } from './check-reviews.ts';
import { unmetRules } from './check-rules.ts';
import { wrongSignatures } from './check-signatures.ts';
import { wrongTurns } from './check-turns.ts';
import type { Hit } from './hit.ts';
import type { Surroundings, Town } from './town.ts';

/** How many: after an answer that was lost, and after a hit. */
interface Doubles {
  readonly lost: number;
  readonly hit: number;
}

/** What the stopped programme leaves behind. */
export interface Remains {
  readonly rows: readonly Deployment[];
  readonly faults: readonly string[];
  /** Something is still open or undelivered, so that the programme must go on before it can be judged. */
  readonly unfinished: readonly string[];
  /** Messages that stand twice because nobody can know whether the first one arrived. */
  readonly doubles: Doubles;
}

/** For the line of a run. */
export function doublesWords({ lost, hit }: Doubles): string {
  return `doubled after lost answers ${lost}, after blows ${hit}`;
}

/** What is due within so many milliseconds counts as undone. Reminders, nets and the like come later. */
export const SOON_MS = 15_000;

export async function examine(town: Town, hits: readonly Hit[]): Promise<Remains> {
  const verdict = await runCommand('audit', 'verify', '--data', town.folder);
  const store = await openSqliteStore({ path: join(town.folder, 'countersign.db'), clock: systemClock() });
  try {
    const broken = verdict.code === 0 ? [] : [`audit verify: ${verdict.text.trim()}`];
    const unread = await unreadable(fileRecords(town.folder), town.sides);
    const due = await store.nextDue();
    const waiting = due !== undefined && due < Date.now() + SOON_MS ? ['something is still due'] : [];
    return await judge(store, { ...town, hits }, [...broken, ...unread], waiting);
  } finally {
    await store.close();
  }
}

/** What a store and the world outside say together. `faults` and `owed` were found elsewhere. */
export async function judge(
  store: Store,
  outside: Pick<Surroundings, 'sides' | 'repository' | 'count' | 'governed'> & { readonly hits: readonly Hit[] },
  faults: readonly string[],
  owed: readonly string[],
): Promise<Remains> {
  const rows = await store.deployments({ limit: 1000 });
  const entries = await store.entries({ limit: 100_000 });
  const cards = await cardsOf(store, outside, rows);
  return {
    rows,
    faults: [
      ...faults,
      ...(await differing(store)),
      ...overlaps(entries),
      ...wrongSignatures(entries, outside.count),
      ...doubledRuns(outside, rows),
      ...cards.faults,
      ...leaks(outside.sides),
      ...(await misgoverned(store, outside, entries)),
    ],
    unfinished: [...rows.filter(isOpen).map(({ id, state }) => `${id} is ${state}`), ...owed],
    doubles: cards.doubles,
  };
}

/** What must hold of locks, turns, rules, reviews and notices. */
async function misgoverned(
  store: Store,
  { sides, hits, governed }: Pick<Surroundings, 'sides' | 'governed'> & { readonly hits: readonly Hit[] },
  entries: readonly Entry[],
): Promise<readonly string[]> {
  if (!governed) return [];
  return [
    ...wrongLocks(entries, new Date().toISOString()),
    ...wrongTurns(entries),
    ...unmetRules(entries),
    ...wrongReviews(entries),
    ...(await forgottenReviews(store)),
    ...toldTwice(sides, hits),
  ];
}

async function differing(store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { stream, what } of store.differences()) found.push(`${stream} is not what the log says: ${what}`);
  return found;
}

/** Between dispatch and end no other deployment may be dispatched on the same target. */
function overlaps(entries: readonly Entry[]): readonly string[] {
  const targets = new Map<string, string>();
  const running = new Map<string, string>();
  const faults: string[] = [];
  for (const { stream, event } of entries) {
    if (!stream.startsWith('deployment:')) continue;
    if (event.type === 'requested') targets.set(stream, `${event.request.service}/${event.request.environment}`);
    const target = targets.get(stream) ?? '';
    if (event.type === 'dispatched') {
      const other = running.get(target);
      if (other !== undefined) faults.push(`${stream} was dispatched while ${other} ran on ${target}`);
      running.set(target, stream);
    }
    const ended = event.type === 'succeeded' || event.type === 'failed' || event.type === 'cancelled';
    if (ended && running.get(target) === stream) running.delete(target);
  }
  return faults;
}

/** At the provider: one run for one deployment at most, never two at once on a target, every run somebody's. */
function doubledRuns({ repository }: Pick<Surroundings, 'repository'>, rows: readonly Deployment[]): readonly string[] {
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (const { inputs, branch } of repository.runs) {
    const correlation = inputs['countersign_id'] ?? branch;
    seen.set(correlation, (seen.get(correlation) ?? 0) + 1);
  }
  for (const [correlation, count] of seen) if (count > 1) faults.push(`${correlation} was started ${count} times`);
  for (const { id } of repository.runs) {
    if (!rows.some(({ run }) => run?.id === String(id))) faults.push(`run ${id} belongs to no deployment`);
  }
  for (const row of rows) {
    if (row.state === 'succeeded' && row.run === undefined) faults.push(`${row.id} succeeded without a run`);
  }
  return faults;
}
