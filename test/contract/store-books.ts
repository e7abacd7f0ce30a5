import { describe, expect, it } from 'vitest';
import { type NewEntry, personStream, reviewStream, scopeStream } from '../../src/domain/event.ts';
import type { ReviewEvent } from '../../src/domain/review.ts';
import { ANNA, all, change, NOON, type StoreHouse, written } from './store-samples.ts';

const AT = '2026-03-02T12:00:00.000Z';

function review(deployment: string, event: ReviewEvent): NewEntry {
  return { stream: reviewStream(deployment), event, by: ANNA, at: AT };
}

function opened(deployment: string, dueAt: string): NewEntry {
  const target = { service: 'web', environment: 'production', kind: 'hotfix' } as const;
  return review(deployment, { type: 'review-opened', causes: ['hotfix'], ...target, dueAt, barred: [ANNA] });
}

/** What is kept of scopes, people and reviews, and which wake-ups are missing. */
export function bookCases(house: () => StoreHouse): void {
  describe('the lock of a wide scope', () => {
    it('is kept under its scope, in the order of the scopes', async () => {
      const store = await house().open();
      const locked = (scope: string): NewEntry => {
        return { stream: scopeStream(scope), event: { type: 'locked', reason: `Of ${scope}` }, by: ANNA, at: AT };
      };
      const entries = ['service/web', '*', 'environment/production'].map(locked);
      written(await store.commit(change({ entries })));
      const unlocked: NewEntry = { stream: scopeStream('*'), event: { type: 'unlocked' }, by: ANNA, at: AT };
      written(await store.commit(change({ entries: [unlocked] })));

      const books = await store.scopes();

      expect(books.map(({ scope, version, lock }) => [scope, version, lock?.reason])).toEqual([
        ['*', 2, undefined],
        ['environment/production', 1, 'Of environment/production'],
        ['service/web', 1, 'Of service/web'],
      ]);
      expect(await all(store.differences())).toEqual([]);
    });
  });

  describe('the book of a person', () => {
    it('is empty before anything was said', async () => {
      const store = await house().open();

      expect(await store.personBook('anna')).toEqual({ person: 'anna', version: 0, preferences: {} });
      expect(await store.personBooks()).toEqual([]);
    });

    it('has what was said last', async () => {
      const store = await house().open();
      const preferred = (person: string, mentions: 'all' | 'none'): NewEntry => {
        const event = { type: 'preferred', preferences: { mentions } } as const;
        return { stream: personStream(person), event, by: ANNA, at: AT };
      };
      written(await store.commit(change({ entries: [preferred('ben', 'all'), preferred('anna', 'all')] })));
      written(await store.commit(change({ entries: [preferred('anna', 'none')] })));

      expect(await store.personBook('anna')).toMatchObject({ version: 2, preferences: { mentions: 'none' } });
      expect((await store.personBooks()).map(({ person }) => person)).toEqual(['anna', 'ben']);
      expect(await all(store.differences())).toEqual([]);
    });
  });

  describe('a review', () => {
    it('is open until somebody closes it, the one that is due first at first', async () => {
      const store = await house().open();
      const entries = [
        opened('D-1', '2026-03-09T12:00:00.000Z'),
        opened('D-2', '2026-03-05T12:00:00.000Z'),
        opened('D-3', '2026-03-04T12:00:00.000Z'),
      ];
      written(await store.commit(change({ entries })));
      written(await store.commit(change({ entries: [review('D-3', { type: 'review-closed', note: 'Fine.' })] })));

      expect((await store.openReviews()).map(({ deployment }) => deployment)).toEqual(['D-2', 'D-1']);
      expect(await store.review('D-3')).toMatchObject({ version: 2, closed: { by: ANNA, note: 'Fine.', at: AT } });
      expect(await store.review('D-4')).toBeUndefined();
      expect(await all(store.differences())).toEqual([]);
    });
  });

  describe('wake-ups that are not set', () => {
    it('are those of the keys that have none', async () => {
      const store = await house().open();
      await store.setWakeups([{ key: 'D-1', due: NOON }]);

      expect([...(await store.unset(['lock:*', 'D-1', 'review:D-2']))].sort()).toEqual(['lock:*', 'review:D-2']);
      expect(await store.unset([])).toEqual([]);
    });

    it('are none while somebody holds them', async () => {
      const store = await house().open();
      await store.setWakeups([{ key: 'D-1', due: NOON }]);
      await store.takeWakeups(NOON, 60_000, 1);

      expect(await store.unset(['D-1'])).toEqual([]);
    });
  });
}
