import { evolveReview } from '../domain/books.ts';
import { placeKey } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { NewEffect } from '../domain/effect.ts';
import { type DeploymentEvent, type NewEntry, reviewStream } from '../domain/event.ts';
import type { Notice } from '../domain/notice.ts';
import { BOT, type Person, sameHuman } from '../domain/person.ts';
import { newerRefusal } from '../domain/refusals.ts';
import type { Review } from '../domain/review.ts';
import { closeRefusal, nextChase, reviewFor } from '../domain/reviewing.ts';
import { isForeign, isNewer } from '../domain/vocabulary.ts';
import type { Wakeup } from '../ports/store.ts';
import { no, orUnwritable } from './answers.ts';
import type { Caller, ReviewAnswer } from './door.ts';
import { cardEffect } from './effects.ts';
import { type Kit, now } from './kit.ts';
import { hearings } from './places.ts';
import { transact } from './transact.ts';

/** At most so many people are asked by name each time. */
const ASKED = 5;

/** The review that begins with a deployment, in the transaction that lets it go. */
export function openedReview(
  kit: Kit,
  after: Deployment,
  types: ReadonlySet<DeploymentEvent['type']>,
): { readonly others: { readonly entry: NewEntry; readonly version: number }[]; readonly wakeups: readonly Wakeup[] } {
  const settings = kit.catalog().services[after.service]?.targets[after.environment];
  const event = types.has('dispatched') ? reviewFor(after, kit.clock.now(), settings?.reviewMs) : undefined;
  if (event === undefined) return { others: [], wakeups: [] };
  const entry: NewEntry = { stream: reviewStream(after.id), event, by: BOT, at: now(kit) };
  const due = nextChase(evolveReview(undefined, after.id, event, entry));
  return { others: [{ entry, version: 0 }], wakeups: due === undefined ? [] : [{ key: wakeKey(after.id), due }] };
}

/** The wake-up of a review. */
export function wakeKey(deployment: string): string {
  return `review:${deployment}`;
}

/** Somebody looked at it. Refusals: `no-review`, `review-not-yours`, `review-closed-already`, `missing-reason`. */
export function closeReview(kit: Kit, caller: Caller, id: string, note: string): Promise<ReviewAnswer> {
  return orUnwritable<ReviewAnswer>(kit, () =>
    transact<ReviewAnswer>(kit, { key: caller.key }, async () => {
      const [review, deployment] = await Promise.all([kit.store.review(id), kit.store.deployment(id)]);
      if (isNewer(review?.needs)) return { moves: [], answer: () => no(newerRefusal(id)) };
      const why = closeRefusal(review, id, caller, note);
      if (review === undefined || why !== undefined)
        return { moves: [], answer: () => no(...(why === undefined ? [] : [why])) };
      const event = { type: 'review-closed' as const, note: note.trim() };
      const entry: NewEntry = { stream: reviewStream(id), event, by: caller.person, at: now(kit) };
      const told: Notice = { kind: 'review-closed', deployment: id, by: caller.person, note: event.note };
      const cards = deployment === undefined ? [] : await drawn(kit, deployment);
      return {
        moves: [],
        others: [{ entry, version: review.version }],
        effects:
          deployment === undefined
            ? []
            : [noticeTo(kit, id, `review-closed:${id}`, told, { person: deployment.requester }), ...cards],
        answer: () => ({ kind: 'done', review: evolveReview(review, id, event, entry) }),
      };
    }),
  );
}

/** Cards of a deployment say whether it has been reviewed; those of a newer version are drawn by it. */
async function drawn(kit: Kit, deployment: Deployment): Promise<readonly NewEffect[]> {
  if (isForeign(deployment)) return [];
  const heard = hearings(deployment, kit.catalog(), await kit.store.placeBooks());
  return heard.map((hearing) => cardEffect(deployment, hearing, kit.clock.now()));
}

/** Asks for a review that is open, when it is time. @returns when to ask again, milliseconds since 1970 */
export async function chaseReview(kit: Kit, id: string): Promise<number | undefined> {
  const answer = await transact<number | undefined>(kit, {}, async () => {
    const [review, deployment] = await Promise.all([kit.store.review(id), kit.store.deployment(id)]);
    const due = review === undefined || isNewer(review.needs) ? undefined : nextChase(review);
    if (review === undefined || due === undefined || due > kit.clock.now()) return { moves: [], answer: () => due };
    const event = { type: 'review-chased' as const };
    const entry: NewEntry = { stream: reviewStream(id), event, by: BOT, at: now(kit) };
    const after = evolveReview(review, id, event, entry);
    return {
      moves: [],
      others: [{ entry, version: review.version }],
      effects: deployment === undefined ? [] : chases(kit, review, deployment),
      answer: () => nextChase(after),
    };
  });
  return answer === 'duplicate' ? undefined : answer;
}

function chases(kit: Kit, review: Review, deployment: Deployment): readonly NewEffect[] {
  const { causes, dueAt, service, environment, chases: former } = review;
  const overdue = kit.clock.now() >= Date.parse(dueAt);
  const told: Notice = { kind: 'review-due', deployment: deployment.id, service, environment, causes, dueAt, overdue };
  const key = `review-due:${deployment.id}:${former + 1}`;
  const place =
    deployment.origin === undefined ? [] : [noticeTo(kit, deployment.id, key, told, { place: deployment.origin })];
  return [
    ...place,
    ...couldReview(deployment, review).map((person) =>
      noticeTo(kit, deployment.id, `${key}:${person.id}`, told, { person }),
    ),
  ];
}

/** Those who were known as able to approve it and had no part in it. */
function couldReview({ findings }: Deployment, { barred }: Review): readonly Person[] {
  const may = (findings?.eligible ?? []).flatMap((one) => one.may);
  const others = may.filter((person, index) => {
    const first = may.findIndex((other) => sameHuman(other, person)) === index;
    return first && !barred.some((one) => sameHuman(one, person));
  });
  return others.slice(0, ASKED);
}

/** In order for each who is told: that it is due must not come after that it is over its time. */
function noticeTo(
  kit: Kit,
  deployment: string,
  key: string,
  notice: Notice,
  to: Extract<NewEffect['effect'], { kind: 'notice' }>['to'],
): NewEffect {
  const lane = `review:${deployment}:${'person' in to ? to.person.id : placeKey(to.place)}`;
  return { key, lane, mode: 'once', effect: { kind: 'notice', notice, to }, due: kit.clock.now() };
}
