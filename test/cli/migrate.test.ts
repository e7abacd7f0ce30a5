import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { meter } from '../../bin/commands/migrate-meter.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { STILL } from '../store/sqlite-house.ts';
import { fill } from '../store/transfer-samples.ts';
import { NO_SERVER, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { moving } from './moving.ts';

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-migrate-'));
  data = join(folder, 'data');
  await fill(join(data, 'countersign.db'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const starting = async (path: string) => {
  const store = await openSqliteStore({ path, clock: STILL, takesOver: true });
  await store.close();
  return 'started';
};

describe('migrate', () => {
  it('moves from file to file, counts what it moved, and names the head', async () => {
    const to = join(folder, 'new', 'countersign.db');

    const { code, out, err } = await moving('migrate', '--data', data, '--from', 'sqlite', '--to', to);

    expect(code).toBe(0);
    expect(out).toContain(
      `${join(data, 'countersign.db')}\n  -> ${to}\n  147  entries of the log\n    1  deliveries that were obeyed\n`,
    );
    expect(out).toMatch(/Both logs are whole and end alike\. Head 147:[0-9a-f]{64}\nIt took \d+\.\d s\.\n$/);
    expect(err).toContain(`countersign migrate --undo ${join(data, 'countersign.db')}`);
    expect(await starting(to)).toBe('started');
    await expect(starting(join(data, 'countersign.db'))).rejects.toThrow(`This installation was moved to ${to}`);
  });

  it('is undone by the command that the refusal names', async () => {
    const from = join(data, 'countersign.db');
    await moving('migrate', '--from', from, '--to', join(folder, 'new.db'));

    const first = await moving('migrate', '--undo', from);
    const again = await moving('migrate', '--undo', from);

    expect([first.code, again.code]).toEqual([0, 1]);
    expect(again.err).toContain('was not moved away');
    expect(await starting(from)).toBe('started');
  });

  it.each([
    { line: ['--from', 'sqlite'], says: 'Say --from and --to, or only --undo.' },
    { line: ['--from', 'sqlite', '--to', 'sqlite'], says: 'name the same database' },
    { line: ['--from', 'nowhere.db', '--to', 'sqlite'], says: 'There is no database' },
    { line: ['--from', 'sqlite', '--to', 'env:COUNTERSIGN_NO_SUCH'], says: 'is not set' },
    { line: ['--from', 'sqlite', '--to', 'postgres'], says: 'and there is none' },
  ])('is refused: $says', async ({ line, says }) => {
    const config = join(folder, 'countersign.yaml');
    writeFileSync(config, readFileSync(join(import.meta.dirname, '../../countersign.example.yaml')));

    const { code, err } = await moving('migrate', '--config', config, '--data', data, ...line);

    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
    expect(await starting(join(data, 'countersign.db'))).toBe('started');
  });

  it.skipIf(TEST_SERVER === undefined)(`moves to a configured server (else: ${NO_SERVER})`, async () => {
    const database = await ownDatabase(TEST_SERVER ?? '');
    const url = join(folder, 'url');
    writeFileSync(url, database.url);

    const there = await moving('migrate', '--data', data, '--from', 'sqlite', '--to', `file:${url}`);
    const back = await moving('migrate', '--data', join(folder, 'back'), '--from', `file:${url}`, '--to', 'sqlite');
    await database.drop();

    const head = /Head \S+/;
    expect([there.code, back.code]).toEqual([0, 0]);
    expect(head.exec(back.out)?.[0]).toBe(head.exec(there.out)?.[0]);
  });
});

function listening() {
  const said: string[] = [];
  return { said, io: { out: () => undefined, err: (text: string) => void said.push(text), exit: () => undefined } };
}

it('shows progress on a terminal, and takes it away', () => {
  const { io, said } = listening();
  const shown = meter(io, true);

  shown.step('events', 5, 10);
  shown.step('events', 10, 10);
  shown.end();

  expect(said.join('')).toMatch(/\revents 10 of 10 \(100 %\)\s*\r\s+\r$/);
});

it('shows none elsewhere', () => {
  const { io, said } = listening();

  meter(io, false).step('events', 10, 10);

  expect(said).toEqual([]);
});
