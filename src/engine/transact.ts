import type { Deployment } from '../domain/deployment.ts';
import type { NewEffect } from '../domain/effect.ts';
import { type DeploymentEvent, deploymentStream, type NewEntry, type Stream } from '../domain/event.ts';
import { evolve } from '../domain/machine.ts';
import type { Person } from '../domain/person.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { isForeign } from '../domain/vocabulary.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Settled, Wakeup } from '../ports/store.ts';
import { effectsOf, type Step } from './effects.ts';
import { type Kit, now } from './kit.ts';
import { hearings } from './places.ts';
import { asTrain } from './train-effects.ts';
import { followUps, trainTurns, trainVersions, trainWakeups } from './train-moves.ts';
import { wakeOf } from './wake.ts';

/** Events by somebody, to be appended to a deployment. */
export interface Move {
  readonly before: Deployment | undefined;
  readonly events: readonly { readonly event: DeploymentEvent; readonly by: Person }[];
  /** What was looked at beside the deployment: when it has changed meanwhile, everything is decided anew. */
  readonly heeds?: readonly { readonly stream: Stream; readonly version: number }[];
}

/** Everything one decision changes. */
export interface Proposal<T> {
  readonly moves: readonly Move[];
  /** Entries of other streams, with the versions they were decided on. */
  readonly others?: readonly { readonly entry: NewEntry; readonly version: number }[];
  readonly effects?: readonly NewEffect[];
  readonly wakeups?: readonly Wakeup[];
  /** What is answered once it is written; deployments are given as they are afterwards, in the order of the moves. */
  readonly answer: (after: readonly Deployment[]) => T;
}

export interface TransactOptions {
  readonly key?: string;
  readonly settles?: readonly Settled[];
}

/** More than this many others being faster in a row is no bad luck but a bug. */
const MOST_TRIES = 200;

/**
 * Reads, decides and writes until nobody was faster. `build` is called anew for every try and must read everything anew;
 * `occupied` tells it that the target was taken in between.
 * @returns the answer, or `duplicate` when this delivery was obeyed before
 */
export async function transact<T>(
  kit: Kit,
  options: TransactOptions,
  build: (occupied: boolean) => Promise<Proposal<T>>,
): Promise<T | 'duplicate'> {
  let occupied = false;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const proposal = await build(occupied);
    const prepared = await prepare(kit, proposal);
    if (
      prepared.change.entries.length + prepared.change.effects.length + prepared.change.wakeups.length === 0 &&
      options.settles === undefined
    ) {
      return proposal.answer(prepared.after);
    }
    const written = await kit.store.commit({
      ...prepared.change,
      ...(options.key === undefined ? {} : { key: options.key }),
      ...(options.settles === undefined ? {} : { settles: options.settles }),
    });
    if (written.kind === 'committed') return proposal.answer(prepared.after);
    if (written.kind === 'duplicate') return 'duplicate';
    occupied = written.kind === 'occupied';
  }
  throw new PortFailure('Too many changes at once; nothing was done.', {
    port: 'store',
    kind: 'unreachable',
    retryable: true,
  });
}

/**
 * A deployment turned out to be in the hands of a newer version while this one was at it. Whatever was done meanwhile stays in doubt, so
 * that the newer one looks before it repeats it.
 */
export function leftToNewer(id: string): PortFailure {
  const details = { port: 'store', kind: 'refused', retryable: true, inDoubt: true, code: 'newer-version' } as const;
  return new PortFailure(newerRefusal(id).sentence, details);
}

/** Was nothing written because a newer version has a hand in it? */
export function isLeftToNewer(error: unknown): error is PortFailure {
  return error instanceof PortFailure && error.details.port === 'store' && error.details.code === 'newer-version';
}

interface Prepared {
  readonly after: readonly Deployment[];
  readonly change: {
    expect: { stream: Stream; version: number }[];
    entries: NewEntry[];
    effects: NewEffect[];
    wakeups: Wakeup[];
  };
}

async function prepare<T>(kit: Kit, proposal: Proposal<T>): Promise<Prepared> {
  const at = now(kit);
  const due = kit.clock.now();
  const books = proposal.moves.length === 0 ? [] : await kit.store.placeBooks();
  const change: Prepared['change'] = {
    expect: [],
    entries: [],
    effects: [...(proposal.effects ?? [])],
    wakeups: [...(proposal.wakeups ?? [])],
  };
  const decided = turnsOf(proposal.moves, at);
  const touched = await trainTurns(kit, decided.filter(changes));
  const followed = touched.flatMap((train) => turnsOf(followUps(kit, train, decided.filter(changes)), at));
  const turns = [...decided, ...followed];
  for (const { move, steps, after: last } of turns.filter(changes)) {
    if (move.before !== undefined && isForeign(move.before)) throw leftToNewer(move.before.id);
    const stream = deploymentStream(last.id);
    change.expect.push({ stream, version: move.before?.version ?? 0 }, ...(move.heeds ?? []));
    change.entries.push(...steps.map(({ event, by }) => ({ stream, event, by, at })));
    change.effects.push(...effectsOf(steps, hearings(last, kit.catalog(), books), due));
    const wake = wakeOf(kit, last);
    if (wake !== undefined) change.wakeups.push({ key: last.id, due: wake });
  }
  for (const before of touched) {
    const train = {
      ...before,
      after: before.after.map((row) => followed.find(({ after }) => after.id === row.id)?.after ?? row),
    };
    change.expect.push(...trainVersions(train));
    change.effects = [...asTrain(change.effects, train, { catalog: kit.catalog(), books }, due)];
    change.wakeups.push(...trainWakeups(train, due));
  }
  for (const { entry, version } of proposal.others ?? []) {
    if (!change.expect.some(({ stream }) => stream === entry.stream))
      change.expect.push({ stream: entry.stream, version });
    change.entries.push(entry);
  }
  return { after: turns.map(({ after }) => after), change };
}

interface Turn {
  readonly move: Move;
  readonly steps: readonly Step[];
  /** The row as it will be. */
  readonly after: Deployment;
}

/** Moves with what becomes of their rows; one without events changes nothing, and a move of nothing is none. */
function turnsOf(moves: readonly Move[], at: string): readonly Turn[] {
  return moves.flatMap((move) => {
    const steps = stepsOf(move, at);
    const after = steps.at(-1)?.after ?? move.before;
    return after === undefined ? [] : [{ move, steps, after }];
  });
}

function changes({ steps }: Turn): boolean {
  return steps.length > 0;
}

function stepsOf({ before, events }: Move, at: string): readonly Step[] {
  const steps: Step[] = [];
  let row = before;
  for (const { event, by } of events) {
    const after = evolve(row, event, at, by);
    steps.push({ before: row, event, by, after });
    row = after;
  }
  return steps;
}

/** The row as it will be, without writing anything. */
export function foreseen(move: Move, at: string): Deployment | undefined {
  return stepsOf(move, at).at(-1)?.after ?? move.before;
}
