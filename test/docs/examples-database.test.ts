import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { NO_SERVER, TEST_SERVER } from '../support/postgres.ts';
import { textOf } from './examples.ts';

const written = textOf('docs', 'examples', 'database.sql');

describe.skipIf(TEST_SERVER === undefined)(`database.sql (skipped where ${NO_SERVER})`, () => {
  it('makes a role that can do what the programme needs, and little else', async () => {
    const name = `countersign_docs_${process.pid}_${randomBytes(4).toString('hex')}`;
    // What psql would do with its own lines, under names that nobody else uses.
    const statements = written
      .replace(/^(\\|--).*$/gm, '')
      .replaceAll("'password'", 'password')
      .replace(':password', "'secret'")
      .replaceAll('countersign', name)
      .split(';')
      .filter((statement) => statement.trim() !== '');
    const own = new URL(TEST_SERVER ?? '');
    Object.assign(own, { username: name, password: 'secret', pathname: `/${name}` });
    const server = new pg.Client({ connectionString: TEST_SERVER });
    await server.connect();
    try {
      for (const statement of statements) await server.query(statement);

      const { store } = await openStore({ database: own.href, clock: systemClock(), works: true });
      const due = await store.nextDue();
      await store.close();
      const client = new pg.Client({ connectionString: own.href });
      await client.connect();
      const refused = await client.query('create database another').catch(String);
      const role = await client.query('select rolsuper, rolcreaterole from pg_roles where rolname = current_user');
      await client.end();

      expect(due).toBeUndefined();
      expect(refused).toContain('permission denied to create database');
      expect(role.rows).toEqual([{ rolsuper: false, rolcreaterole: false }]);
    } finally {
      await server.query(`drop database if exists ${name} with (force)`);
      await server.query(`drop role if exists ${name}`);
      await server.end();
    }
  });
});
