import { shortDigest } from '../artifact.ts';
import { shortSha } from '../change-set.ts';
import { groupName, groupWords } from '../code-owners.ts';
import type { AnyEvent } from '../event.ts';
import { accountWords } from '../links.ts';
import type { Refusal } from '../refusal.ts';
import { counted } from '../text.ts';
import { newerEvent } from '../vocabulary.ts';
import { termsWords } from './subscribed.ts';

type Sentences = { readonly [Type in AnyEvent['type']]: (event: Extract<AnyEvent, { type: Type }>) => string };

/** What somebody tried who was not let, or not yet. */
const DENIED = {
  approve: 'Tried to approve and may not',
  'old-card': 'Tried to approve on an old card',
  rollback: 'Tried to roll it back',
  'break-glass': 'Was asked to confirm that the glass is to be broken',
} as const;

/** What an entry of the log says; its subject is the person beside it. A new event does not compile without its sentence. */
const SENTENCES: Sentences = {
  requested: ({ request: { kind, service, environment, ref, reason } }) =>
    because(
      kind === 'rollback'
        ? `Asked to roll ${service} back in ${environment}`
        : `Asked for ${kind === 'hotfix' ? 'the hotfix ' : ''}${service}@${ref} in ${environment}`,
      reason,
    ),
  'checks-started': () => 'Began to work out what would change',
  'findings-gathered': ({ findings }) =>
    `Found ${counted(findings.commitsTotal, 'change')} up to ${shortSha(findings.sha)}`,
  refused: ({ refusals }) => because('Refused the request', sentences(refusals)),
  'approval-asked': ({ plan }) => `Asked for a countersignature of plan ${plan.hash.slice(0, 8)}`,
  reminded: () => 'Reminded the approvers',
  nudged: () => 'Nudged the approvers',
  escalated: ({ group, to }) => `${groupWords(group)} was silent: ${groupWords(to)} may decide in its place`,
  'glass-broken': ({ reason }) => because('Broke the glass: it goes on without the countersignatures', reason),
  countersigned: ({ countersignature: { groups, onBehalfOf } }) =>
    `Countersigned${groups.length === 0 ? '' : ` for ${groups.map(groupName).join(', ')}`}${onBehalfOf === undefined ? '' : `, on behalf of ${onBehalfOf.name}`}`,
  'approval-denied': ({ refusals, wish }) => {
    const old = wish === undefined && refusals.some(({ code }) => code === 'request-changed');
    return because(DENIED[old ? 'old-card' : (wish ?? 'approve')], sentences(refusals));
  },
  'approvals-voided': ({ reason }) => because('Set the approvals aside', reason),
  rejected: ({ reason }) => because('Rejected it', reason),
  expired: () => 'Closed it: nobody decided in time',
  queued: () => 'Cleared it to go and put it into the queue',
  dispatched: () => 'Told the provider to start',
  'run-started': ({ run }) => `The run began: ${run.provider} ${run.id}`,
  progressed: ({ runState, steps }) => {
    const step = steps.findLast(({ state }) => state === 'running' || state === 'failed');
    return step === undefined ? `The run is ${runState}` : `The run is ${runState}: ${step.name}`;
  },
  'wait-answered': ({ wait, words }) => because(`Answered “${wait.name}” at the provider`, words),
  'wait-unanswered': ({ wait, why }) => because(`“${wait.name}” could not be answered at the provider`, why.sentence),
  'contact-lost': () => 'The provider gave no more news',
  'contact-regained': () => 'The provider gave news again',
  'cancel-asked': ({ reason }) => because('Asked the run to stop', reason),
  cancelled: ({ reason }) => because('Called it off', reason),
  succeeded: ({ sha, artifacts = [] }) =>
    `Succeeded: ${shortSha(sha)} runs there${artifacts.map((one) => `, ${one.name} ${shortDigest(one)}`).join('')}`,
  failed: ({ failure }) => because('Failed', failure.sentence),
  'rollback-began': ({ by }) => `The rollback ${by} began`,
  'rollback-ended': ({ by, outcome }) =>
    outcome === 'rolled-back'
      ? `${by} brought the former version back`
      : `${by} could not bring the former version back`,
  'card-undelivered': ({ place, code }) => `A card could not be delivered to ${place.channel} (${code})`,
  'outside-run': ({ run, workflow, actor, sha, state }) =>
    `${actor} started ${workflow} at ${shortSha(sha)} outside Countersign: ${run.provider} ${run.id} (${state})`,
  deployed: ({ deployment, sha }) => `${deployment} brought ${shortSha(sha)}`,
  locked: ({ reason, expiresAt }) => because(`Locked it${until(expiresAt)}`, reason),
  unlocked: ({ reason }) => because('Unlocked it', reason),
  'lock-taken': ({ reason, expiresAt }) => because(`Took the lock over${until(expiresAt)}`, reason),
  'lock-nagged': () => 'Asked the owner whether the lock is still needed',
  'review-opened': ({ causes, dueAt }) => `Asked for a review of this (${causes.join(', ')}) until ${dueAt}`,
  'review-chased': () => 'Asked again for the review',
  'review-closed': ({ note }) => because('Reviewed it', note),
  delegated: ({ to, from, until: end, reason }) => because(`Let ${to.name} decide from ${from} until ${end}`, reason),
  'delegation-ended': () => 'Decides again in person',
  preferred: () => 'Changed what the bot heeds about them',
  subscribed: (wish) => `Subscribed to ${wish.service} in ${wish.environment} (${termsWords(wish)})`,
  unsubscribed: ({ service, environment }) => `Unsubscribed from ${service} in ${environment}`,
  broken: ({ code }) => `The place cannot be reached (${code})`,
  mended: () => 'The place can be reached again',
  'program-started': ({ version }) => `Version ${version} started`,
  restored: ({ entry, hash }) =>
    `Brought the installation back from a backup, as it was at entry ${entry} (${hash.slice(0, 12)})`,
  'link-offered': ({ account }) => `Asked for a code to link ${accountWords(account)}`,
  'link-claimed': ({ account }) => `Typed that code as ${accountWords(account)}`,
  'account-linked': ({ person, account, with: through }) =>
    `${accountWords(account)} now belongs to ${person}, by the word of ${accountWords(through)}`,
  'account-unlinked': ({ person, account }) => `${accountWords(account)} no longer belongs to ${person}`,
  checkpointed: ({ seq, key }) => `Signed the log up to entry ${seq} with key ${key.slice(0, 12)}`,
  configured: ({ catalog }) => `Put configuration ${catalog.slice(0, 12)} in force`,
};

export function sentenceOf<Type extends AnyEvent['type']>(event: Extract<AnyEvent, { type: Type }>): string {
  const sentence: ((event: Extract<AnyEvent, { type: Type }>) => string) | undefined = SENTENCES[event.type as Type];
  return sentence === undefined ? newerEvent(event.type) : sentence(event);
}

function until(moment: string | undefined): string {
  return moment === undefined ? '' : ` until ${moment}`;
}

function sentences(refusals: readonly Refusal[]): string {
  return refusals.map(({ sentence }) => sentence).join(' ');
}

function because(words: string, reason: string | undefined): string {
  return reason === undefined || reason === '' ? words : `${words}: ${reason}`;
}
