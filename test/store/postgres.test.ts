import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { describeStore } from '../contract/store.ts';
import type { StoreHouse } from '../contract/store-samples.ts';
import { NO_SERVER, TEST_SERVER } from '../support/postgres.ts';
import { type Houses, pgliteHouses, postgresHouses } from './postgres-house.ts';

function underContract(name: string, open: () => Promise<Houses>): void {
  let houses: Houses;
  let present: StoreHouse;
  beforeAll(async () => {
    houses = await open();
  });
  beforeEach(async () => {
    present = await houses.next();
  });
  afterEach(() => houses.clear());
  afterAll(() => houses.close());
  describeStore(name, () => present);
}

describe('PostgreSQL within this process', () => underContract('PGlite', pgliteHouses));

describe.skipIf(TEST_SERVER === undefined)(
  TEST_SERVER === undefined ? `a PostgreSQL server (${NO_SERVER})` : 'a PostgreSQL server',
  () => underContract('PostgreSQL', () => postgresHouses(TEST_SERVER ?? '')),
);
