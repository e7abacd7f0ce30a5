import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import type { Store } from '../../src/ports/store.ts';
import { backUp } from '../../src/store/sqlite/backup.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { all, given } from '../contract/store-samples.ts';
import { STILL } from '../store/sqlite-house.ts';
import { moving } from './moving.ts';

let folder: string;
let data: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-backup-'));
  data = join(folder, 'data');
  store = await openSqliteStore({ path: join(data, 'countersign.db'), clock: STILL, takesOver: true });
  await given(store, 1, 6);
  await given(store, 2, 2, 'api');
  mkdirSync(join(data, 'console'));
  writeFileSync(join(data, 'console', 'messages.jsonl'), '{"do":"post"}\n');
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const to = () => join(folder, 'backup.db');
const backup = (...more: readonly string[]) => moving('backup', '--data', data, '--to', to(), ...more);

describe('backup', () => {
  it('copies a database that is at work, and names the point in time', async () => {
    const { code, out } = await backup();
    const [last] = await store.entries({ after: 9, limit: 1 });

    expect(code).toBe(0);
    expect(out).toContain('The log is whole and every row is what it says: 10 entries.\n');
    expect(out).toContain(`last entry   10:${last?.hash}\n  written      2026-03-02T12:00:00.000Z\n`);
    expect(out).toContain('open then    1 deployment\n');
    const copy = await openSqliteStore({ path: to(), clock: STILL });
    expect(await verify(copy.found())).toMatchObject({ kind: 'whole', head: { seq: 10, hash: last?.hash } });
    await copy.close();
  });

  it('is one file with nothing beside it but the messages of the console', async () => {
    await backup();

    expect(existsSync(`${to()}-wal`) || existsSync(`${to()}.part`)).toBe(false);
    expect(statSync(to()).mode & 0o077).toBe(0);
    expect(readFileSync(`${to()}.messages.jsonl`, 'utf8')).toBe('{"do":"post"}\n');
  });

  it.each(['backup.db', 'backup.db.messages.jsonl'])('never takes the place of %s', async (name) => {
    writeFileSync(join(folder, name), 'precious');

    const { code, err } = await backup();

    expect([code, err]).toEqual([2, expect.stringContaining('Name a new file.')]);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('precious');
  });

  it('gives no name to a copy that is not good', async () => {
    const check = () => Promise.reject(new Error('It is not good.'));
    const from = join(data, 'countersign.db');

    await expect(backUp({ from, to: to(), halted: 'x', check })).rejects.toThrow('It is not good.');

    expect([existsSync(to()), existsSync(`${to()}.part`)]).toEqual([false, false]);
  });

  it('is of one moment, while commits go on', async () => {
    for (let number = 3; number < 800; number += 1) await given(store, number, 2, `service-${number}`);
    const { code } = await writingMeanwhile(() => backup());
    const copy = await openSqliteStore({ path: to(), clock: STILL });

    const verdict = await verify(copy.found());
    const differences = await all(copy.differences());
    await copy.close();
    const now = await verify(store.found());

    expect([code, verdict.kind, differences]).toEqual([0, 'whole', []]);
    expect(now.kind === 'whole' && verdict.kind === 'whole' && now.entries > verdict.entries).toBe(true);
  });

  async function writingMeanwhile<T>(work: () => Promise<T>): Promise<T> {
    const state = { ended: false };
    const result = work().finally(() => {
      state.ended = true;
    });
    for (let number = 1000; !state.ended; number += 1) {
      await given(store, number, 1, `service-${number}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return result;
  }

  it('cannot be started before somebody has run `restored`', async () => {
    await backup();

    await expect(openSqliteStore({ path: to(), clock: STILL, takesOver: true })).rejects.toThrow(
      'countersign restored',
    );
  });

  it('says when there is nothing to be saved', async () => {
    const { code, err } = await moving('backup', '--data', join(folder, 'nowhere'), '--to', to());

    expect([code, err]).toEqual([2, expect.stringContaining('There is no database')]);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  it('leaves PostgreSQL to pg_dump, and gives the command line without the password', async () => {
    const config = join(folder, 'countersign.yaml');
    writeFileSync(config, readFileSync(join(import.meta.dirname, '../../countersign.example.yaml')));
    const url = join(folder, 'url');
    writeFileSync(url, 'postgres://bot:secret@db/bot\n');
    appendFileSync(config, `\ndatabase: file:${url}\n`);

    const { code, err } = await backup('--config', config);

    expect(code).toBe(1);
    expect(err).toContain(
      `  pg_dump --format=custom --no-owner --no-privileges --file="${to()}" "postgres://bot@db/bot"\n`,
    );
    expect(err).not.toContain('secret');
  });
});
