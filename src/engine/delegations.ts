import type { Rule } from '../domain/catalog.ts';
import { REASON_LIMIT } from '../domain/decide.ts';
import { delegationRefusal, delegatorsOf, isOn, mayLend, withLent } from '../domain/delegation.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { NewEffect } from '../domain/effect.ts';
import { personStream } from '../domain/event.ts';
import type { Notice } from '../domain/notice.ts';
import { type Person, sameHuman } from '../domain/person.ts';
import type { Delegation, PersonEvent } from '../domain/person-book.ts';
import type { Membership } from '../domain/policy.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { newerRefusal } from '../domain/refusals.ts';
import { noticeLane } from '../domain/urgent.ts';
import { isForeign, isNewer } from '../domain/vocabulary.ts';
import { no, orUnwritable } from './answers.ts';
import type { Caller } from './door.ts';
import { cardEffect } from './effects.ts';
import type { Groups } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { hearings } from './places.ts';
import { type Proposal, transact } from './transact.ts';

/** Somebody is away: `to` (an id of the configuration) decides in their stead until then. Times are ISO 8601 in UTC. */
export interface AwayWish {
  readonly to?: string;
  readonly until: string;
  readonly reason?: string;
}

export type DelegationAnswer =
  | { readonly kind: 'done'; readonly delegation: Pick<Delegation, 'to' | 'from' | 'until' | 'reason'> }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'duplicate' };

/**
 * Whose word this person may give on a deployment: their own, and that of those who have handed theirs over for now. Only own
 * memberships of a delegator count, so a word that was lent is not lent on.
 */
export async function lentMemberships(
  kit: Kit,
  groups: Groups,
  by: Person,
  before: Deployment,
  rules: readonly Rule[],
): Promise<{ readonly memberships: readonly Membership[]; readonly onBehalfOf?: Person }> {
  const [own, books] = await Promise.all([groups.memberships(by, rules), kit.store.personBooks()]);
  const lenders = delegatorsOf(by, books, kit.catalog().people, now(kit)).filter((one) => mayLend(one, before));
  const lent = await Promise.all(
    lenders.map(async (from) => ({ from, memberships: await groups.memberships(from, rules) })),
  );
  return withLent(own, lent);
}

/** Writes down that somebody else decides in the caller's stead, and tells them. */
export function goAway(kit: Kit, caller: Caller, wish: AwayWish): Promise<DelegationAnswer> {
  return orUnwritable<DelegationAnswer>(kit, () =>
    transact<DelegationAnswer>(kit, { key: caller.key }, async () => {
      const { person } = caller;
      const to = kit.catalog().people.all.find(({ id }) => id === wish.to);
      const at = now(kit);
      const reason = wish.reason?.trim() ?? '';
      const span = { from: at, until: wish.until };
      const book = await kit.store.personBook(person.id);
      const why = stopped(caller, book) ?? tooLong(reason) ?? delegationRefusal(person, to, span, at);
      if (why !== undefined || to === undefined)
        return { moves: [], answer: () => no(...(why === undefined ? [] : [why])) };
      const delegation = { to, ...span, ...(reason === '' ? {} : { reason }) };
      const { delegation: former } = book;
      const ended = former !== undefined && former.to.id !== to.id && isOn(former, at) ? [former.to] : [];
      const notices: readonly (readonly [Person, Notice])[] = [
        ...ended.map((one): readonly [Person, Notice] => [one, { kind: 'delegation-ended', by: person }]),
        [to, { kind: 'delegated', by: person, ...span, ...(reason === '' ? {} : { reason }) }],
      ];
      return written(
        kit,
        caller,
        book.version,
        { type: 'delegated', ...delegation },
        notices,
        await asking(kit, person),
        () => ({
          kind: 'done',
          delegation,
        }),
      );
    }),
  );
}

/** The caller decides in person again. */
export function comeBack(kit: Kit, caller: Caller): Promise<DelegationAnswer> {
  return orUnwritable<DelegationAnswer>(kit, () =>
    transact<DelegationAnswer>(kit, { key: caller.key }, async () => {
      const book = await kit.store.personBook(caller.person.id);
      const { delegation } = book;
      const why = stopped(caller, book);
      if (why !== undefined) return { moves: [], answer: () => no(why) };
      if (delegation === undefined || delegation.until <= now(kit)) return { moves: [], answer: () => no(notAway()) };
      const notice: Notice = { kind: 'delegation-ended', by: caller.person };
      const cards = await asking(kit, caller.person);
      return written(kit, caller, book.version, { type: 'delegation-ended' }, [[delegation.to, notice]], cards, () => ({
        kind: 'done',
        delegation,
      }));
    }),
  );
}

function stopped({ external, person }: Caller, { needs }: { readonly needs?: number }): Refusal | undefined {
  if (external) {
    const sentence = 'People from outside this workspace may look, but not act.';
    return refusal('external-person', sentence, 'Ask somebody of the team.');
  }
  if (!person.known) {
    const sentence = 'Only known people have a word that somebody else could give.';
    return refusal('person-unlinked', sentence, 'Use `whoami` to see what an operator has to add.');
  }
  return isNewer(needs) ? newerRefusal('What you said of yourself') : undefined;
}

function tooLong(reason: string): Refusal | undefined {
  if (reason.length <= REASON_LIMIT) return undefined;
  const sentence = `A reason has at most ${REASON_LIMIT} characters; this one has ${reason.length}.`;
  return refusal('reason-too-long', sentence, 'Shorten it.');
}

function notAway(): Refusal {
  return refusal('not-delegated', 'Nobody decides in your stead.', 'Nothing needs to be done.');
}

function written(
  kit: Kit,
  { person }: Caller,
  version: number,
  event: PersonEvent,
  notices: readonly (readonly [Person, Notice])[],
  cards: readonly NewEffect[],
  answer: () => DelegationAnswer,
): Proposal<DelegationAnswer> {
  const effects = notices.map(([to, notice], at): NewEffect => {
    const name = `notice:${person.id}:${version + 1}:${at}`;
    const effect = { kind: 'notice' as const, notice, to: { person: to } };
    return { key: name, lane: noticeLane(to, notice), mode: 'once', effect, due: kit.clock.now() };
  });
  const entry = { stream: personStream(person.id), event, by: person, at: now(kit) };
  return { moves: [], others: [{ entry, version }], effects: [...effects, ...cards], answer };
}

/** Cards that ask this person: they are drawn anew, so that whoever decides in their stead can press there. */
async function asking(kit: Kit, person: Person): Promise<readonly NewEffect[]> {
  const open = await kit.store.deployments({ states: ['awaiting-approval'], limit: 10_000 });
  const theirs = open.filter(
    (one) =>
      !isForeign(one) &&
      one.findings?.eligible.some(({ may }) => may.some((other) => sameHuman(other, person))) === true,
  );
  const books = theirs.length === 0 ? [] : await kit.store.placeBooks();
  const due = kit.clock.now();
  return theirs.flatMap((one) => hearings(one, kit.catalog(), books).map((hearing) => cardEffect(one, hearing, due)));
}
