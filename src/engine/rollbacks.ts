import type { Place as ChatPlace } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import { type DeploymentEvent, type Request, targetStream } from '../domain/event.ts';
import { modeOf } from '../domain/held.ts';
import { BOT, type Person } from '../domain/person.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import type { Target } from '../domain/target.ts';
import { refusalsOf } from '../domain/verdict.ts';
import { isForeign } from '../domain/vocabulary.ts';
import { askGates } from '../gates/index.ts';
import { guard } from './access.ts';
import { configured, newerThere, openOn, type Place, presentPlan, withAdmission } from './admission.ts';
import { no, orUnwritable } from './answers.ts';
import type { Answer, Caller, RollbackWish } from './door.ts';
import { rollbackFindings } from './facts.ts';
import { gateFacts } from './gate-facts.ts';
import type { Groups } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { type Move, type Proposal, transact } from './transact.ts';

/** How far back along the release line is looked, in deployments. */
const LINE_LENGTH = 200;

interface Course {
  /** What is undone: what runs there, is running towards it, or failed on its way. */
  readonly undone?: Deployment;
  readonly restored: Deployment;
  readonly target: Target;
}

/** Finds what to bring back: the named deployment, or the last good one before the present along the release line. */
export async function findCourse(
  kit: Kit,
  wish: Pick<RollbackWish, 'service' | 'environment' | 'to'>,
): Promise<Course | Refusal> {
  const { service, environment, to } = wish;
  const [target, recent, line] = await Promise.all([
    kit.store.target(service, environment),
    kit.store.deployments({ service, environment, limit: LINE_LENGTH }),
    kit.store.deployments({
      service,
      environment,
      states: ['succeeded', 'failed', 'cancelled', 'running', 'rolled-back'],
      limit: LINE_LENGTH,
    }),
  ]);
  if (target.current === undefined) {
    return refusal(
      'never-deployed-there',
      `Nothing was ever deployed to ${service} in ${environment}, so there is nothing to go back to.`,
      'Deploy something first.',
    );
  }
  const undone = line.find(({ startedAt }) => startedAt !== undefined);
  const restored = to === undefined ? lastGood(line, target, undone) : named(line, to);
  // What a newer version did since then may be what has to be undone, in ways that only it knows.
  const foreign = recent.find((one) => isForeign(one) && one.number >= (restored?.number ?? 0));
  if (foreign !== undefined) return newerRefusal(foreign.id);
  if (restored === undefined) {
    const what = to === undefined ? 'No earlier deployment succeeded there' : `"${to}" never succeeded there`;
    return refusal(
      'nothing-to-roll-back-to',
      `${what}, so there is nothing to bring back.`,
      `See \`history ${service} ${environment}\`.`,
    );
  }
  return { restored, target, ...(undone === undefined || undone.id === restored.id ? {} : { undone }) };
}

function lastGood(line: readonly Deployment[], target: Target, undone: Deployment | undefined): Deployment | undefined {
  const { current } = target;
  const good = line.filter(({ state, kind }) => state === 'succeeded' && kind !== 'rollback');
  const present = current?.restores ?? current?.deployment;
  // A rollback that never arrived is tried again: what it was to take away may still be there.
  if (undone?.kind === 'rollback' && undone.id !== current?.deployment)
    return line.find(({ id }) => id === undone.restores);
  // What is undone never arrived: what ran before it is still the good one.
  if (undone !== undefined && undone.id !== current?.deployment)
    return line.find(({ id }) => id === present) ?? good[0];
  const position = line.findIndex(({ id }) => id === present);
  return line.slice(position + 1).find((one) => good.includes(one) && one.findings?.sha !== current?.sha);
}

function named(line: readonly Deployment[], to: string): Deployment | undefined {
  const wanted = to.toLowerCase();
  const arrived = line.filter(
    ({ state, kind }) => kind !== 'rollback' && (state === 'succeeded' || state === 'rolled-back'),
  );
  return arrived.find(
    ({ id, ref, findings }) =>
      id.toLowerCase() === wanted ||
      ref.toLowerCase() === wanted ||
      (wanted.length >= 7 && findings?.sha.startsWith(wanted) === true),
  );
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
      const course = (await newerThere(kit, wish)) ?? (await findCourse(kit, wish));
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
  };
  const findings = rollbackFindings(kit, by, restored, target);
  const events: DeploymentEvent[] = [
    { type: 'requested', request },
    { type: 'checks-started' },
    { type: 'findings-gathered', findings },
    { type: 'queued', plan: presentPlan(kit, place, 'rollback', findings) },
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
  const entry = { stream: targetStream(request.service, request.environment), event: lock, by, at: now(kit) };
  return {
    moves: [opened.move, ...stop, ...(began ? [beginMove(undone, number)] : [])],
    others: standsByItself(target) ? [] : [{ entry, version: target.version }],
    effects: opened.effects,
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
