import { shortSha } from '../../src/domain/change-set.ts';
import { type Deployment, stateWords } from '../../src/domain/deployment.ts';
import {
  type AnyEvent,
  type DeploymentEvent,
  deploymentStream,
  type Entry,
  type Stream,
} from '../../src/domain/event.ts';
import type { Refusal } from '../../src/domain/refusal.ts';
import { counted, duration } from '../../src/domain/text.ts';
import { isNewer, newerEvent } from '../../src/domain/vocabulary.ts';
import type { Store } from '../../src/ports/store.ts';
import type { CommandIo } from './io.ts';

const BATCH = 500;

/** Prints what happened to one deployment, an entry a line. Exit code 1 when there is none of that number. */
export async function showDeployment(
  store: Pick<Store, 'deployment' | 'entries'>,
  wanted: string,
  io: CommandIo,
): Promise<number> {
  const id = `D-${wanted.replace(/^d-/i, '')}`;
  const deployment = await store.deployment(id);
  if (deployment === undefined) {
    io.err(`There is no deployment "${safe(wanted)}". \`audit export\` lists them all.\n`);
    return 1;
  }
  io.out(headOf(deployment));
  await printEntries(store, deploymentStream(id), io, (event) => wordsOf(event as DeploymentEvent));
  return 0;
}

/** Prints every entry of a stream, one a line, and says how many there were. */
export async function printEntries(
  store: Pick<Store, 'entries'>,
  stream: Stream,
  io: CommandIo,
  words: (event: AnyEvent) => string,
): Promise<number> {
  let count = 0;
  for (let after = 0; ; ) {
    const batch = await store.entries({ stream, after, limit: BATCH });
    for (const entry of batch) io.out(lineOf(entry, words));
    count += batch.length;
    const last = batch.at(-1);
    if (last === undefined) return count;
    after = last.seq;
  }
}

function headOf({ id, service, environment, ref, findings, state, requester }: Deployment): string {
  const sha = findings === undefined ? '' : ` (${findings.sha})`;
  const { word, sentence } = stateWords(state);
  return safe(
    `${id} · ${service} → ${environment} · ${ref}${sha} · asked for by ${requester.name}\n${word}. ${sentence}\n\n`,
  );
}

function lineOf({ seq, at, by, event, format, hash }: Entry, words: (event: AnyEvent) => string): string {
  const when = `${at.slice(0, 19).replace('T', ' ')} UTC`;
  const who = by.known ? by.name : `${by.name} (${by.id})`;
  const said = isNewer(format) ? newerEvent(event.type) : words(event);
  const line = safe(said).replaceAll('\n', ' ');
  return `${String(seq).padStart(6)}  ${when}  ${safe(who)}: ${line}  [${hash.slice(0, 12)}]\n`;
}

/** What people typed must not steer the terminal of whoever reads. */
export function safe(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, ' ');
}

/** One event in one sentence. */
function wordsOf(event: DeploymentEvent): string {
  switch (event.type) {
    case 'requested':
      return `asked to deploy ${event.request.ref} (${event.request.kind})${because(event.request.reason)}`;
    case 'findings-gathered': {
      const { sha, changeSet, checks } = event.findings;
      return `found ${counted(changeSet.commits.length, 'commit')} up to ${shortSha(sha)}, checks ${checks.state}`;
    }
    case 'refused':
    case 'approval-denied':
      return `${event.type === 'refused' ? 'refused' : event.wish === undefined ? 'may not countersign' : `no ${event.wish}`}: ${sentencesOf(event.refusals)}`;
    case 'approval-asked':
      return `asked for a countersignature until ${event.expiresAt}, plan ${event.plan.hash.slice(0, 12)}`;
    case 'countersigned': {
      const { through, groups, binding } = event.countersignature;
      return `countersigned as ${groups.join(', ')} through ${through.system} ${through.id}, binding ${binding.slice(0, 12)}`;
    }
    case 'rejected':
    case 'approvals-voided':
    case 'cancelled':
    case 'cancel-asked':
      return `${PLAIN[event.type]}${because(event.reason)}`;
    case 'queued':
      return `cleared to go, plan ${event.plan.hash.slice(0, 12)}`;
    case 'dispatched':
      return `sent to the provider${event.expectedMs === undefined ? '' : `, usually ${duration(event.expectedMs)}`}`;
    case 'run-started':
      return `run ${event.run.id} of ${event.run.provider} began${event.run.url === undefined ? '' : `: ${event.run.url}`}`;
    case 'progressed': {
      const done = event.steps.filter(({ state }) => state === 'succeeded').length;
      return `the run is ${event.runState}, ${done} of ${counted(event.steps.length, 'step')} done`;
    }
    case 'succeeded':
      return `${shortSha(event.sha)} runs there now`;
    case 'failed':
      return `failed: ${sentencesOf([event.failure])}`;
    case 'rollback-began':
      return `is being rolled back by ${event.by}`;
    case 'rollback-ended':
      return `${event.by} ended: ${event.outcome}`;
    case 'card-undelivered':
      return `the card could not be delivered to ${event.place.chat} ${event.place.channel}: ${event.code}`;
    case 'escalated':
      return `@${event.group} was silent: @${event.to} may decide in its place`;
    case 'wait-answered':
      return `“${event.wait.name}” was answered at the provider${because(event.words)}`;
    case 'wait-unanswered':
      return `“${event.wait.name}” could not be answered at the provider: ${sentencesOf([event.why])}`;
    case 'glass-broken':
      return `went on without the countersignatures${because(event.reason)}`;
    default:
      return PLAIN[event.type];
  }
}

const PLAIN = {
  'checks-started': 'began to work out what would change',
  reminded: 'reminded the approvers',
  nudged: 'nudged the approvers',
  'approvals-voided': 'voided the countersignatures',
  rejected: 'rejected it',
  expired: 'nobody decided in time',
  'contact-lost': 'the provider gives no news',
  'contact-regained': 'the provider gives news again',
  'cancel-asked': 'asked the run to stop',
  cancelled: 'cancelled it',
} as const;

function because(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : `: ${reason}`;
}

function sentencesOf(refusals: readonly Refusal[]): string {
  return refusals.map(({ sentence, code }) => `${sentence} [${code}]`).join(' ');
}
