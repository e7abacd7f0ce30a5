import { groupWords } from '../code-owners.ts';
import { type Deployment, knowsState, STATES, stateWords } from '../deployment.ts';
import { lockedBy } from '../held.ts';
import { satisfied } from '../policy.ts';
import { newerRefusal } from '../refusals.ts';
import { askedProgress } from '../rules.ts';
import type { Wait } from '../run.ts';
import { closed, duration } from '../text.ts';
import { isForeign } from '../vocabulary.ts';
import { toAnswer } from '../waits.ts';
import type { TellContext } from './context.ts';
import { waitingWords } from './terms.ts';
import { holdWords } from './train-words.ts';

/** A run that has not begun after this many milliseconds is spoken of. */
export const NOT_STARTED_MS = 120_000;

/** One plain sentence (or two) on what is happening and what is needed. */
export function happening(deployment: Deployment, context: TellContext): string {
  const { state } = deployment;
  if (isForeign(deployment)) return foreignWords(deployment);
  switch (state) {
    case 'awaiting-approval':
      return `Waiting for a countersignature${stillNeeded(deployment)}.`;
    case 'queued':
      return queueWords(deployment, context);
    case 'running':
      return runningWords(deployment, context.now);
    case 'rolling-back':
      return `${STATES[state].sentence} (${deployment.undoneBy ?? 'rollback'})`;
    case 'rolled-back':
      return `The former version runs again, brought back by ${deployment.undoneBy ?? 'a rollback'}.`;
    case 'failed':
      return failureWords(deployment);
    case 'rejected':
      return `${deployment.rejection?.by.name ?? 'An approver'} said no: ${deployment.rejection?.reason ?? ''}`;
    case 'cancelled':
      return `${deployment.cancellation?.by.name ?? 'Somebody'} called it off${suffix(deployment.cancellation?.reason)}.`;
    case 'refused':
      return deployment.refusals.map(({ sentence }) => closed(sentence)).join(' ') || STATES[state].sentence;
    default:
      return STATES[state].sentence;
  }
}

/** A newer version is at it: its state is named, and nothing is guessed. */
function foreignWords({ id, state }: Deployment): string {
  const { sentence } = newerRefusal(id);
  return knowsState(state) ? sentence : `${stateWords(state).sentence} ${sentence}`;
}

function suffix(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : `: ${reason}`;
}

function stillNeeded(deployment: Deployment): string {
  const progress = askedProgress(deployment);
  if (satisfied(progress)) return '';
  const words = progress
    .filter(({ rule, by }) => by.length < rule.count)
    .map(({ rule, by }) => `${rule.count - by.length} of ${groupWords(rule.group)}`);
  return `: ${words.join(' and ')}`;
}

function queueWords(deployment: Deployment, context: TellContext): string {
  const { queue } = context;
  if (queue?.lock !== undefined && queue.lock.cause !== deployment.id) {
    const { lock, lockScope } = queue;
    const wide = lockScope === undefined || lockScope.kind === 'target' ? undefined : lockScope;
    const { service, environment } = deployment;
    const what = lockedBy({ scope: wide ?? { kind: 'target', service, environment }, lock });
    return `Waiting: ${wide === undefined ? `the target is ${what}` : what} (${lock.reason}).`;
  }
  const waiting = heldWords(deployment, context) ?? waitingWords(deployment, context);
  if (waiting !== undefined) return waiting;
  if (queue?.behind === undefined) return STATES.queued.sentence;
  const begins = queue.startsInMs === undefined ? '' : `, begins in about ${roundly(queue.startsInMs)}`;
  return `Position ${queue.position} in the queue, behind ${queue.behind.id} (${queue.behind.requester})${begins}.`;
}

function heldWords(deployment: Deployment, { train }: TellContext): string | undefined {
  return train?.hold === undefined ? undefined : holdWords(train.hold, deployment);
}

/** Whole minutes: nobody believes an estimate in seconds. */
function roundly(milliseconds: number): string {
  return duration(Math.max(1, Math.round(milliseconds / 60_000)) * 60_000);
}

function runningWords(deployment: Deployment, now: string): string {
  const { startedAt, silentSince, cancellation, runState, steps, waits = [] } = deployment;
  const elapsed = Date.parse(now) - Date.parse(startedAt ?? now);
  if (cancellation !== undefined)
    return `${cancellation.by.name} asked the run to stop${suffix(cancellation.reason)}; waiting for the provider.`;
  if (silentSince !== undefined) {
    const last = steps.findLast(({ state }) => state !== 'waiting');
    return `Status unknown since ${silentSince.slice(11, 16)} UTC${last === undefined ? '' : `, last seen: ${last.name}`}.`;
  }
  if (waits.length > 0) return waitingThere(deployment, waits);
  if (runState === 'waiting') return 'The provider itself waits for a person.';
  const idle = (runState === undefined || runState === 'queued') && elapsed >= NOT_STARTED_MS;
  return idle ? `The run has not begun for ${duration(elapsed)}; look at the provider.` : STATES.running.sentence;
}

/** The provider asks a person of its own accord. */
function waitingThere(deployment: Deployment, waits: readonly Wait[]): string {
  const names = waits.map(({ name }) => `“${name}”`).join(', ');
  const ours = toAnswer(deployment).filter(({ id }) => deployment.unanswered?.[id] === undefined);
  const then = ours.length === waits.length ? 'it is being answered from here' : 'somebody must answer there';
  return `The provider waits for a person: ${names}; ${then}.`;
}

function failureWords(deployment: Deployment): string {
  const { failure, undoneBy } = deployment;
  const tried =
    undoneBy === undefined ? '' : ` ${undoneBy} could not bring the former version back: a person must act.`;
  return failure === undefined
    ? `${STATES.failed.sentence}${tried}`
    : `${closed(failure.sentence)}${tried} ${failure.next}`;
}
