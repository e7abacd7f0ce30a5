import { type Artifact, type Clash, reportedArtifacts, sameArtifacts, shortDigest, strayAmong } from './artifact.ts';
import { type Decision, happen, NOTHING } from './decide.ts';
import type { Deployment, Findings } from './deployment.ts';
import type { DeploymentEvent } from './event.ts';
import type { Plan } from './plan.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { Run, Snapshot, Step } from './run.ts';
import { duration } from './text.ts';
import { sameWaits } from './waits.ts';

/** What was gathered for a request, and what the gates make of it. */
export interface Gathered {
  readonly findings: Findings;
  readonly plan: Plan;
  readonly refusals: readonly Refusal[];
  readonly expiresAt: string;
}

/** Facts have been gathered: ask for approval, go to the queue, or refuse. Later ones (what runs there changed) only renew the facts. */
export function decideGathered(deployment: Deployment, gathered: Gathered): Decision {
  const { findings, plan, refusals, expiresAt } = gathered;
  const facts: DeploymentEvent = { type: 'findings-gathered', findings };
  const { state } = deployment;
  if (state !== 'checking' && state !== 'awaiting-approval' && state !== 'queued') return NOTHING;
  if (refusals.length > 0) return happen(facts, { type: 'refused', refusals });
  if (state !== 'checking') return happen(facts);
  const asks = plan.stages.some(({ kind }) => kind === 'approval');
  return happen(facts, asks ? { type: 'approval-asked', plan, expiresAt } : { type: 'queued', plan });
}

/** The facts cannot be had: without them nobody can be kept from approving their own work, so the answer is no. */
export function decideUnreadable(deployment: Deployment, why: Refusal): Decision {
  const open =
    deployment.state === 'checking' || deployment.state === 'awaiting-approval' || deployment.state === 'queued';
  return open ? happen({ type: 'refused', refusals: [why] }) : NOTHING;
}

export function decideRunStarted(deployment: Deployment, run: Run): Decision {
  return deployment.state === 'running' && deployment.run === undefined
    ? happen({ type: 'run-started', run })
    : NOTHING;
}

/** The run could not be started and nothing of it is at the provider. */
export function decideStartRefused(deployment: Deployment, why: Refusal): Decision {
  if (deployment.state !== 'running' || deployment.run !== undefined) return NOTHING;
  const { cancellation } = deployment;
  return cancellation === undefined
    ? happen({ type: 'failed', failure: why })
    : happen({ type: 'cancelled', reason: cancellation.reason });
}

/** The provider says how the run is. Only a success of the approved commit, and of no other artifact than the approved, is a success. */
export function decideSeen(deployment: Deployment, snapshot: Snapshot, now: string, timeoutMs: number): Decision {
  if (deployment.state !== 'running') return NOTHING;
  const events: DeploymentEvent[] = [];
  if (deployment.silentSince !== undefined) events.push({ type: 'contact-regained' });
  if (differs(deployment, snapshot)) events.push(progress(snapshot));
  const end = ending(deployment, snapshot, now, timeoutMs);
  if (end !== undefined) events.push(end);
  return events.length === 0 ? NOTHING : happen(...events);
}

function progress(snapshot: Snapshot): DeploymentEvent {
  const { state, steps, sha, url } = snapshot;
  return {
    type: 'progressed',
    runState: state,
    steps,
    ...(sha === undefined ? {} : { sha }),
    ...named(namedBy(snapshot)),
    ...(snapshot.waits === undefined || snapshot.waits.length === 0 ? {} : { waits: snapshot.waits }),
    ...(url === undefined ? {} : { url }),
  };
}

/** What the run names; nothing when it names none. */
function namedBy({ artifacts = [] }: Snapshot): readonly Artifact[] | undefined {
  const reported = reportedArtifacts(artifacts).artifacts;
  return reported.length === 0 ? undefined : reported;
}

function named(artifacts: readonly Artifact[] | undefined): { readonly artifacts?: readonly Artifact[] } {
  return artifacts === undefined ? {} : { artifacts };
}

function differs(deployment: Deployment, snapshot: Snapshot): boolean {
  const { state, steps, sha } = snapshot;
  const artifacts = namedBy(snapshot);
  if (artifacts !== undefined && !sameArtifacts(artifacts, deployment.runArtifacts ?? [])) return true;
  if (!sameWaits(snapshot.waits, deployment.waits)) return true;
  if (deployment.runState !== state || (sha !== undefined && deployment.runSha !== sha)) return true;
  return (
    deployment.steps.length !== steps.length || steps.some((step, index) => !sameStep(step, deployment.steps[index]))
  );
}

function sameStep(one: Step, other: Step | undefined): boolean {
  return one.name === other?.name && one.state === other.state;
}

function ending(
  deployment: Deployment,
  snapshot: Snapshot,
  now: string,
  timeoutMs: number,
): DeploymentEvent | undefined {
  const approved = deployment.findings?.sha;
  const seen = snapshot.sha ?? deployment.runSha;
  if (seen !== undefined && seen !== approved) return failed(mismatch(approved, seen));
  const artifacts = namedBy(snapshot) ?? deployment.runArtifacts;
  const stray = strayAmong(artifacts ?? [], deployment.plan?.artifacts ?? []);
  if (stray !== undefined) return failed(strange(stray));
  switch (snapshot.state) {
    case 'succeeded':
      return seen === undefined ? failed(unconfirmed()) : { type: 'succeeded', sha: seen, ...named(artifacts) };
    case 'failed':
      return failed(
        refusal('run-failed', snapshot.error ?? 'The pipeline failed.', 'Look at the log, mend it, then use Retry.'),
      );
    case 'timed-out':
      return failed(timedOut(timeoutMs));
    case 'cancelled':
      return cancelled(deployment);
    default:
      return overdue(deployment, now, timeoutMs) ? failed(timedOut(timeoutMs)) : undefined;
  }
}

function cancelled({ cancellation }: Deployment): DeploymentEvent {
  if (cancellation !== undefined) return { type: 'cancelled', reason: cancellation.reason };
  return failed(
    refusal('run-cancelled-outside', 'Somebody stopped the run at the provider.', 'Ask there, then use Retry.'),
  );
}

function failed(failure: Refusal): DeploymentEvent {
  return { type: 'failed', failure };
}

/** The provider's own limit should end a run first; this is the net beneath it. */
function overdue(deployment: Deployment, now: string, timeoutMs: number): boolean {
  return deployment.startedAt !== undefined && Date.parse(now) - Date.parse(deployment.startedAt) > timeoutMs;
}

function timedOut(timeoutMs: number): Refusal {
  return refusal(
    'run-timed-out',
    `The run did not end within ${duration(timeoutMs)} and was stopped.`,
    'Look at the log; raise `timeout` if it needs longer.',
  );
}

function mismatch(approved: string | undefined, seen: string): Refusal {
  const sentence = `The provider ran ${seen.slice(0, 7)} although ${approved?.slice(0, 7) ?? 'another commit'} was approved; the run was stopped.`;
  return refusal('sha-mismatch', sentence, 'Check what the pipeline checks out, and what is on the target now.');
}

function strange({ one, other }: Clash): Refusal {
  const sentence = `The run brought "${one.name}" as ${shortDigest(other)} although ${shortDigest(one)} was approved; the run was stopped.`;
  const next =
    'Let the pipeline deploy what it is given instead of building anew, and check what is on the target now.';
  return refusal('artifact-mismatch', sentence, next);
}

function unconfirmed(): Refusal {
  return refusal('sha-mismatch', 'The provider did not say which commit it ran.', 'Check what is on the target now.');
}

/** How long a provider may be silent before people are told, in milliseconds. */
const SILENCE_MS = 60_000;

/** The provider could not be asked. `failingSince`: the first of the looks that failed in a row. */
export function decideSilent(deployment: Deployment, failingSince: string, now: string, timeoutMs: number): Decision {
  if (deployment.state !== 'running') return NOTHING;
  if (overdue(deployment, now, timeoutMs * 2)) {
    return happen(
      failed(
        refusal(
          'run-lost',
          'The provider gave no news for too long; nobody knows how the run ended.',
          'Look at the provider and at the target, then use Retry or Rollback.',
        ),
      ),
    );
  }
  if (deployment.silentSince !== undefined) return NOTHING;
  return Date.parse(now) - Date.parse(failingSince) >= SILENCE_MS ? happen({ type: 'contact-lost' }) : NOTHING;
}

/** The provider no longer knows the run. */
export function decideLost(deployment: Deployment): Decision {
  if (deployment.state !== 'running') return NOTHING;
  return happen(
    failed(
      refusal(
        'run-lost',
        'The provider does not know this run any more.',
        'Look at the target, then use Retry or Rollback.',
      ),
    ),
  );
}
