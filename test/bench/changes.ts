import { type DeploymentEvent, deploymentStream, type NewEntry } from '../../src/domain/event.ts';
import type { Change, Store } from '../../src/ports/store.ts';
import { timed } from './measure.ts';
import { ANNA, PLAN } from './million.ts';

/**
 * Commits changes, those of a deployment one after another.
 * @returns changes a second
 */
export async function commitAll(store: Store, changes: readonly Change[], writers: number): Promise<number> {
  // Each writer keeps to its own deployments: somebody else's version would only be a conflict.
  const shares = Array.from({ length: writers }, (_, writer) =>
    changes.filter((one) => ownerOf(one) % writers === writer),
  );
  const took = await timed(() => Promise.all(shares.map((share) => commitShare(store, share))));
  return (changes.length / took) * 1000;
}

async function commitShare(store: Store, changes: readonly Change[]): Promise<void> {
  for (const change of changes) {
    const { kind } = await store.commit(change);
    if (kind !== 'committed') throw new Error(`a change was not committed: ${kind}`);
  }
}

function ownerOf({ wakeups: [wakeup] }: Change): number {
  return Number(wakeup?.key.slice(2));
}

/**
 * The way of deployments through their states, interleaved so that each writer finds work. A state change is one entry of the log, its
 * fold, one effect and one wake-up.
 * @param begun numbers up to this one are left to others
 */
export function changeMaker(begun = 0): (count: number) => readonly Change[] {
  let last = begun;
  return (count) => {
    const width = Math.ceil(count / ROAD.length);
    const changes: Change[] = [];
    for (const [step, event] of ROAD.entries()) {
      for (let one = 1; one <= width; one += 1) changes.push(changeOf(last + one, step, event));
    }
    last += width;
    return changes;
  };
}

const ROAD: readonly ((number: number) => DeploymentEvent)[] = [
  (number) => ({
    type: 'requested',
    request: {
      number,
      token: `token-${number}`,
      kind: 'regular',
      service: `s${number}`,
      environment: 'production',
      ref: 'main',
      requester: ANNA,
    },
  }),
  () => ({ type: 'checks-started' }),
  () => ({ type: 'approval-asked', plan: PLAN, expiresAt: '2030-01-01T00:00:00.000Z' }),
  () => ({ type: 'queued', plan: PLAN }),
  () => ({ type: 'dispatched' }),
  (number) => ({ type: 'run-started', run: { provider: 'runs', id: `run-${number}` } }),
  () => ({ type: 'succeeded', sha: PLAN.sha }),
];

function changeOf(number: number, step: number, event: (number: number) => DeploymentEvent): Change {
  const id = `D-${number}`;
  const stream = deploymentStream(id);
  const entry: NewEntry = { stream, event: event(number), by: ANNA, at: '2026-03-02T12:00:00.000Z' };
  const due = Date.now() + 3_600_000;
  return {
    key: `slack:${id}:${step}`,
    expect: [{ stream, version: step }],
    entries: [entry],
    effects: [{ key: `record:${id}:${step}`, lane: id, mode: 'once', effect: { kind: 'record', deployment: id }, due }],
    wakeups: [{ key: id, due }],
  };
}
