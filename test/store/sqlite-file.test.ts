import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { all, change, given, requested } from '../contract/store-samples.ts';
import { type SqliteHouse, STILL, sqliteHouse } from './sqlite-house.ts';

const ROOT = join(import.meta.dirname, '../..');
const DRIVER = pathToFileURL(join(ROOT, 'node_modules/better-sqlite3/lib/index.js')).href;
const STORE = pathToFileURL(join(ROOT, 'src/store/sqlite/index.ts')).href;
const SAMPLES = pathToFileURL(join(ROOT, 'test/contract/store-samples.ts')).href;

let house: SqliteHouse;

beforeEach(() => {
  house = sqliteHouse();
});

afterEach(async () => {
  await house.tearDown();
});

describe('the file of the SQLite store', () => {
  it('is made with its folders', async () => {
    const path = join(house.folder, 'deep', 'down', 'countersign.db');

    const store = await openSqliteStore({ path, clock: STILL });
    await given(store, 1, 1);
    await store.close();

    expect(existsSync(path)).toBe(true);
  });

  it('is not needed: a store may live in memory', async () => {
    const store = await openSqliteStore({ path: ':memory:', clock: STILL });

    await given(store, 1, 1);

    expect(await verify(store.found())).toMatchObject({ kind: 'whole', entries: 2 });
    await store.close();
  });

  it('holds a change that was asked for just before the store was closed', async () => {
    const store = await house.open();

    const outcome = store.commit(change({ entries: [requested(1)] }));
    await store.close();

    expect(await outcome).toMatchObject({ kind: 'committed' });
    expect(await (await house.open()).deployment('D-1')).toMatchObject({ state: 'requested' });
  });

  it('is refused when a newer version wrote it', async () => {
    await (await house.open()).close();
    await house.execute("insert into __drizzle_migrations (hash, created_at) values ('next', 99999999999999)");

    await expect(house.open()).rejects.toMatchObject({
      name: 'PortFailure',
      message:
        'The log was written by a newer version of Countersign than this one. Start that version, or a newer one.',
      details: { port: 'store', kind: 'refused', retryable: false },
    });
  });

  it('is refused when it is no database', async () => {
    writeFileSync(house.file, 'These are not the bytes of a database, and there are quite some of them. '.repeat(20));

    await expect(house.open()).rejects.toMatchObject({
      name: 'PortFailure',
      message: 'The file of the log is not a database.',
      details: { kind: 'unreachable', retryable: false, code: 'SQLITE_NOTADB' },
    });
  });

  it('is refused when its folder cannot be made', async () => {
    writeFileSync(join(house.folder, 'file'), '');
    const path = join(house.folder, 'file', 'countersign.db');

    const opening = openSqliteStore({ path, clock: STILL });

    await expect(opening).rejects.toMatchObject({ message: 'The folder for the log cannot be made.' });
  });

  it('may be opened for the first time by two processes at the same moment', async () => {
    const code = `
      const { openSqliteStore } = await import('${STORE}');
      const store = await openSqliteStore({ path: process.argv[1], clock: { now: () => 0, at: () => () => {} } });
      console.log(await store.nextNumber());`;
    const runs = Array.from({ length: 4 }, () => run(code, house.file));

    expect(await Promise.all(runs)).toEqual(['1\n', '1\n', '1\n', '1\n']);
  });
});

describe('another process that writes', () => {
  const HOLD = `
    const { default: Database } = await import('${DRIVER}');
    const client = new Database(process.argv[1]);
    client.exec('begin immediate');
    console.log('held');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(process.argv[2]));
    client.exec('commit');`;

  it('is waited for', async () => {
    const store = await house.open();
    const holder = run(HOLD, house.file, '1000');
    await holder.said('held');

    const outcome = await store.commit(change({ entries: [requested(1)] }));

    expect(outcome.kind).toBe('committed');
    await holder;
  });

  it('is a failure that may pass when it does not end, and nothing is written', async () => {
    const store = await house.open();
    const impatient = await openSqliteStore({ path: house.file, clock: STILL, busyTimeoutMs: 50 });
    const holder = run(HOLD, house.file, '700');
    await holder.said('held');

    const outcomes = await Promise.allSettled([
      impatient.commit(change({ entries: [requested(1)] })),
      impatient.commit(change({ entries: [requested(2)] })),
      impatient.takeEffects(0, 1000, 1),
    ]);

    const failure = { name: 'PortFailure', details: { port: 'store', kind: 'unreachable', retryable: true } };
    expect(outcomes).toMatchObject(outcomes.map(() => ({ status: 'rejected', reason: failure })));
    await holder;
    await impatient.close();
    expect(await store.entries({ limit: 10 })).toEqual([]);
  });
});

describe('a disk that cannot be written', () => {
  it('is a failure when it is full; what was committed stays, and the store goes on when there is room again', async () => {
    // The limit of the shell is real: the kernel refuses to let any file of this process grow beyond it.
    const code = `
      process.on('SIGXFSZ', () => {});
      const { openSqliteStore } = await import('${STORE}');
      const { change, said, requested } = await import('${SAMPLES}');
      const store = await openSqliteStore({ path: process.argv[1], clock: { now: () => 0, at: () => () => {} } });
      let number = 0;
      for (let outcome = 'committed'; outcome === 'committed'; ) {
        number += 1;
        const entries = [requested(number), said(number, { type: 'cancelled', reason: 'x'.repeat(50_000) })];
        outcome = await store.commit(change({ entries })).then(({ kind }) => kind, ({ name, message }) => name + ': ' + message);
        if (outcome !== 'committed') console.log(JSON.stringify({ outcome, number, known: await store.nextNumber() }));
      }
      await store.close().catch(() => {});`;
    const shell = `ulimit -f 2000; exec "$0" --input-type=module -e "$1" "$2"`;

    const { stdout, stderr } = spawnSync('bash', ['-c', shell, process.execPath, code, house.file], {
      encoding: 'utf8',
    });
    const { outcome, number, known } = JSON.parse(stdout || JSON.stringify({ outcome: stderr }));

    expect(outcome).toMatch(/^PortFailure: The disk that holds the log /);
    expect(number).toBeGreaterThan(1);
    expect(known).toBe(number);
    const store = await house.open();
    expect(await verify(store.found())).toMatchObject({ kind: 'whole', entries: (number - 1) * 2 });
    expect(await all(store.differences())).toEqual([]);
    await given(store, number, 1);
  });

  it('is a failure when the file is read-only; what was committed can still be read', async () => {
    await given(await house.open(), 1, 1);

    const outcome = readOnly(house.file);

    expect(outcome).toEqual({ state: 'checking', failure: 'PortFailure: The file of the log is read-only.' });
  });

  /** Opens the file as somebody who may only read it (tests may run as root, whom no permission stops). */
  function readOnly(file: string): unknown {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-read-only-'));
    const code = `
      const { openSqliteStore } = await import('${STORE}');
      const { change, requested } = await import('${SAMPLES}');
      if (process.getuid() === 0) process.seteuid(65534);
      const store = await openSqliteStore({ path: process.argv[1], clock: { now: () => 0, at: () => () => {} } });
      const failure = await store.commit(change({ entries: [requested(2)] })).then(({ kind }) => kind, ({ name, message }) => name + ': ' + message);
      console.log(JSON.stringify({ state: (await store.deployment('D-1')).state, failure }));`;
    try {
      const copy = join(folder, 'copy.db');
      const source = new Database(file);
      source.exec(`vacuum into '${copy}'`);
      source.close();
      const made = new Database(copy);
      made.pragma('journal_mode = WAL');
      made.close();
      chmodSync(copy, 0o444);
      chmodSync(folder, 0o777);
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code, copy], {
        encoding: 'utf8',
      });
      return stdout === '' ? stderr : JSON.parse(stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
});

/** Runs code in a process of its own; resolves with all it said, rejects when it fails. */
function run(code: string, ...args: readonly string[]): Promise<string> & { said(word: string): Promise<void> } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, ...args]);
  let words = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    words += chunk.toString();
    for (const listener of listeners) listener();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    words += chunk.toString();
  });
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => (status === 0 ? resolve(words) : reject(new Error(words))));
  });
  const said = (word: string) =>
    new Promise<void>((resolve) => {
      const look = () => void (words.includes(word) && resolve());
      listeners.add(look);
      look();
    });
  return Object.assign(ended, { said });
}
