import type { Place as ChatPlace } from '../domain/catalog.ts';
import { type Course, courseOf, oldCardRefusal } from '../domain/course.ts';
import type { Deployment } from '../domain/deployment.ts';
import { type DeploymentEvent, type Request, targetStream } from '../domain/event.ts';
import { modeOf } from '../domain/held.ts';
import { evolveLock } from '../domain/lock.ts';
import { BOT, type Person } from '../domain/person.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import type { Target } from '../domain/target.ts';
import { refusalsOf } from '../domain/verdict.ts';
import { askGates } from '../gates/index.ts';
import { guard } from './access.ts';
import { configured, newerThere, openOn, type Place, presentPlan, withAdmission } from './admission.ts';
import { no, orUnwritable } from './answers.ts';
import type { Answer, Caller, RollbackWish } from './door.ts';
import { rollbackFindings } from './facts.ts';
import { gateFacts } from './gate-facts.ts';
import type { Groups } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { lockWakeup } from './lock-rows.ts';
import { type Move, type Proposal, transact } from './transact.ts';

/** How far back along the release line is looked, in deployments. */
const LINE_LENGTH = 200;

/** States of deployments that have begun, or may have, and that a rollback may undo or bring back. */
const LINE = ['succeeded', 'failed', 'cancelled', 'running', 'rolled-back'] as const;

/** Reads the release line of a target as it is now. */
async function releaseLine(kit: Kit, { service, environment }: Pick<RollbackWish, 'service' | 'environment'>) {
  const [target, recent, line] = await Promise.all([
    kit.store.target(service, environment),
    kit.store.deployments({ service, environment, limit: LINE_LENGTH }),
    kit.store.deployments({ service, environment, states: LINE, limit: LINE_LENGTH }),
  ]);
  return { target, recent, line };
}

/** Finds what to bring back there now. */
export async function findCourse(
  kit: Kit,
  wish: Pick<RollbackWish, 'service' | 'environment' | 'to'>,
): Promise<Course | Refusal> {
  return courseOf(await releaseLine(kit, wish), wish.to);
}

/** The card that was pressed is too old to roll back from: it is said, and written down who tried. */
async function oldCard(kit: Kit, caller: Caller, wish: RollbackWish): Promise<Proposal<Answer> | undefined> {
  const pressed = wish.pressed === undefined ? undefined : await kit.store.deployment(wish.pressed);
  if (pressed === undefined || caller.external) return undefined;
  const { service, environment } = pressed;
  const states = [...LINE, 'rolling-back'] as const;
  const begun = await kit.store.deployments({ service, environment, states, limit: LINE_LENGTH });
  const refused = oldCardRefusal(pressed, begun);
  if (refused === undefined) return undefined;
  const event: DeploymentEvent = { type: 'approval-denied', refusals: [refused], wish: 'rollback' };
  return { moves: [{ before: pressed, events: [{ event, by: caller.person }] }], answer: () => no(refused) };
}

/**
 * Brings a former good deployment back, without a second countersignature, and locks the target until somebody unlocks it.
 * Whatever runs towards the target is asked to stop first.
 */
export function rollBack(kit: Kit, groups: Groups, caller: Caller, wish: RollbackWish): Promise<Answer> {
  return orUnwritable<Answer>(kit, () =>
    transact<Answer>(kit, { key: caller.key }, async (occupied) => {
      const place = configured(kit, wish);
      if (place === undefined) {
        return {
          moves: [],
          answer: () =>
            no(
              refusal('unknown-environment', `There is no ${wish.service} in ${wish.environment}.`, 'See `services`.'),
            ),
        };
      }
      const newer = await newerThere(kit, wish);
      if (newer !== undefined) return { moves: [], answer: () => no(newer) };
      const old = await oldCard(kit, caller, wish);
      if (old !== undefined) return old;
      const course = await findCourse(kit, wish);
      if ('code' in course) return { moves: [], answer: () => no(course) };
      const { person: requester, external } = caller;
      const reason = wish.reason === undefined ? {} : { reason: wish.reason };
      const facts = await gateFacts(kit, place, { kind: 'rollback', requester, external, ...reason });
      const refusals = refusalsOf(askGates('request', facts));
      const stranger = caller.person.known
        ? []
        : [
            refusal(
              'person-unlinked',
              'Only known people may roll back.',
              'Use `whoami` to see what an operator has to add.',
            ),
          ];
      const barred = await guard(groups, requester, 'rollback', { service: wish.service, settings: place.settings });
      const others = [...refusals, ...barred].filter(({ code }) => code !== 'person-unlinked');
      if (stranger.length + others.length > 0) return { moves: [], answer: () => no(...stranger, ...others) };
      const draft = {
        course,
        place,
        by: caller.person,
        reason: wish.reason?.trim() ?? '',
        ...(caller.place === undefined ? {} : { origin: caller.place }),
      };
      return rollbackProposal(kit, draft, occupied);
    }),
  );
}

export interface RollbackDraft {
  readonly course: Course;
  readonly place: Place;
  readonly by: Person;
  readonly reason: string;
  readonly origin?: ChatPlace;
}

/** Everything a rollback changes, for a person's wish and for the bot's own after a failed run. */
export async function rollbackProposal(kit: Kit, draft: RollbackDraft, occupied: boolean): Promise<Proposal<Answer>> {
  const { course, place, by, reason } = draft;
  const { undone, restored, target } = course;
  const number = await kit.store.nextNumber();
  const request: Request = {
    number,
    token: kit.token(),
    kind: 'rollback',
    service: place.service.id,
    environment: place.settings.environment,
    ref: restored.ref,
    requester: by,
    reason,
    ...(draft.origin === undefined ? {} : { origin: draft.origin }),
    ...(undone === undefined ? {} : { undoes: undone.id }),
    restores: restored.id,
    // It comes back as it was.
    ...(restored.inputs === undefined ? {} : { inputs: restored.inputs }),
  };
  const findings = rollbackFindings(kit, by, restored, target);
  const events: DeploymentEvent[] = [
    { type: 'requested', request },
    { type: 'checks-started' },
    { type: 'findings-gathered', findings },
    { type: 'queued', plan: presentPlan(kit, place, request, findings) },
  ];
  const { running } = await openOn(kit, request);
  const stop = running === undefined || running.cancellation !== undefined ? [] : [stopMove(running, by, number)];
  const opened = await withAdmission(
    kit,
    { before: undefined, events: events.map((event) => ({ event, by })) },
    occupied,
  );
  const began = undone !== undefined && opened.move.events.some(({ event }) => event.type === 'dispatched');
  const lock = { type: 'locked' as const, reason: `Rolled back by D-${number}: ${reason}`, cause: `D-${number}` };
  const { service, environment } = request;
  const entry = { stream: targetStream(service, environment), event: lock, by, at: now(kit) };
  const locked = standsByItself(target) ? undefined : evolveLock(target.lock, lock, entry.at, by);
  return {
    moves: [opened.move, ...stop, ...(began ? [beginMove(undone, number)] : [])],
    others: locked === undefined ? [] : [{ entry, version: target.version }],
    effects: opened.effects,
    wakeups: locked === undefined ? [] : [lockWakeup({ kind: 'target', service, environment }, locked)],
    answer: ([deployment]) => ({ kind: 'done', deployment: deployment as Deployment }),
  };
}

/** A person's lock keeps its reason, where it holds as well and as long as ours would. */
function standsByItself({ lock }: Target): boolean {
  return lock !== undefined && lock.cause === undefined && lock.expiresAt === undefined && modeOf(lock) === 'closed';
}

function stopMove(running: Deployment, by: Person, number: number): Move {
  return { before: running, events: [{ event: { type: 'cancel-asked', reason: `Rolled back by D-${number}` }, by }] };
}

export function beginMove(undone: Deployment, number: number): Move {
  return { before: undone, events: [{ event: { type: 'rollback-began', by: `D-${number}` }, by: BOT }] };
}
