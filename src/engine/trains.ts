import type { Decision } from '../domain/decide.ts';
import { deny, NOTHING } from '../domain/decide.ts';
import {
  decideTrainApprove,
  decideTrainCancel,
  decideTrainNudge,
  decideTrainReject,
  partRefusal,
  type TrainDecision,
} from '../domain/decide-train.ts';
import type { Deployment } from '../domain/deployment.ts';
import { deploymentStream } from '../domain/event.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { asPart, hasNotBegun } from '../domain/train.ts';
import { isForeign } from '../domain/vocabulary.ts';
import { cancelRight } from './access.ts';
import { configured, newerThere, renewal } from './admission.ts';
import { no, orUnwritable } from './answers.ts';
import { consequencesOf } from './consequences.ts';
import { lentMemberships } from './delegations.ts';
import type { Answer, Caller, Wish } from './door.ts';
import type { Groups } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { notedOnce } from './old-card.ts';
import { trainOf } from './train-rows.ts';
import { type Move, type Proposal, transact } from './transact.ts';
import { askedOf, outdated, removed } from './words-asked.ts';

/** A person's word on a whole train: heard for all of its members, or for none, in one transaction. */
export function actOnTrain(kit: Kit, groups: Groups, caller: Caller, id: string, wish: Wish): Promise<Answer> {
  return orUnwritable<Answer>(kit, () =>
    transact<Answer>(kit, { key: caller.key }, async () => {
      const members = await trainOf(kit.store, id);
      const why = members === undefined ? unknownTrain(id) : await unheard(kit, caller, members, wish);
      if (members === undefined || why !== undefined) return { moves: [], answer: () => no(why ?? unknownTrain(id)) };
      const judged = await judge(kit, groups, caller, members, wish);
      const noted = judged.members.map(async ({ before, decision }) => ({
        before,
        decision: await notedOnce(kit, before, caller.person, decision),
      }));
      return proposalOf(kit, caller, members, { ...judged, members: await Promise.all(noted) });
    }),
  );
}

export function unknownTrain(id: string): Refusal {
  return refusal('unknown-train', `There is no train ${id}.`, '`list` shows what is open, `history` what has ended.');
}

/** Why this word is not even judged. */
async function unheard(
  kit: Kit,
  caller: Caller,
  members: readonly Deployment[],
  wish: Wish,
): Promise<Refusal | undefined> {
  if (caller.external)
    return refusal(
      'external-person',
      'People from outside this workspace may look, but not act.',
      'Ask somebody of the team.',
    );
  const [first] = members;
  if (wish.verb === 'break-glass' && first !== undefined) return partRefusal(first, wish.verb);
  for (const one of members) {
    const newer = isForeign(one) ? newerRefusal(one.id) : await newerThere(kit, one);
    if (newer !== undefined) return newer;
  }
  const gone =
    wish.verb === 'cancel' ? undefined : members.find((one) => hasNotBegun(one) && configured(kit, one) === undefined);
  return gone === undefined ? undefined : removed(gone);
}

async function judge(
  kit: Kit,
  groups: Groups,
  caller: Caller,
  members: readonly Deployment[],
  wish: Wish,
): Promise<TrainDecision> {
  const by = caller.person;
  if (wish.verb === 'nudge') return decideTrainNudge(members, now(kit));
  const renewed = wish.verb === 'approve' ? renewals(kit, members) : undefined;
  if (renewed !== undefined) return renewed;
  const words = await wordsOf(kit, groups, caller, members);
  const of = (member: Deployment) => words.get(member.id) ?? { memberships: [], access: 'unsaid' as const };
  if (wish.verb === 'approve')
    return decideTrainApprove(
      members,
      (member) => {
        const { access: _cancel, ...word } = of(member);
        return { by, through: caller.account, ...word, now: now(kit) };
      },
      wish.revision,
    );
  if (wish.verb === 'reject') {
    const { reason, revision } = wish;
    return decideTrainReject(members, (member) => ({ by, reason, memberships: of(member).memberships }), revision);
  }
  const reason = wish.verb === 'cancel' ? (wish.reason ?? '') : '';
  return decideTrainCancel(members, (member) => {
    const { memberships, access } = of(member);
    return { by, reason, memberships, access };
  });
}

/** What the person may say on each member. A word that was lent by somebody who had a hand in any of them counts for none. */
async function wordsOf(kit: Kit, groups: Groups, { person }: Caller, members: readonly Deployment[]) {
  const read = await Promise.all(
    members.map(async (member) => {
      const judged = asPart(member, members);
      const word = await lentMemberships(kit, groups, person, judged, askedOf(kit, member));
      return [member.id, { ...word, access: await cancelRight(groups, person, configured(kit, member)) }] as const;
    }),
  );
  return new Map(read);
}

/** The configuration has changed under a member: it is worked out anew, and with it the whole train is asked again. */
function renewals(kit: Kit, members: readonly Deployment[]): TrainDecision | undefined {
  const renewed = members
    .map((before) => ({ before, decision: renewal(kit, before) }))
    .filter(({ decision }) => decision.kind === 'events');
  const first = renewed[0];
  if (first === undefined) return undefined;
  return { refusals: [outdated(first.before)], members: renewed };
}

async function proposalOf(
  kit: Kit,
  caller: Caller,
  members: readonly Deployment[],
  { refusals, members: decided }: TrainDecision,
): Promise<Proposal<Answer>> {
  // Whoever is not moved was looked at all the same.
  const heeds = members.map(({ id, version }) => ({ stream: deploymentStream(id), version }));
  const moves = decided.map(({ before, decision }): Move => {
    const events = eventsOf(decision).map((event) => ({ event, by: caller.person }));
    return { before, events, heeds };
  });
  const more = await Promise.all(moves.map((move) => consequencesOf(kit, move)));
  return {
    moves: [...moves, ...more.flatMap((one) => one.moves)],
    others: more.flatMap((one) => one.others),
    effects: more.flatMap((one) => one.effects),
    wakeups: more.flatMap((one) => one.wakeups),
    answer: (after) => {
      const lead = after.find(({ id }) => id === members[0]?.id) ?? members[0];
      if (lead === undefined) return no(...refusals);
      return refusals.length === 0
        ? { kind: 'done', deployment: lead }
        : { kind: 'refused', refusals, deployment: lead };
    },
  };
}

function eventsOf(decision: Decision) {
  return decision.kind === 'nothing' ? [] : decision.events;
}

/** What somebody says on one member alone: looking and cancelling are fine, deciding is for the whole train. */
export function decidedAsOne(before: Deployment, wish: Wish): Decision {
  if (before.train === undefined || wish.verb === 'cancel') return NOTHING;
  return deny([partRefusal(before, wish.verb)]);
}
