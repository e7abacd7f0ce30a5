import { groupWords } from './code-owners.ts';
import { type Deployment, stateWords } from './deployment.ts';
import { type Account, type Person, sameHuman } from './person.ts';
import { type Exclusion, exclusionOf, type Membership, type Part } from './policy.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Somebody presses Approve. Membership was read at this very moment. */
export interface ApproveWish {
  readonly by: Person;
  readonly through: Account;
  readonly memberships: readonly Membership[];
  /** Whose word is lent to them; the memberships hold theirs, too. */
  readonly onBehalfOf?: Person;
  readonly revision?: number;
  readonly now: string;
}

/** Somebody decides on what is not (any more) to be decided: says what became of it, and by whom. */
export function decidedRefusal(deployment: Deployment): Refusal | undefined {
  const { state, id } = deployment;
  if (state === 'awaiting-approval') return undefined;
  if (state === 'requested' || state === 'checking') {
    return refusal('not-awaiting-approval', `${id} is still being checked.`, 'Wait until the card asks for approval.');
  }
  if (deployment.rejection !== undefined) {
    return refusal(
      'already-decided',
      `${deployment.rejection.by.name} has already rejected ${id}.`,
      'Ask for the deployment again.',
    );
  }
  const last = deployment.countersignatures.at(-1);
  if (last !== undefined && (state === 'queued' || state === 'running' || state === 'succeeded')) {
    return refusal('already-decided', `${last.by.name} has already approved ${id}.`, 'Nothing more is needed.');
  }
  const word = stateWords(state).word.toLowerCase();
  return refusal('not-awaiting-approval', `${id} does not wait for approval: it is ${word}.`, `See \`status ${id}\`.`);
}

/** What is asked for touches something that a newer version works on, while an upgrade is rolled out. `what`: e.g. `D-12`. */
export function newerRefusal(what: string): Refusal {
  const sentence = `${what} is in the hands of a newer version of Countersign that is just being rolled out.`;
  return refusal('newer-version', sentence, 'Try again in a minute.');
}

/** A click on a copy of the card that showed something else. */
export function staleRefusal(deployment: Deployment, revision: number | undefined): Refusal | undefined {
  if (revision === undefined || revision === deployment.revision) return undefined;
  return refusal(
    'request-changed',
    'This request has changed since that card was drawn.',
    `Look at the present card of ${deployment.id} and decide again.`,
  );
}

const PARTS: Readonly<Record<Part, string>> = {
  requester: 'asked for it',
  author: 'wrote commits of it',
  'co-author': 'is a co-author of it',
  committer: 'committed to it',
  merger: 'merged it',
};

/** e.g. `asked for it and wrote commits of it (1a2b3c4)`. Whoever wrote something has committed it too: that goes without saying. */
export function partWords(exclusion: Exclusion): string {
  const said = exclusion.parts.filter((part) => part !== 'committer' || !exclusion.parts.includes('author'));
  const parts = said.map((part) => PARTS[part]);
  const words = [parts.slice(0, -1).join(', '), parts.at(-1)].filter((part) => part !== '').join(' and ');
  return exclusion.commits.length === 0 ? words : `${words} (${exclusion.commits.join(', ')})`;
}

/** Everything that keeps this person from countersigning, all at once. */
export function approvalRefusals(
  deployment: Deployment,
  excluded: readonly Exclusion[],
  wish: ApproveWish,
): readonly Refusal[] {
  const { by, memberships } = wish;
  const found: Refusal[] = [];
  if (!by.known) found.push(unlinked(by));
  const exclusion = exclusionOf(by, excluded);
  if (exclusion !== undefined) found.push(ownWork(exclusion));
  if (deployment.countersignatures.some((one) => sameHuman(one.by, by))) {
    found.push(
      refusal('already-countersigned', 'You have already countersigned this.', 'Another person is still needed.'),
    );
  }
  const stead = deployment.countersignatures.find(
    (one) => one.onBehalfOf !== undefined && sameHuman(one.onBehalfOf, by),
  );
  if (stead !== undefined) {
    const sentence = `${stead.by.name} has already countersigned this in your stead.`;
    found.push(refusal('already-countersigned', sentence, 'Another person is still needed.'));
  }
  const outside = outsideRefusal(memberships);
  if (by.known && outside !== undefined) found.push(outside);
  return found;
}

function unlinked(by: Person): Refusal {
  const sentence = `Nobody has said whose account "${by.name}" is, so it cannot be told whether you had a hand in this.`;
  return refusal(
    'person-unlinked',
    sentence,
    'If another chat of this bot knows you, type `link` there. Else ask an operator to add your accounts under `people` in the configuration; `whoami` shows what to add.',
  );
}

function ownWork(exclusion: Exclusion): Refusal {
  const asked = exclusion.parts.includes('requester');
  const sentence = asked
    ? 'You asked for this deployment, so you cannot also approve it.'
    : `You cannot approve this, because you had a hand in it: you ${partWords(exclusion).replace('is a', 'are a')}.`;
  return refusal(
    asked ? 'requester-may-not-approve' : 'contributor-may-not-approve',
    sentence,
    'A person without a part in it must countersign.',
  );
}

/** Nobody of this account's groups is asked, or the groups could not be read: unreadable is never taken for yes. */
function outsideRefusal(memberships: readonly Membership[]): Refusal | undefined {
  if (memberships.some(({ member }) => member === true)) return undefined;
  if (memberships.length === 0) {
    const sentence = 'The configuration asks nobody to decide on this any more.';
    return refusal('not-in-group', sentence, 'Cancel it, and ask for the deployment again.');
  }
  const names = memberships.map(({ group }) => groupWords(group)).join(', ');
  if (memberships.some(({ member }) => member === 'unreadable')) {
    return refusal(
      'group-unreadable',
      `It could not be read whether you belong to ${names}.`,
      'Try again in a minute; if it stays, tell an operator.',
    );
  }
  return refusal('not-in-group', `Only ${names} can decide on this.`, 'Use Nudge to tell them.');
}

/** Somebody rejects who is no approver of this target. */
export function bystanderRefusal(
  deployment: Deployment,
  by: Person,
  memberships: readonly Membership[],
): Refusal | undefined {
  if (!by.known) return unlinked(by);
  const outside = outsideRefusal(memberships);
  if (outside === undefined) return undefined;
  if (exclusionOf(by, deployment.findings?.excluded ?? []) === undefined) return outside;
  return { ...outside, next: `Use \`cancel ${deployment.id}\` to call it off.` };
}
