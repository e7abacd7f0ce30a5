import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { openStore } from '../../src/store/open.ts';
import { openTransfer } from '../../src/store/open-transfer.ts';
import { move } from '../../src/store/transfer.ts';
import { all, given } from '../contract/store-samples.ts';
import { STILL } from '../store/sqlite-house.ts';
import { everything, fill } from '../store/transfer-samples.ts';
import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { movingAt } from './moving.ts';

const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')];
const TOOLS = FOLDERS.find((folder) => existsSync(join(folder, 'pg_dump')) && existsSync(join(folder, 'pg_restore')));
const WHY = TEST_SERVER === undefined ? NO_SERVER : 'pg_dump and pg_restore are not installed';

describe.skipIf(TEST_SERVER === undefined || TOOLS === undefined)(`a restored pg_dump (else: ${WHY})`, () => {
  let folder: string;
  let first: OwnDatabase;
  let second: OwnDatabase;
  let config: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-dump-'));
    [first, second] = [await ownDatabase(TEST_SERVER ?? ''), await ownDatabase(TEST_SERVER ?? '')];
    config = join(folder, 'countersign.yaml');
    const example = readFileSync(join(import.meta.dirname, '../../countersign.example.yaml'), 'utf8');
    writeFileSync(join(folder, 'url'), second.url);
    writeFileSync(config, `${example}\ndatabase: file:${join(folder, 'url')}\n`);
    await fill(join(folder, 'countersign.db'));
    const [from, to] = [
      await openTransfer(join(folder, 'countersign.db'), STILL),
      await openTransfer(first.url, STILL),
    ];
    await move(from, to, () => undefined);
    await from.close();
    await to.close();
  });
  afterAll(async () => {
    await first.drop();
    await second.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function tool(name: string, ...line: readonly string[]): void {
    execFileSync(join(TOOLS ?? '', name), [...line], { stdio: 'pipe' });
  }

  it('is whole, goes on from the moment of the dump, and has what is owed in doubt', async () => {
    const begun = Date.now();
    const dump = join(folder, 'countersign.dump');
    const { store: working } = await openStore({ database: first.url, clock: STILL, works: true });
    tool('pg_dump', '--format=custom', '--no-owner', '--no-privileges', `--file=${dump}`, first.url);
    const point = await verify(working.found());
    await given(working, 200, 6, 'after');
    await working.close();
    tool(
      'pg_restore',
      '--exit-on-error',
      '--single-transaction',
      '--no-owner',
      '--no-privileges',
      `--dbname=${second.url}`,
      dump,
    );

    const { code, out } = await movingAt(STILL, 'restored', '--config', config);
    const transfer = await openTransfer(second.url, STILL);
    const rows = await everything(transfer);
    await transfer.close();
    const { store } = await openStore({ database: second.url, clock: STILL, works: false });
    const [verdict, differences] = [await verify(store.found()), await all(store.differences())];
    const entry = await store.newest('installation', 'restored');
    const known = await store.deployment('D-200');
    await store.close();

    expect(code).toBe(0);
    expect(point.kind === 'whole' && out).toContain(
      point.kind === 'whole' ? `${point.head.seq}:${point.head.hash}` : '',
    );
    expect([verdict.kind, differences, known]).toEqual(['whole', [], undefined]);
    expect(entry?.event).toMatchObject({ type: 'restored', entry: point.kind === 'whole' ? point.head.seq : 0 });
    const owed = rows.effects.filter(({ state }) => state === 'pending');
    expect(owed.map(({ key }) => key)).toContain('card:D-2@C1');
    // The server's own time: an instance goes by it too.
    expect(owed.every(({ in_doubt_since }) => (in_doubt_since ?? 0) > begun - 60_000)).toBe(true);
    expect(owed.every(({ attempts }) => attempts > 0)).toBe(true);
  });
});
