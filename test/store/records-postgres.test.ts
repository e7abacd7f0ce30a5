import type { Pool } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { Log } from '../../src/ports/log.ts';
import type { RecordBook, Records } from '../../src/ports/records.ts';
import { openPool, poolServer } from '../../src/store/postgres/pool.ts';
import { postgresRecords } from '../../src/store/postgres/records.ts';
import { systemClock } from '../../src/system/clock.ts';
import { recordsContract } from '../contract/records.ts';
import { manualClock } from '../fakes/clock.ts';
import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { type PostgresProxy, startProxy } from '../support/postgres-proxy.ts';
import { until } from '../support/until.ts';
import { pgliteDatabase, pgliteServer } from './pglite-server.ts';

const TABLE =
  'create table records (book text not null, number bigint not null, record json not null, primary key (book, number))';

const nothing = (): void => undefined;
const silent: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** A database with the table, and a pool of its own for each instance, as they have. */
async function server() {
  const own = await ownDatabase(TEST_SERVER ?? '');
  await own.query(TABLE);
  const pools: Pool[] = [];
  const pool = (url = own.url): Pool => {
    const made = openPool(url);
    pools.push(made);
    return made;
  };
  const records = (clock: Clock, log: Log, url?: string): Records =>
    postgresRecords(poolServer(pool(url), { clock, log }), log);
  return {
    own,
    records,
    instance: (): Records => records(systemClock(), silent),
    /** Hangs when a connection was not given back. */
    tearDown: async () => {
      for (const one of pools) await one.end();
      await own.drop();
    },
  };
}

describe('within this process', () => {
  recordsContract({
    name: 'on PGlite',
    build: async () => {
      const client = await pgliteDatabase();
      await client.exec(TABLE);
      return { instance: () => postgresRecords(pgliteServer(client), silent), tearDown: () => client.close() };
    },
  });
});

describe.skipIf(TEST_SERVER === undefined)(`on PostgreSQL (skipped where ${NO_SERVER})`, () => {
  recordsContract({ name: 'on PostgreSQL', build: server });

  describe('records on PostgreSQL', () => {
    let house: Awaited<ReturnType<typeof server>>;
    let own: OwnDatabase;
    let proxy: PostgresProxy;
    const books: RecordBook[] = [];

    beforeEach(async () => {
      house = await server();
      own = house.own;
      const { hostname: host, port } = new URL(own.url);
      proxy = await startProxy({ host, port: Number(port || 5432) });
    });
    afterEach(async () => {
      proxy.mend();
      for (const book of books.splice(0)) await book.close();
      await house.tearDown();
      await proxy.close();
    });

    async function open(records = house.instance()) {
      const words: unknown[] = [];
      const book = await records.open('book', (news) => void words.push(...news.map(({ record }) => record)));
      books.push(book);
      return { book, words };
    }

    /** An instance that reaches the server through the bad network. */
    function beyond(warned: string[] = [], clock = manualClock()) {
      const url = new URL(own.url);
      url.port = String(proxy.port);
      url.hostname = '127.0.0.1';
      const log = { ...silent, warn: (_fields: unknown, message: string) => void warned.push(message) };
      return { clock, records: house.records(clock, log, url.href) };
    }

    it('are heard of again after the listening connection was lost, with what came meanwhile', async () => {
      const [one, other] = [await open(), await open()];

      await own.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'",
      );
      await one.book.append('meanwhile');

      await until('what came meanwhile', () => other.words.includes('meanwhile'));
      await one.book.append('afterwards');
      await until('what came afterwards', () => other.words.includes('afterwards'));
      expect(other.words).toEqual(['meanwhile', 'afterwards']);
    });

    it('are heard of again when the server was away for a while', async () => {
      const warned: string[] = [];
      const { clock, records } = beyond(warned);
      const [one, other] = [await open(records), await open()];

      proxy.cut();
      await until('the loss', () => warned.length > 0);
      await other.book.append('meanwhile');
      clock.advance(1000);
      proxy.mend();

      await until('another try', () => {
        clock.advance(1000);
        return one.words.includes('meanwhile');
      });
      expect(one.words).toEqual(['meanwhile']);
    });

    it('are heard of again after the connection went silent, which only a beat finds out', async () => {
      const warned: string[] = [];
      const { clock, records } = beyond(warned);
      const [one, other] = [await open(records), await open()];

      proxy.stall();
      await other.book.append('meanwhile');
      clock.advance(10_000);
      expect(warned).toEqual([]);
      clock.advance(5_000);
      await until('the loss', () => warned.length > 0);
      proxy.mend();

      await until('what came meanwhile', () => one.words.includes('meanwhile'));
    });

    it('are read from time to time though nobody said that there are any', async () => {
      const clock = manualClock();
      const { words } = await open(house.records(clock, silent));

      await own.query("insert into records values ('book', 1, '\"unsaid\"')");
      clock.advance(10_000);

      await until('the record', () => words.includes('unsaid'));
    });

    it('are appended by the others soon after one froze in the middle', async () => {
      const [frozen, other] = [await open(beyond().records), await open()];
      const locks = async () =>
        (
          await own.query(
            `select 1 from pg_locks join pg_database on pg_database.oid = database
             where locktype = 'advisory' and granted and datname = current_database()`,
          )
        ).length;

      proxy.lag(100);
      const late = frozen.book.append('frozen').catch((error: unknown) => error);
      await until('the lock', async () => (await locks()) > 0);
      proxy.stall();
      await other.book.append('of the other');
      proxy.mend();

      expect(await late).toBe(2);
      expect(frozen.words).toEqual(['of the other', 'frozen']);
      await other.book.current();
      expect(other.words).toEqual(['of the other', 'frozen']);
    });

    it('fail as a port does when nobody answers', async () => {
      proxy.cut();

      const opened = beyond().records.open('book', nothing);

      await expect(opened).rejects.toMatchObject({
        name: 'PortFailure',
        details: { port: 'store', kind: 'unreachable', retryable: true },
      });
    });

    it('show a bug of ours as one', async () => {
      const { book } = await open();
      await own.query('alter table records rename column record to something');

      const bug = await book.append('one').catch((error: unknown) => error);
      expect(bug).toBeInstanceOf(Error);
      expect(bug).not.toBeInstanceOf(PortFailure);
    });
  });
});
