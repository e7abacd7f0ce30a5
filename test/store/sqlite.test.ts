import { afterEach, beforeEach } from 'vitest';
import { describeStore } from '../contract/store.ts';
import { type SqliteHouse, sqliteHouse } from './sqlite-house.ts';

let house: SqliteHouse;

beforeEach(() => {
  house = sqliteHouse();
});

afterEach(async () => {
  await house.tearDown();
});

describeStore('SQLite', () => house);
