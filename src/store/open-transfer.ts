import type { Clock } from '../ports/clock.ts';
import { isServer } from './open.ts';
import { openSqliteTransfer } from './sqlite/transfer.ts';
import type { Transfer } from './transfer.ts';

/**
 * Opens a database to be moved, filled or brought back to work, and holds it alone.
 * @param database `postgres://user@host/name`, or the path of an SQLite file; made when it is missing
 * @throws PortFailure when somebody works on it, or it cannot be opened
 */
export async function openTransfer(database: string, clock: Clock): Promise<Transfer> {
  if (!isServer(database)) return openSqliteTransfer(database);
  // The driver is loaded only by those who need it.
  const [{ openPool, poolServer }, { openPostgresTransfer }] = await Promise.all([
    import('./postgres/pool.ts'),
    import('./postgres/transfer.ts'),
  ]);
  return await openPostgresTransfer({ server: poolServer(openPool(database), { clock }), name: plainName(database) });
}

/** A database as it may be shown to people: without the password. */
export function plainName(database: string): string {
  if (!isServer(database) || !URL.canParse(database)) return database;
  const url = new URL(database);
  url.password = '';
  url.searchParams.delete('password');
  return url.href;
}
