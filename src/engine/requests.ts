import { reasonRefusal } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { DeploymentEvent, Request } from '../domain/event.ts';
import { readInputs } from '../domain/inputs.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { refusalsOf, warningsOf } from '../domain/verdict.ts';
import { isForeign } from '../domain/vocabulary.ts';
import type { Moment } from '../gates/gate.ts';
import { askGates } from '../gates/index.ts';
import { PortFailure } from '../ports/failure.ts';
import { guard, rightToAsk } from './access.ts';
import { configured, newerThere, type Place } from './admission.ts';
import { no, orUnwritable, type Refused } from './answers.ts';
import type { Answer, Caller, Preview, RequestWish } from './door.ts';
import { gatherFacts } from './facts.ts';
import { gateFacts, type Subject } from './gate-facts.ts';
import type { Groups } from './groups.ts';
import type { Kit } from './kit.ts';
import { transact } from './transact.ts';

function unknownTarget(kit: Kit, wish: RequestWish): Refusal {
  const known = kit.catalog().services[wish.service] !== undefined;
  return known
    ? refusal(
        'unknown-environment',
        `${wish.service} has no environment "${wish.environment}".`,
        `See \`envs ${wish.service}\`.`,
      )
    : refusal('unknown-service', `There is no service "${wish.service}".`, 'See `services`.');
}

/** What is asked for, as the gates see it. */
function subjectOf({ person, external }: Caller, wish: RequestWish): Subject {
  return { kind: wish.kind ?? 'regular', requester: person, external, ...termsOf(wish) };
}

/** What a wish says beside what and where; words without spaces around them. */
function termsOf(wish: RequestWish): Pick<Request, 'reason' | 'incident' | 'scheduledFor' | 'override' | 'inputs'> {
  const [reason, incident, override] = [wish.reason?.trim(), wish.incident?.trim(), wish.override?.trim()];
  return {
    ...(reason ? { reason } : {}),
    ...(incident ? { incident } : {}),
    ...(wish.scheduledFor === undefined ? {} : { scheduledFor: wish.scheduledFor }),
    ...(override ? { override } : {}),
    ...(wish.inputs === undefined ? {} : { inputs: wish.inputs }),
  };
}

/** What is handed in, with what stands where nothing was, as far as it fits; what does not the gate says. */
function withInputs(wish: RequestWish, { settings }: Place): RequestWish {
  const read = readInputs(settings.inputs ?? {}, wish.inputs ?? {});
  const inputs = read.kind === 'read' ? read.inputs : wish.inputs;
  const { inputs: _typed, ...rest } = wish;
  return inputs === undefined || Object.keys(inputs).length === 0 ? rest : { ...rest, inputs };
}

/** A request that nothing speaks against at this moment, all but its number and token; or everything that does. */
export type Examined = { readonly kind: 'draft'; readonly request: Omit<Request, 'number' | 'token'> } | Refused;

/** Judges a wish by the configuration, the rights and the gates as they are now. Nothing is written. */
export async function examined(kit: Kit, groups: Groups, caller: Caller, typed: RequestWish): Promise<Examined> {
  const place = configured(kit, typed);
  if (place === undefined) return no(unknownTarget(kit, typed));
  const wish = withInputs(typed, place);
  const newer = await newerThere(kit, wish);
  if (newer !== undefined) return no(newer);
  const subject = subjectOf(caller, wish);
  const spot = { ...place, service: wish.service };
  const barred = [
    ...(await guard(groups, caller.person, rightToAsk(subject.kind), spot)),
    ...(subject.override === undefined ? [] : await guard(groups, caller.person, 'override', spot)),
  ];
  const long = subject.override === undefined ? undefined : reasonRefusal(subject.override, '');
  const refusals = distinct([
    ...(long === undefined ? [] : [long]),
    ...refusalsOf(askGates('request', await gateFacts(kit, place, subject))),
    ...barred,
  ]);
  if (refusals.length > 0) return no(...refusals);
  const request = {
    kind: subject.kind,
    service: wish.service,
    environment: wish.environment,
    ref: wish.ref ?? place.service.defaultRef,
    requester: caller.person,
    ...termsOf(wish),
    ...(caller.place === undefined ? {} : { origin: caller.place }),
    ...(wish.retryOf === undefined ? {} : { retryOf: wish.retryOf }),
  };
  return { kind: 'draft', request };
}

/** Writes the request down at once; what must be read from outside is gathered as an effect, so that a crash loses nothing. */
export function requestDeployment(kit: Kit, groups: Groups, caller: Caller, typed: RequestWish): Promise<Answer> {
  return orUnwritable<Answer>(kit, () =>
    transact<Answer>(kit, { key: caller.key }, async () => {
      const draft = await examined(kit, groups, caller, typed);
      if (draft.kind === 'refused') return { moves: [], answer: () => draft };
      const request: Request = { ...draft.request, number: await kit.store.nextNumber(), token: kit.token() };
      const events: DeploymentEvent[] = [{ type: 'requested', request }, { type: 'checks-started' }];
      return {
        moves: [{ before: undefined, events: events.map((event) => ({ event, by: caller.person })) }],
        answer: ([deployment]) => ({ kind: 'done', deployment: deployment as Deployment }),
      };
    }),
  );
}

/** Tries an ended deployment again: a new request for the same commit, linked to the old one. */
export async function retryDeployment(kit: Kit, groups: Groups, caller: Caller, id: string): Promise<Answer> {
  const old = await kit.store.deployment(id);
  if (old === undefined) return no(refusal('unknown-deployment', `There is no deployment ${id}.`, 'See `history`.'));
  if (isForeign(old)) return no(newerRefusal(id));
  const again =
    old.state === 'failed' || old.state === 'cancelled' || old.state === 'expired' || old.state === 'rejected';
  if (!again || old.kind === 'rollback') {
    const next =
      old.kind === 'rollback' ? `Use \`rollback ${old.service} ${old.environment}\`.` : `See \`status ${id}\`.`;
    return no(refusal('not-failed', `${id} cannot be tried again: it is ${old.state}.`, next));
  }
  // A moment that was missed is not made up for: it is tried again now.
  const { scheduledFor: _past, ...terms } = termsOf({ ...old, kind: 'regular' });
  return requestDeployment(kit, groups, caller, {
    service: old.service,
    environment: old.environment,
    ref: old.findings?.sha ?? old.ref,
    retryOf: id,
    kind: old.kind === 'hotfix' ? 'hotfix' : 'regular',
    ...terms,
  });
}

/** Shows what a request would find, without making one. */
export async function previewDeployment(kit: Kit, groups: Groups, caller: Caller, wish: RequestWish): Promise<Preview> {
  const place = configured(kit, wish);
  if (place === undefined) return no(unknownTarget(kit, wish));
  try {
    const found = await gatherFacts(kit, groups, {
      ...place,
      kind: wish.kind ?? 'regular',
      requester: caller.person,
      ref: wish.ref ?? place.service.defaultRef,
    });
    if (found.kind === 'refused') return no(found.refusal);
    const { findings } = found;
    const facts = await gateFacts(kit, place, subjectOf(caller, withInputs(wish, place)), findings);
    const verdicts = (['request', 'plan'] as const).flatMap((moment: Moment) => askGates(moment, facts));
    const barred = await guard(groups, caller.person, rightToAsk(facts.kind), { ...place, service: wish.service });
    const refusals = distinct([...refusalsOf(verdicts), ...barred].filter(({ code }) => code !== 'missing-reason'));
    return { ...findings, kind: 'seen', warnings: [...findings.warnings, ...warningsOf(verdicts)], refusals };
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    return no(refusal('source-unreachable', error.message, 'Try again in a minute.'));
  }
}

function distinct(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.filter((one, index) => refusals.findIndex(({ code }) => code === one.code) === index);
}
