import {
  type Decision,
  decideApprove,
  decideCancel,
  decideNudge,
  decideReject,
  deny,
  NOTHING,
} from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import { refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { isForeign } from '../domain/vocabulary.ts';
import { cancelRight } from './access.ts';
import { configured, newerThere, renewal, withAdmission } from './admission.ts';
import { no, orUnwritable } from './answers.ts';
import { consequencesOf } from './consequences.ts';
import { lentMemberships } from './delegations.ts';
import type { Answer, Caller, Wish } from './door.ts';
import { breakGlass } from './glass.ts';
import type { Groups } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { notedOnce } from './old-card.ts';
import { decidedAsOne } from './trains.ts';
import { type Move, type Proposal, transact } from './transact.ts';
import { askedOf, outdated, removed } from './words-asked.ts';

/** A person's word on an existing deployment. Membership is read at this moment, before the decision's transaction begins. */
export function actOn(kit: Kit, groups: Groups, caller: Caller, id: string, wish: Wish): Promise<Answer> {
  return orUnwritable<Answer>(kit, () =>
    transact<Answer>(kit, { key: caller.key }, async (occupied) => {
      const before = await kit.store.deployment(id);
      if (before === undefined)
        return {
          moves: [],
          answer: () => no(refusal('unknown-deployment', `There is no deployment ${id}.`, 'See `history`.')),
        };
      if (caller.external)
        return {
          moves: [],
          answer: () =>
            no(
              refusal(
                'external-person',
                'People from outside this workspace may look, but not act.',
                'Ask somebody of the team.',
              ),
            ),
        };
      const newer = isForeign(before) ? newerRefusal(id) : await newerThere(kit, before);
      if (newer !== undefined) return { moves: [], answer: () => no(newer) };
      const judged = await judge(kit, groups, caller, before, wish);
      return proposalOf(kit, before, await notedOnce(kit, before, caller.person, judged), caller, occupied);
    }),
  );
}

async function judge(kit: Kit, groups: Groups, caller: Caller, before: Deployment, wish: Wish): Promise<Decision> {
  const by = caller.person;
  const part = decidedAsOne(before, wish);
  if (part.kind !== 'nothing') return part;
  if (configured(kit, before) === undefined && before.state === 'awaiting-approval' && wish.verb !== 'cancel')
    return deny([removed(before)]);
  const renewed = wish.verb === 'approve' || wish.verb === 'break-glass' ? renewal(kit, before) : NOTHING;
  if (renewed.kind === 'events') return deny([outdated(before)], renewed.events);
  if (wish.verb === 'nudge') return decideNudge(before, now(kit));
  if (wish.verb === 'break-glass') return breakGlass(kit, before, caller, wish);
  const { memberships, ...lent } = await lentMemberships(kit, groups, by, before, askedOf(kit, before));
  switch (wish.verb) {
    case 'approve':
      return decideApprove(before, {
        by,
        through: caller.account,
        memberships,
        ...lent,
        now: now(kit),
        ...revision(wish),
      });
    case 'reject':
      return decideReject(before, { by, reason: wish.reason, memberships, ...revision(wish) });
    default:
      return decideCancel(before, {
        ...{ by, reason: wish.reason ?? '', memberships },
        access: await cancelRight(groups, by, configured(kit, before)),
      });
  }
}

function revision(wish: { readonly revision?: number }): { readonly revision?: number } {
  return wish.revision === undefined ? {} : { revision: wish.revision };
}

async function proposalOf(
  kit: Kit,
  before: Deployment,
  decision: Decision,
  caller: Caller,
  occupied: boolean,
): Promise<Proposal<Answer>> {
  const events = decision.kind === 'nothing' ? [] : decision.events.map((event) => ({ event, by: caller.person }));
  const refusals = decision.kind === 'refused' ? decision.refusals : [];
  const opened = await withAdmission(kit, { before, events }, occupied);
  const more = await consequencesOf(kit, opened.move);
  return {
    ...joined(opened.move, more),
    effects: [...opened.effects, ...more.effects],
    answer: ([after]) => {
      const deployment = after ?? before;
      if (refusals.length === 0) return { kind: 'done', deployment };
      const code = decision.kind === 'refused' && decision.code !== undefined ? { code: decision.code } : {};
      return { kind: 'refused', refusals, deployment, ...code };
    },
  };
}

export function joined(
  move: Move,
  more: Awaited<ReturnType<typeof consequencesOf>>,
): Pick<Proposal<unknown>, 'moves' | 'others' | 'wakeups'> {
  return { moves: [move, ...more.moves], others: more.others, wakeups: more.wakeups };
}
