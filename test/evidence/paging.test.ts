import { expect, it } from 'vitest';
import type { Entry } from '../../src/domain/event.ts';
import { type EvidenceReading, loadPeriod } from '../../src/evidence/load.ts';

const EVER = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };

type Found = Pick<Entry, 'seq' | 'stream' | 'event' | 'hash'>;

/** A long log of locks, as it lies in a database: a row's place counts for paging, its text says a number of its own. */
function log(length: number, tampered: (place: number, entry: Found) => Found = (_place, entry) => entry) {
  const rows = Array.from({ length }, (_, index) => {
    const entry: Found = {
      seq: index + 1,
      stream: 'target:web/production',
      event: { type: 'unlocked', reason: 'expired' },
      hash: `h${index + 1}`,
    };
    return tampered(index + 1, entry) as Entry;
  });
  const asked: number[] = [];
  const reading: EvidenceReading = {
    deployment: async () => undefined,
    review: async () => undefined,
    entries: async ({ after = 0, limit }) => {
      asked.push(after);
      // Who never comes to an end would hang the test.
      if (asked.length > 20) throw new Error('asked for ever');
      return rows.slice(after, after + limit);
    },
  };
  return { reading, asked };
}

it('reads a long log to its end, a page at a time', async () => {
  const { reading, asked } = log(1200);
  const { rows } = await loadPeriod(reading, EVER);

  expect(rows).toEqual([]);
  expect(asked).toEqual([0, 499, 998]);
});

it('lets others have their turn between pages', async () => {
  let turns = 0;
  let again = setImmediate(function turn() {
    turns += 1;
    again = setImmediate(turn);
  });
  await loadPeriod(log(2400).reading, EVER);
  clearImmediate(again);

  expect(turns).toBeGreaterThanOrEqual(3);
});

it.each([
  ['a number that was there before', 500, 3],
  ['a number of later, which would skip what is between', 500, 900],
  ['a number beyond the end', 500, 5000],
  ['no number', 700, Number.NaN],
  ['a number of before, in the last page', 1200, 1],
])('stops, and says so, at an entry that tells %s', async (_what, place, seq) => {
  const { reading } = log(1200, (at, entry) => (at === place ? { ...entry, seq } : entry));

  await expect(loadPeriod(reading, EVER)).rejects.toThrow(
    `The log contradicts itself: an entry of target:web/production says it is number ${seq}`,
  );
});

it('stops at an entry that is the copy of an earlier one', async () => {
  const { reading } = log(1200, (at, entry) => (at === 500 ? { ...entry, seq: 300, hash: 'h300' } : entry));

  await expect(loadPeriod(reading, EVER)).rejects.toThrow('says it is number 300');
});
