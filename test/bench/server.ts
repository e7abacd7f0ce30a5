import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';

/** For cases that need a PostgreSQL server. */
export const NEEDS_SERVER: { readonly skipped?: string } = TEST_SERVER === undefined ? { skipped: NO_SERVER } : {};

/** An empty database on the server for tests. */
export function emptyDatabase(): Promise<OwnDatabase> {
  if (TEST_SERVER === undefined) throw new Error(NO_SERVER);
  return ownDatabase(TEST_SERVER);
}
