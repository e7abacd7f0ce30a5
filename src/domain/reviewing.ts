import { reasonRefusal } from './decide.ts';
import type { Deployment } from './deployment.ts';
import { type Person, sameHuman } from './person.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { Review, ReviewCause, ReviewEvent } from './review.ts';

/** Within this time a review is due unless the target says otherwise, in milliseconds. */
const REVIEW_MS = 3 * 86_400_000;
const DAY_MS = 86_400_000;

/** The review that a deployment leaves when it begins, if it does. `now` in milliseconds since 1970. */
export function reviewFor(
  deployment: Deployment,
  now: number,
  reviewMs: number = REVIEW_MS,
): Extract<ReviewEvent, { type: 'review-opened' }> | undefined {
  const { kind, glass, override, service, environment, requester, countersignatures } = deployment;
  const causes: ReviewCause[] = [
    ...(kind === 'hotfix' ? ['hotfix' as const] : []),
    ...(glass === undefined ? [] : ['break-glass' as const]),
    ...(override === undefined ? [] : ['override' as const]),
  ];
  if (causes.length === 0) return undefined;
  const had = [requester, ...countersignatures.map(({ by }) => by), ...(glass === undefined ? [] : [glass.by])];
  const barred = had.filter((one, index) => had.findIndex((other) => sameHuman(other, one)) === index);
  const dueAt = new Date(now + reviewMs).toISOString();
  return { type: 'review-opened', causes, service, environment, kind, dueAt, barred };
}

/** When somebody is asked next to do it, in milliseconds since 1970: at half time, when it is due, and every day after; closed: never. */
export function nextChase({ openedAt, dueAt, chases, chasedAt, closed }: Review): number | undefined {
  if (closed !== undefined) return undefined;
  const [opened, due] = [Date.parse(openedAt), Date.parse(dueAt)];
  if (chases === 0) return opened + Math.ceil((due - opened) / 2);
  const last = Date.parse(chasedAt ?? openedAt);
  return last < due ? due : last + DAY_MS;
}

/** Why somebody may not close a review; nothing when that person may. Whoever asked, approved or broke the glass may not. */
export function closeRefusal(
  review: Review | undefined,
  deployment: string,
  who: { readonly person: Person; readonly external: boolean },
  note: string,
): Refusal | undefined {
  if (review === undefined)
    return refusal('no-review', `${deployment} left nothing to review.`, 'See `reviews` for what is to be reviewed.');
  if (review.closed !== undefined) {
    const sentence = `${review.closed.by.name} has already reviewed ${deployment}: ${review.closed.note}`;
    return refusal('review-closed-already', sentence, 'Nothing needs to be done.');
  }
  if (who.external || !who.person.known) {
    const sentence = `Only known people of the team may close the review of ${deployment}.`;
    return refusal('review-not-yours', sentence, 'Use `whoami` to see what an operator has to add.');
  }
  if (review.barred.some((one) => sameHuman(one, who.person))) {
    const sentence = `You had a part in ${deployment}, so somebody else must review it.`;
    return refusal('review-not-yours', sentence, 'Ask somebody who neither asked for it nor let it go.');
  }
  return reasonRefusal(note, 'A review needs a few words on what was found.');
}
