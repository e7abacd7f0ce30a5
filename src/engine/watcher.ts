import { decideExpiry, decideReminder, NOTHING } from '../domain/decide.ts';
import { decideLost, decideSeen, decideSilent } from '../domain/decide-run.ts';
import type { Deployment } from '../domain/deployment.ts';
import { pipelineStage } from '../domain/plan.ts';
import { NOT_STARTED_MS } from '../domain/tell/sentence.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Lease, Wakeup } from '../ports/store.ts';
import { renewal } from './admission.ts';
import { cardEffect } from './effects.ts';
import { type Kit, now } from './kit.ts';
import { hearings } from './places.ts';
import { createPump, type Pump } from './pump.ts';
import { report } from './report.ts';
import { providerOf, startRequest } from './run-request.ts';
import { halfTime, nextWake } from './wake.ts';

const LEASE_MS = 60_000;
const AT_ONCE = 16;
/** How often lost wake-ups are looked for, in milliseconds. */
const RECONCILE_MS = 60_000;
/** A card of a running deployment shows how long it has taken: it is drawn anew this often, in milliseconds. */
const REDRAW_MS = 15_000;

/** What is remembered of a run between two looks; losing it costs one early look. */
interface Watch {
  looks: number;
  failingSince?: string;
  drawnAt: number;
}

/** Looks at runs, expires, reminds, lets the queue go on, and re-creates wake-ups that were lost. */
export function createWatcher(kit: Kit): Pump {
  const watches = new Map<string, Watch>();
  const pump = createPump<Wakeup & { readonly lease: Lease }>({
    kit,
    name: 'watcher',
    most: AT_ONCE,
    take: (limit) => kit.store.takeWakeups(kit.clock.now(), LEASE_MS, limit),
    nextDue: () => kit.store.nextDue(),
    async perform(wakeup) {
      const next = await tend(kit, watches, wakeup.key).catch((error: unknown) => {
        kit.log.error(
          { deployment: wakeup.key, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          'a deployment could not be looked after',
        );
        return kit.clock.now() + 5000;
      });
      await kit.store.finishWakeup(wakeup.lease, next);
    },
  });
  let callOff = kit.clock.at(kit.clock.now(), reconcile);
  function reconcile(): void {
    restoreWakeups(kit)
      .then(() => pump.kick())
      .catch((error: unknown) => kit.log.error({ error: String(error) }, 'lost wake-ups could not be looked for'));
    callOff = kit.clock.at(kit.clock.now() + RECONCILE_MS, reconcile);
  }
  return {
    kick: pump.kick,
    async stop() {
      callOff();
      await pump.stop();
    },
  };
}

async function restoreWakeups(kit: Kit): Promise<void> {
  const lost = await kit.store.unwatched(1000);
  await kit.store.setWakeups(lost.map((key) => ({ key, due: kit.clock.now() })));
}

/** Does what is due for one deployment. @returns when to look again, if at all */
async function tend(kit: Kit, watches: Map<string, Watch>, id: string): Promise<number | undefined> {
  const deployment = await kit.store.deployment(id);
  if (deployment === undefined) return undefined;
  switch (deployment.state) {
    case 'awaiting-approval':
      return tendApproval(kit, deployment);
    case 'queued':
      // Reporting nothing lets the door look whether it may go now.
      return wakeOf(kit, await report(kit, { deployment: id, decide: () => NOTHING }));
    case 'running':
      return deployment.run === undefined ? wakeOf(kit, deployment) : look(kit, watches, deployment);
    default:
      watches.delete(id);
      return wakeOf(kit, deployment);
  }
}

function wakeOf(kit: Kit, deployment: Deployment | undefined): number | undefined {
  return deployment === undefined ? undefined : nextWake(deployment, kit.clock.now());
}

async function tendApproval(kit: Kit, deployment: Deployment): Promise<number | undefined> {
  const at = now(kit);
  const half = kit.clock.now() >= halfTime(deployment);
  const decide = (row: Deployment) => {
    const ended = decideExpiry(row, at);
    const due = ended.kind === 'nothing' ? renewal(kit, row) : ended;
    return due.kind === 'nothing' && half ? decideReminder(row) : due;
  };
  return wakeOf(kit, await report(kit, { deployment: deployment.id, decide }));
}

async function look(kit: Kit, watches: Map<string, Watch>, deployment: Deployment): Promise<number | undefined> {
  const watch = watches.get(deployment.id) ?? { looks: 0, drawnAt: kit.clock.now() };
  watches.set(deployment.id, watch);
  watch.looks += 1;
  const after = await seen(kit, watch, deployment);
  if (after?.state !== 'running') {
    watches.delete(deployment.id);
    return wakeOf(kit, after);
  }
  if (after.version !== deployment.version) watch.looks = 0;
  await redraw(kit, watch, after);
  const { firstMs, mostMs } = providerOf(kit, after).pace;
  return kit.clock.now() + Math.min(mostMs, firstMs * 2 ** Math.min(watch.looks, 10));
}

async function seen(kit: Kit, watch: Watch, deployment: Deployment): Promise<Deployment | undefined> {
  const { run, plan } = deployment;
  if (run === undefined || plan === undefined) return deployment;
  const { timeoutMs } = pipelineStage(plan);
  try {
    const snapshot = await providerOf(kit, deployment).look(run, startRequest(kit, deployment));
    delete watch.failingSince;
    if (snapshot.warning !== undefined)
      kit.log.warn({ deployment: deployment.id, warning: snapshot.warning }, 'a provider said something unexpected');
    return await report(kit, {
      deployment: deployment.id,
      decide: (row) => decideSeen(row, snapshot, now(kit), timeoutMs),
    });
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.port === 'store') throw error;
    if (error.details.kind === 'not-found') return report(kit, { deployment: deployment.id, decide: decideLost });
    const since = watch.failingSince ?? now(kit);
    watch.failingSince = since;
    return report(kit, { deployment: deployment.id, decide: (row) => decideSilent(row, since, now(kit), timeoutMs) });
  }
}

/** Time passes on the cards too: elapsed time, what is left, "has not begun". */
async function redraw(kit: Kit, watch: Watch, deployment: Deployment): Promise<void> {
  const pause =
    kit.clock.now() - Date.parse(deployment.startedAt ?? now(kit)) > NOT_STARTED_MS * 5 ? REDRAW_MS * 4 : REDRAW_MS;
  if (kit.clock.now() - watch.drawnAt < pause) return;
  watch.drawnAt = kit.clock.now();
  const places = hearings(deployment, kit.catalog(), await kit.store.placeBooks()).filter(
    ({ audience }) => audience !== 'broadcast',
  );
  await kit.store.commit({
    expect: [],
    entries: [],
    wakeups: [],
    effects: places.map((hearing) => cardEffect(deployment, hearing, kit.clock.now())),
  });
}
