import { describe } from 'vitest';
import { bookCases } from './store-books.ts';
import { commitCases } from './store-commit.ts';
import { effectCases } from './store-desk.ts';
import { logCases } from './store-log.ts';
import { rollupCases } from './store-rollups.ts';
import { rowCases } from './store-rows.ts';
import type { StoreHouse } from './store-samples.ts';
import { wakeupCases } from './store-wakeups.ts';

/**
 * What every store must do.
 * @param house the present test's empty database; a new one for each test
 */
export function describeStore(name: string, house: () => StoreHouse): void {
  describe(`the ${name} store`, () => {
    commitCases(house);
    effectCases(house);
    wakeupCases(house);
    rowCases(house);
    bookCases(house);
    rollupCases(house);
    logCases(house);
  });
}
