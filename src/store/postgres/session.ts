import type { SQL } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** What statements are run on: one connection in a transaction, or any of the pool. */
export type Session = PgDatabase<PgQueryResultHKT>;

/** A PostgreSQL database, however it is reached. */
export interface Server {
  /** For single statements. */
  readonly session: Session;
  /**
   * Everything or nothing. A transaction whose end was lost on the way is asked about until it is known; one that never happened, or
   * lost against another, is begun anew, so `work` must change nothing but the database.
   * @throws PortFailure when the server cannot be reached or does not do it
   */
  transaction<T>(work: (session: Session) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Hears what is notified on a channel; `unsure` is called when something may have been missed (`gap`), and from time to time (`beat`).
   * The function returned ends it.
   */
  listen(
    channel: string,
    heard: (payload: string) => void,
    unsure: (why: 'gap' | 'beat') => void,
  ): Promise<() => Promise<void>>;
  /** Makes the tables, or brings them up to date. */
  migrate(folder: string): Promise<void>;
  close(): Promise<void>;
}

export interface TransactionOptions {
  /** Run with the first statement, e.g. to take a lock. */
  readonly begin?: string;
  /** All reads see one moment; nothing may be written. */
  readonly snapshot?: boolean;
}

/** The rows of a statement that was written by hand. Numbers of type bigint come as text. */
export async function rowsOf<R>(session: Session, statement: SQL): Promise<readonly R[]> {
  const result = (await session.execute(statement)) as { readonly rows: readonly R[] };
  return result.rows;
}
