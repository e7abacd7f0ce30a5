import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { describeStore } from '../contract/store.ts';
import type { StoreHouse } from '../contract/store-samples.ts';
import { type Houses, POSTGRES, pgliteHouses, postgresHouses, WITHOUT_POSTGRES } from './postgres-house.ts';

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

describe.skipIf(POSTGRES === undefined)(
  POSTGRES === undefined ? `a PostgreSQL server (${WITHOUT_POSTGRES})` : 'a PostgreSQL server',
  () => underContract('PostgreSQL', () => postgresHouses(POSTGRES ?? '')),
);
