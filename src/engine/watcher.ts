import { decideExpiry, decideReminder, NOTHING } from '../domain/decide.ts';
import { decideLost, decideSeen, decideSilent } from '../domain/decide-run.ts';
import type { Deployment } from '../domain/deployment.ts';
import { decideEscalation } from '../domain/escalation.ts';
import { pipelineStage } from '../domain/plan.ts';
import { NOT_STARTED_MS } from '../domain/tell/sentence.ts';
import { isForeign } from '../domain/vocabulary.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Lease, Wakeup, WakeupNote } from '../ports/store.ts';
import { renewal } from './admission.ts';
import { tellContext } from './context.ts';
import type { Next } from './duties/duty.ts';
import { dutyOf, lostDuties } from './duties/index.ts';
import { cardEffect } from './effects.ts';
import { type Kit, now } from './kit.ts';
import { keepLease, LEASE_MS } from './lease.ts';
import { hearings } from './places.ts';
import { createPump, type Pump } from './pump.ts';
import { report } from './report.ts';
import { providerOf, startRequest } from './run-request.ts';
import { isLeftToNewer } from './transact.ts';
import { escalationsOf, halfTime, wakeOf } from './wake.ts';

const AT_ONCE = 16;
/** How often lost wake-ups are looked for, in milliseconds. */
const RECONCILE_MS = 60_000;
/** A card of a running deployment shows how long it has taken: it is drawn anew this often, in milliseconds. */
const REDRAW_MS = 15_000;
/** How far the estimate on the cards of a queued one may be off, in milliseconds; a quarter of it where that is more. */
const FAR_MS = 120_000;
/** What a newer version works on is put back for so long, in milliseconds. */
const NEWER_MS = 1000;

/** Looks at runs, expires, reminds, lets the queue go on, and re-creates wake-ups that were lost. */
export function createWatcher(kit: Kit): Pump {
  const pump = createPump<Wakeup & { readonly lease: Lease }>({
    kit,
    name: 'watcher',
    most: AT_ONCE,
    take: (limit) => kit.store.takeWakeups(kit.clock.now(), LEASE_MS, limit),
    nextDue: () => kit.store.nextDue(),
    async perform(wakeup) {
      const held = keepLease(kit, wakeup.lease, kit.clock.now() + LEASE_MS);
      const next = await tend(kit, wakeup).catch((error: unknown): Next => {
        if (isLeftToNewer(error)) return putBack(kit, wakeup);
        kit.log.error(
          { deployment: wakeup.key, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          'a deployment could not be looked after',
        );
        return { due: kit.clock.now() + 5000 };
      });
      held.free();
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
  const duties = await lostDuties(kit);
  await kit.store.setWakeups([...lost.map((key) => ({ key, due: kit.clock.now() })), ...duties]);
}

/** Does what is due for one deployment or duty. @returns when to look again, if at all */
async function tend(kit: Kit, wakeup: Wakeup): Promise<Next> {
  const { key, note } = wakeup;
  const found = dutyOf(key);
  if (found !== undefined) return found.duty.tend(kit, found.rest);
  const deployment = await kit.store.deployment(key);
  if (deployment === undefined) return /^D-\d+$/.test(key) ? undefined : putBack(kit, wakeup);
  if (isForeign(deployment)) return putBack(kit, wakeup);
  switch (deployment.state) {
    case 'awaiting-approval':
      return tendApproval(kit, deployment);
    case 'queued':
      return tendQueued(kit, deployment, note);
    case 'running':
      return deployment.run === undefined ? nextLook(kit, deployment) : look(kit, deployment, note);
    default:
      return nextLook(kit, deployment);
  }
}

/** For the newer version, with all that it left to itself. */
function putBack(kit: Kit, { note }: Wakeup): Next {
  return { due: kit.clock.now() + NEWER_MS, ...(note === undefined ? {} : { note }) };
}

function nextLook(kit: Kit, deployment: Deployment | undefined): Next {
  const due = deployment === undefined ? undefined : wakeOf(kit, deployment);
  return due === undefined ? undefined : { due };
}

async function tendApproval(kit: Kit, deployment: Deployment): Promise<Next> {
  const at = now(kit);
  const half = kit.clock.now() >= halfTime(deployment);
  const decide = (row: Deployment) => {
    const ended = decideExpiry(row, at);
    const renewed = ended.kind === 'nothing' ? renewal(kit, row) : ended;
    const due = renewed.kind === 'nothing' ? decideEscalation(row, escalationsOf(kit, row), at) : renewed;
    return due.kind === 'nothing' && half ? decideReminder(row) : due;
  };
  return nextLook(kit, await report(kit, { deployment: deployment.id, decide }));
}

/** Lets it go when it may, and says anew in how long its turn comes once that is too far from what its cards say. */
async function tendQueued(kit: Kit, deployment: Deployment, note: WakeupNote | undefined): Promise<Next> {
  // Reporting nothing lets the door look whether it may go now.
  const after = await report(kit, { deployment: deployment.id, decide: () => NOTHING });
  const next = nextLook(kit, after);
  if (after?.state !== 'queued' || next === undefined) return next;
  const { startsInMs } = (await tellContext(kit, after)).queue ?? {};
  if (startsInMs === undefined) return next;
  const told = note?.toldTurnMs ?? startsInMs;
  const stale = Math.abs(told - startsInMs) > Math.max(FAR_MS, startsInMs / 4);
  if (stale) await draw(kit, after);
  return { ...next, note: { looks: 0, drawnAt: kit.clock.now(), toldTurnMs: stale ? startsInMs : told } };
}

async function look(kit: Kit, deployment: Deployment, note: WakeupNote | undefined): Promise<Next> {
  const former = note ?? { looks: 0, drawnAt: kit.clock.now() };
  const { after, failingSince } = await seen(kit, former, deployment);
  if (after?.state !== 'running') return nextLook(kit, after);
  const looks = after.version === deployment.version ? former.looks + 1 : 0;
  const drawnAt = await redraw(kit, former.drawnAt, after);
  const { firstMs, mostMs } = providerOf(kit, after).pace;
  return {
    due: kit.clock.now() + Math.min(mostMs, firstMs * 2 ** Math.min(looks, 10)),
    note: { looks, drawnAt, ...(failingSince === undefined ? {} : { failingSince }) },
  };
}

interface Seen {
  readonly after: Deployment | undefined;
  /** Since when the provider cannot be asked. */
  readonly failingSince?: string;
}

async function seen(kit: Kit, former: WakeupNote, deployment: Deployment): Promise<Seen> {
  const { run, plan, id } = deployment;
  if (run === undefined || plan === undefined) return { after: deployment };
  const { timeoutMs } = pipelineStage(plan);
  try {
    const snapshot = await providerOf(kit, deployment).look(run, startRequest(kit, deployment));
    if (snapshot.warning !== undefined)
      kit.log.warn({ deployment: id, warning: snapshot.warning }, 'a provider said something unexpected');
    const decide = (row: Deployment) => decideSeen(row, snapshot, now(kit), timeoutMs);
    return { after: await report(kit, { deployment: id, decide }) };
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.port === 'store') throw error;
    if (error.details.kind === 'not-found') return { after: await report(kit, { deployment: id, decide: decideLost }) };
    const failingSince = former.failingSince ?? now(kit);
    const decide = (row: Deployment) => decideSilent(row, failingSince, now(kit), timeoutMs);
    return { after: await report(kit, { deployment: id, decide }), failingSince };
  }
}

/** Time passes on the cards too: elapsed time, what is left, "has not begun". @returns when they were last drawn anew */
async function redraw(kit: Kit, drawnAt: number, deployment: Deployment): Promise<number> {
  const pause =
    kit.clock.now() - Date.parse(deployment.startedAt ?? now(kit)) > NOT_STARTED_MS * 5 ? REDRAW_MS * 4 : REDRAW_MS;
  if (kit.clock.now() - drawnAt < pause) return drawnAt;
  await draw(kit, deployment);
  return kit.clock.now();
}

async function draw(kit: Kit, deployment: Deployment): Promise<void> {
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
