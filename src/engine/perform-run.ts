import {
  decideGathered,
  decideRunStarted,
  decideSilent,
  decideStartRefused,
  decideUnreadable,
} from '../domain/decide-run.ts';
import type { Deployment } from '../domain/deployment.ts';
import { pipelineStage } from '../domain/plan.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import type { Run } from '../domain/run.ts';
import { gateRefusals, overridden } from '../gates/index.ts';
import { PortFailure } from '../ports/failure.ts';
import type { RecordState } from '../ports/pipeline.ts';
import type { Work } from '../ports/store.ts';
import { configured, presentPlan } from './admission.ts';
import { gatherFacts } from './facts.ts';
import { gateFacts, subjectOf } from './gate-facts.ts';
import { withArtifacts } from './history-facts.ts';
import { type Kit, now } from './kit.ts';
import { obstacleOf } from './obstacle.ts';
import { DONE, fenceOf, type HeldWork, leaseLost, type Outcome, type Performer, settled } from './performing.ts';
import { report } from './report.ts';
import { providerOf, startRequest } from './run-request.ts';
import { expiryOf } from './scheduled.ts';

/** Facts that cannot be read are tried this often before the request is refused. */
const GATHER_TRIES = 5;
/** A start that the provider does not take is tried this often before the deployment fails. */
const START_TRIES = 6;
/**
 * Providers show a new run some seconds after they took the start. For this long after an attempt without a sure result, "there is
 * none" is not believed where a run that nobody knows of would go on by itself. Milliseconds.
 */
const UNSEEN_MS = 15_000;
/** A stop is wished again for long: the run may cost or break something. */
const STOP_TRIES = 40;

export const gather: Performer<'gather'> = async (kit, groups, effect, work) => {
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment === undefined) return DONE;
  const refuse = (why: Refusal) => reported(kit, deployment, work, (row) => decideUnreadable(row, why));
  const place = configured(kit, deployment);
  if (place === undefined)
    return refuse(
      refusal(
        'service-removed',
        `${deployment.service} in ${deployment.environment} is no longer in the configuration.`,
        'Ask an operator.',
      ),
    );
  try {
    const frozen = deployment.findings?.sha;
    const question = {
      ...place,
      kind: deployment.kind,
      requester: deployment.requester,
      ref: deployment.ref,
      ...(frozen === undefined ? {} : { frozen }),
    };
    const found = await gatherFacts(kit, groups, question);
    if (found.kind === 'refused') return await refuse(found.refusal);
    const asked = await gateFacts(kit, place, subjectOf(deployment), found.findings);
    const bound = withArtifacts(found.findings, asked);
    const facts = { ...asked, findings: bound };
    const findings = { ...bound, warnings: [...bound.warnings, ...overridden(facts)] };
    const plan = presentPlan(kit, place, deployment, findings);
    const refusals = gateRefusals(deployment.state === 'checking' ? 'plan' : 'renewal', facts);
    const expiresAt = expiryOf(kit, place.settings.policy, deployment);
    return await reported(kit, deployment, work, (row) => decideGathered(row, { findings, plan, refusals, expiresAt }));
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.port === 'store') throw error;
    if (error.details.retryable && work.attempts < GATHER_TRIES) throw error;
    const { port } = error.details;
    // Chats are asked for nothing here but who is in a group.
    const isGroup = port === 'groups' || port === 'chat' || kit.chats.has(port);
    const code = isGroup ? 'group-unreadable' : 'source-unreachable';
    return refuse(refusal(code, error.message, 'Ask again when it can be reached.'));
  }
};

async function reported(
  kit: Kit,
  { id }: Deployment,
  work: HeldWork,
  decide: Parameters<typeof report>[1]['decide'],
): Promise<Outcome> {
  const fence = fenceOf(work);
  await report(kit, {
    deployment: id,
    settles: settled(work),
    decide: (row) => {
      // Without the lease the store would take nothing, however often it is tried.
      fence();
      return decide(row);
    },
  });
  return { kind: 'reported' };
}

/** Starts the run at most once: whatever was begun before is looked for first. */
export const startRun: Performer<'start-run'> = async (kit, _groups, effect, work) => {
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment === undefined || deployment.state !== 'running' || deployment.run !== undefined) return DONE;
  const request = startRequest(kit, deployment);
  let mayHaveBegun =
    work.attempts > 0 || work.inDoubtSince !== undefined || (await isOlderThanRestore(kit, deployment));
  try {
    const provider = providerOf(kit, deployment);
    const found = mayHaveBegun ? await provider.find(request) : undefined;
    mayHaveBegun = false;
    const obstacle = found === undefined ? obstacleOf(kit, deployment) : undefined;
    if (obstacle !== undefined && kit.clock.now() < (work.inDoubtSince ?? 0) + UNSEEN_MS)
      return { kind: 'later', due: kit.clock.now() + 1000, error: 'a run may have begun unseen', inDoubt: true };
    if (obstacle !== undefined) return await refused(kit, deployment, work, obstacle);
    const run: Run = found ?? (await provider.start(request, fenceOf(work)));
    mayHaveBegun = true;
    return await reported(kit, deployment, work, (row) => decideRunStarted(row, run));
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.port === 'store') throw error;
    // Whatever went wrong, it is no longer ours to say so: whoever took over looks for the run first.
    if (!work.stands()) throw leaseLost(mayHaveBegun || error.details.inDoubt === true);
    if (mayHaveBegun || error.details.inDoubt === true) return inDoubt(kit, deployment, work, error);
    if (error.details.retryable && work.attempts < START_TRIES) throw error;
    return refused(
      kit,
      deployment,
      work,
      refusal(
        'provider-refused',
        `The run could not be started: ${error.message}`,
        'Mend it at the provider, then use Retry.',
      ),
    );
  }
};

/** Asked for before the database was brought back from a backup: it may have gone on since, without this log. */
async function isOlderThanRestore(kit: Kit, { requestedAt }: Deployment): Promise<boolean> {
  const restored = await kit.store.newest('installation', 'restored');
  return restored !== undefined && Date.parse(requestedAt) <= Date.parse(restored.at);
}

/** Nobody can say whether the run began: it is looked for as long as it might run, and never called "not started". */
async function inDoubt(kit: Kit, { id, plan }: Deployment, work: HeldWork, failure: PortFailure): Promise<Outcome> {
  const since = new Date(work.inDoubtSince ?? kit.clock.now()).toISOString();
  const timeoutMs = plan === undefined ? 0 : pipelineStage(plan).timeoutMs;
  const decide = (row: Deployment) => decideSilent(row, since, now(kit), timeoutMs);
  const after = await report(kit, { deployment: id, decide });
  if (after?.state !== 'running') return { kind: 'given-up', error: failure.message };
  const pause = failure.details.retryAfterMs ?? Math.min(30_000, 500 * 2 ** Math.min(work.attempts, 6));
  return { kind: 'later', due: kit.clock.now() + pause, error: failure.message, inDoubt: true };
}

function refused(kit: Kit, deployment: Deployment, work: HeldWork, why: Refusal): Promise<Outcome> {
  return reported(kit, deployment, work, (row) => decideStartRefused(row, why));
}

export const stopRun: Performer<'stop-run'> = async (kit, _groups, effect, work) => {
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment?.run === undefined) return DONE;
  try {
    await providerOf(kit, deployment).stop(deployment.run, startRequest(kit, deployment));
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    if (error.details.kind === 'not-found') return DONE;
    if (work.attempts < STOP_TRIES)
      return {
        kind: 'later',
        due: kit.clock.now() + Math.min(30_000, 1000 * 2 ** work.attempts),
        error: error.message,
      };
    return { kind: 'given-up', error: error.message };
  }
  await kit.store.setWakeups(
    deployment.state === 'running' ? [{ key: deployment.id, due: kit.clock.now() + 200 }] : [],
  );
  return DONE;
};

export const tidyRun: Performer<'tidy-run'> = async (kit, _groups, effect) => {
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment?.run === undefined) return DONE;
  await providerOf(kit, deployment).tidy?.(deployment.run, startRequest(kit, deployment));
  return DONE;
};

export const record: Performer<'record'> = async (kit, _groups, effect, work) => {
  const deployment = await kit.store.deployment(effect.deployment);
  if (deployment === undefined || deployment.startedAt === undefined) return DONE;
  await providerOf(kit, deployment).record?.(
    startRequest(kit, deployment),
    recordState(deployment),
    `${deployment.id} ${deployment.state}`,
    fenceOf(work),
  );
  return DONE;
};

/** Work that a fault of ours keeps from being done: whoever waits for it must not wait for ever. */
export async function surrender(kit: Kit, { effect }: Work): Promise<void> {
  const why = (sentence: string) =>
    refusal('internal-fault', sentence, 'Tell an operator; the log of the bot says more.');
  if (effect.kind === 'gather') {
    const fault = why('The request could not be worked out because of a fault in the bot.');
    await report(kit, { deployment: effect.deployment, decide: (row) => decideUnreadable(row, fault) });
  }
  if (effect.kind === 'start-run') {
    const fault = why('A fault in the bot came between; look at the provider whether the run has begun.');
    await report(kit, { deployment: effect.deployment, decide: (row) => decideStartRefused(row, fault) });
  }
}

function recordState({ state, run }: Deployment): RecordState {
  switch (state) {
    case 'succeeded':
      return 'success';
    case 'failed':
      return 'failure';
    case 'rolled-back':
    case 'rolling-back':
      return 'inactive';
    case 'cancelled':
      return 'error';
    default:
      return run === undefined ? 'queued' : 'in_progress';
  }
}
