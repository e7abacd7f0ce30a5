import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { translated } from '../../src/store/postgres/fault.ts';
import type { Server, Session, TransactionOptions } from '../../src/store/postgres/session.ts';

/** PostgreSQL within this process, so that the suite needs no server. It has one connection: transactions wait for each other. */
export async function pgliteDatabase(): Promise<PGlite> {
  const client = await PGlite.create();
  await client.exec("set lc_messages = 'C'");
  return client;
}

/** Closing a server leaves the database to others. */
export function pgliteServer(client: PGlite): Server {
  const session = drizzle(client) as unknown as Session;
  return {
    session,
    async transaction<T>(work: (session: Session) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
      try {
        return await client.transaction(async (transaction) => {
          if (options.snapshot === true)
            await transaction.exec('set transaction isolation level repeatable read read only');
          if (options.begin !== undefined) await transaction.exec(options.begin);
          return await work(drizzle(transaction as unknown as PGlite) as unknown as Session);
        });
      } catch (error) {
        throw translated(error);
      }
    },
    listen: (channel, told) => client.listen(channel, told),
    migrate: (folder) => migrate(drizzle(client), { migrationsFolder: folder, migrationsSchema: 'public' }),
    close: async () => undefined,
  };
}
