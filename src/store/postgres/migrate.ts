import { sql } from 'drizzle-orm';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { PortFailure } from '../../ports/failure.ts';
import { patiently } from './patience.ts';
import { rowsOf, type Server } from './session.ts';

/**
 * Makes the tables, or brings them up to date. While a new version is rolled out, older programmes go on working on the newer tables, and
 * may be started anew, until a migration says that they must not.
 * @throws PortFailure when the tables are too new for this programme
 */
export async function bringUpToDate(server: Server, folder: string): Promise<void> {
  const known = readMigrationFiles({ migrationsFolder: folder });
  const newest = Math.max(...known.map(({ folderMillis }) => folderMillis));
  const applied = await patiently(() => lastApplied(server));
  if (applied < newest) return server.migrate(folder);
  if (applied === newest) return;
  const [row] = await patiently(() =>
    rowsOf<{ oldest: number }>(server.session, sql`select oldest from public.compatibility`),
  );
  if ((row?.oldest ?? 0) > known.length) throw tooNew();
}

/** When the newest applied migration was made, milliseconds since 1970; 0 for an empty database. */
async function lastApplied({ session }: Server): Promise<number> {
  const [there] = await rowsOf<{ there: boolean }>(
    session,
    sql`select to_regclass('public.__drizzle_migrations') is not null as there`,
  );
  if (there?.there !== true) return 0;
  const [row] = await rowsOf<{ last: string | null }>(
    session,
    sql`select max(created_at) as last from public.__drizzle_migrations`,
  );
  return Number(row?.last ?? 0);
}

function tooNew(): PortFailure {
  return new PortFailure(
    'The database was prepared by a newer version of Countersign that older ones must not work beside. Start that version, or a newer one.',
    { port: 'store', kind: 'refused', retryable: false },
  );
}
