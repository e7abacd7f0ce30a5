import type { Service, TargetSettings } from '../domain/catalog.ts';
import { type AdmissionDecision, type Decision, decideAdmission, decideNewPlan, NOTHING } from '../domain/decide.ts';
import type { Deployment, Findings } from '../domain/deployment.ts';
import { scopeStream, targetStream } from '../domain/event.ts';
import { holdingLock } from '../domain/held.ts';
import { scopeKey, scopesAround } from '../domain/lock.ts';
import { BOT } from '../domain/person.ts';
import { type Plan, planFor } from '../domain/plan.ts';
import { byTurn, isNext } from '../domain/queue.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { rulesFor } from '../domain/rules.ts';
import { asPart } from '../domain/train.ts';
import { isForeign, isNewer } from '../domain/vocabulary.ts';
import { everyRefusal, GATE_IDS, gateRefusals } from '../gates/index.ts';
import { locksAround } from './context.ts';
import { gatherEffect } from './effects.ts';
import { failingSince } from './failing-since.ts';
import { gateFacts, subjectOf } from './gate-facts.ts';
import { type Kit, now } from './kit.ts';
import { expiryOf, factsTooOld, mustWait, waitingNow } from './scheduled.ts';
import { heldBack, membersOf, memberVersions, unheld } from './train-rows.ts';
import { foreseen, type Move } from './transact.ts';

export interface Place {
  readonly service: Service;
  readonly settings: TargetSettings;
}

/** Service and target as configured now. */
export function configured(
  kit: Kit,
  deployment: { readonly service: string; readonly environment: string },
): Place | undefined {
  const service = kit.catalog().services[deployment.service];
  const settings = service?.targets[deployment.environment];
  return service === undefined || settings === undefined ? undefined : { service, settings };
}

/** The plan as the present configuration would make it for this commit. */
export function presentPlan(
  kit: Kit,
  { service, settings }: Place,
  { kind, inputs }: Pick<Deployment, 'kind' | 'inputs'>,
  findings: Findings | undefined,
): Plan {
  const rules = rulesFor(settings.policy, kind, findings, service.repository.source);
  const names = new Set(rules.map(({ group }) => group));
  // Sorted, because the order of a configuration file decides nothing.
  const groups = Object.values(kit.catalog().groups)
    .filter(({ id }) => names.has(id))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const { sha = '', artifacts } = findings ?? {};
  const wanted = {
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(inputs === undefined ? {} : { inputs }),
  };
  return planFor({ kind, service, target: settings, sha, ...wanted, gates: GATE_IDS, rules, groups });
}

/** What becomes of a request that waits when the present configuration plans something else for it. */
export function renewal(kit: Kit, deployment: Deployment): Decision {
  const place = configured(kit, deployment);
  const { findings } = deployment;
  if (place === undefined || findings === undefined) return NOTHING;
  const expiresAt = expiryOf(kit, place.settings.policy, deployment);
  return decideNewPlan(deployment, presentPlan(kit, place, deployment, findings), expiresAt);
}

interface Spot {
  readonly service: string;
  readonly environment: string;
}

/** What has not ended on a target. */
export interface Open {
  readonly running: Deployment | undefined;
  /** In the order in which they go: rollbacks first, then who waits longest. */
  readonly queue: readonly Deployment[];
  /** In the hands of a newer version: what they do there, and whose turn it is, only that one can tell. */
  readonly foreign: readonly Deployment[];
}

/** Read at one moment, so that nothing slips by while a deployment goes from one state into the next. */
export async function openOn(kit: Kit, { service, environment }: Spot): Promise<Open> {
  const open = await kit.store.deployments({ service, environment, open: true, limit: 10_000 });
  const known = open.filter((one) => !isForeign(one));
  return {
    running: known.find(({ state }) => state === 'running'),
    queue: known.filter(({ state }) => state === 'queued').sort(byTurn),
    foreign: open.filter(isForeign),
  };
}

/** Why this version must do nothing on a target for now: a newer one is at work there. */
export async function newerThere(kit: Kit, { service, environment }: Spot): Promise<Refusal | undefined> {
  const [{ foreign }, { needs }] = await Promise.all([
    openOn(kit, { service, environment }),
    kit.store.target(service, environment),
  ]);
  if (foreign[0] !== undefined) return newerRefusal(foreign[0].id);
  return isNewer(needs) ? newerRefusal(`${service} in ${environment}`) : undefined;
}

/** Median of the last ten successful runs on a target, in milliseconds. */
async function usualLength(kit: Kit, { service, environment }: Deployment): Promise<number | undefined> {
  const past = await kit.store.deployments({ service, environment, states: ['succeeded'], limit: 10 });
  const lengths = past
    .filter(({ startedAt, endedAt }) => startedAt !== undefined && endedAt !== undefined)
    .map(({ startedAt, endedAt }) => Date.parse(endedAt ?? '') - Date.parse(startedAt ?? ''))
    .sort((one, other) => one - other);
  return lengths.length === 0 ? undefined : lengths[Math.floor(lengths.length / 2)];
}

/** May this queued deployment go now? Not where a newer version is at work. Reads the target, the queue and the configuration at this very moment. */
async function admit(kit: Kit, deployment: Deployment): Promise<AdmissionDecision> {
  const { service, environment } = deployment;
  const [{ running, queue, foreign }, target, undone] = await Promise.all([
    openOn(kit, deployment),
    kit.store.target(service, environment),
    deployment.undoes === undefined ? undefined : kit.store.deployment(deployment.undoes),
  ]);
  if (foreign.length > 0 || isNewer(target.needs) || (undone !== undefined && isForeign(undone))) return NOTHING;
  const place = configured(kit, deployment);
  if (place === undefined) {
    const gone = refusal(
      'service-removed',
      `${service} in ${environment} is no longer in the configuration.`,
      'Ask an operator.',
    );
    return { kind: 'events', events: [{ type: 'refused', refusals: [gone] }] };
  }
  const locks = await locksAround(kit, deployment);
  const locked = holdingLock(locks, deployment.kind, now(kit)) !== undefined;
  const scheduled = deployment.scheduledFor !== undefined;
  if (running !== undefined || mustWait(kit, deployment)) return NOTHING;
  if ((await heldBack(kit.store, deployment)) !== undefined) return NOTHING;
  const waiting = await unheld(kit.store, waitingNow(kit, queue));
  if (!isNext(deployment, waiting, now(kit)) || (locked && !scheduled)) return NOTHING;
  const expectedMs = await usualLength(kit, deployment);
  const failing = await failingSince(kit, deployment, target.current?.since);
  const facts = await gateFacts(kit, place, subjectOf(deployment), deployment.findings);
  return decideAdmission(asPart(deployment, await membersOf(kit.store, deployment)), {
    plan: presentPlan(kit, place, deployment, deployment.findings),
    ...(target.current === undefined ? {} : { current: target.current.sha }),
    refusals: scheduled ? everyRefusal(facts) : gateRefusals('dispatch', facts),
    stale: factsTooOld(deployment),
    expiresAt: expiryOf(kit, place.settings.policy, deployment),
    ...(expectedMs === undefined ? {} : { expectedMs }),
    ...(failing === undefined ? {} : { failingSince: failing }),
  });
}

/**
 * Everything that could be locked around a deployment, as it is before anybody looks: a lock that comes between the look and the writing
 * must hold it all the same. No lock holds a rollback.
 */
async function lockVersions(kit: Kit, { kind, service, environment }: Deployment): Promise<NonNullable<Move['heeds']>> {
  if (kind === 'rollback') return [];
  const regions = kit.catalog().services[service]?.targets[environment]?.regions ?? [];
  const [target, books] = await Promise.all([kit.store.target(service, environment), kit.store.scopes()]);
  return scopesAround({ service, environment, regions }).map((scope) => {
    if (scope.kind === 'target') return { stream: targetStream(service, environment), version: target.version };
    const key = scopeKey(scope);
    return { stream: scopeStream(key), version: books.find((book) => book.scope === key)?.version ?? 0 };
  });
}

/** A move that ends in the queue goes straight on when the target is free, in the same transaction. */
export async function withAdmission(
  kit: Kit,
  move: Move,
  occupied: boolean,
): Promise<{ readonly move: Move; readonly effects: ReturnType<typeof gatherEffect>[] }> {
  const row = foreseen(move, now(kit));
  if (occupied || row?.state !== 'queued') return { move, effects: [] };
  const heeds = [...(await lockVersions(kit, row)), ...(await memberVersions(kit.store, row))];
  const decision = await admit(kit, row);
  switch (decision.kind) {
    case 'events':
      return {
        move: { ...move, heeds, events: [...move.events, ...decision.events.map((event) => ({ event, by: BOT }))] },
        effects: [],
      };
    case 'gather-again':
      return { move, effects: [gatherEffect(row, kit.clock.now())] };
    default:
      return { move, effects: [] };
  }
}
