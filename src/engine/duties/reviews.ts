import { nextChase } from '../../domain/reviewing.ts';
import { isNewer } from '../../domain/vocabulary.ts';
import { chaseReview, wakeKey } from '../reviews.ts';
import type { Duty } from './duty.ts';

/** Asks until somebody has looked at what went faster than the rules ask of others. */
export const reviews: Duty = {
  name: 'review',
  async tend(kit, deployment) {
    const due = await chaseReview(kit, deployment);
    return due === undefined ? undefined : { due };
  },
  async owed(kit) {
    const open = (await kit.store.openReviews()).filter(({ needs }) => !isNewer(needs));
    return open.flatMap((review) => {
      const due = nextChase(review);
      return due === undefined ? [] : [{ key: wakeKey(review.deployment), due }];
    });
  },
};
