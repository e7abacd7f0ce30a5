import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY, seal, sealedText } from '../../src/domain/audit.ts';
import { sha256 } from '../../src/domain/canonical.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { openSqliteTransfer } from '../../src/store/sqlite/transfer.ts';
import { move, type Transfer, verified } from '../../src/store/transfer.ts';
import { given, NOON, requested } from '../contract/store-samples.ts';
import { STILL } from './sqlite-house.ts';
import { everything, fill, LINES } from './transfer-samples.ts';

let folder: string;
let from: string;
let to: string;
const open: Transfer[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-transfer-'));
  from = join(folder, 'old', 'countersign.db');
  to = join(folder, 'new', 'countersign.db');
  await fill(from);
});
afterEach(async () => {
  for (const transfer of open.splice(0)) await transfer.close();
  rmSync(folder, { recursive: true, force: true });
});

function opened(path: string): Transfer {
  const transfer = openSqliteTransfer(path);
  open.push(transfer);
  return transfer;
}

describe('a move', () => {
  it('carries every row, byte for byte, and ends with the same head', async () => {
    const [source, target] = [opened(from), opened(to)];
    const before = await everything(source);

    const moved = await move(source, target, () => undefined);
    const after = await everything(target);

    expect(after).toEqual(before);
    expect(moved.counts).toMatchObject({ events: before.events.length, keys: 1, effects: 5, messages: 1, records: 2 });
    expect(moved.head).toEqual({ seq: before.events.length, hash: before.events.at(-1)?.hash });
    expect(readFileSync(join(folder, 'new', 'console', 'messages.jsonl'), 'utf8')).toBe(`${LINES.join('\n')}\n`);
  });

  it('leaves the leases behind: what was in hand can be taken at once, and is in doubt', async () => {
    await move(opened(from), opened(to), () => undefined);
    await closeAll();
    const store = await openSqliteStore({ path: to, clock: STILL, takesOver: true });

    const [work] = await store.takeEffects(NOON, 1000, 10);
    const wakeups = await store.takeWakeups(NOON + 1000, 1000, 10);
    await store.close();

    expect(work).toMatchObject({ key: 'start:D-2', attempts: 1, inDoubtSince: NOON });
    expect(wakeups.map(({ key }) => key).toSorted()).toEqual(['D-1', 'D-2']);
    expect(wakeups.find(({ key }) => key === 'D-2')?.note).toEqual({ looks: 3, drawnAt: NOON });
  });

  it('keeps the source from being started, until it is taken back', async () => {
    await move(opened(from), opened(to), () => undefined);
    await closeAll();

    await expect(openSqliteStore({ path: from, clock: STILL, takesOver: true })).rejects.toThrow(
      `This installation was moved to ${to}; start it there.`,
    );
    const source = opened(from);
    await source.whole((holding) => holding.halt(undefined));
    await closeAll();
    const store = await openSqliteStore({ path: from, clock: STILL, takesOver: true });
    await store.close();
  });

  it('goes on in the target as if nothing had happened', async () => {
    await move(opened(from), opened(to), () => undefined);
    await closeAll();
    const store = await openSqliteStore({ path: to, clock: STILL, takesOver: true });

    const entries = await given(store, await store.nextNumber(), 2, 'new', 'place');
    await store.close();

    expect(entries.map(({ version }) => version)).toEqual([1, 2, 3]);
  });
});

describe('a move is refused, and changes nothing,', () => {
  async function refused(message: string): Promise<void> {
    const [source, target] = [opened(from), opened(to)];
    const before = await everything(source);
    const there = await everything(target);

    await expect(move(source, target, () => undefined)).rejects.toThrow(message);

    expect(await everything(source)).toEqual(before);
    expect(await everything(target)).toEqual(there);
    expect([await source.halted(), await target.halted()]).toEqual([undefined, undefined]);
    expect(existsSync(join(folder, 'new', 'console', 'messages.jsonl.part'))).toBe(false);
  }

  it('when the target holds something', async () => {
    const store = await openSqliteStore({ path: to, clock: STILL });
    await given(store, 1, 1);
    await store.close();

    await refused('is not empty: it has events');
  });

  it('when the log of the source was changed', async () => {
    spoil('drop trigger events_keep_update', "update events set text = replace(text, 'D-69', 'D-99') where seq > 9");

    await refused('its content was changed after it was written');
  });

  it('when a row of the source is not what the log says', async () => {
    spoil("update deployments set state = 'failed' where number = 5");

    await refused('The row of deployment:D-5');
  });

  function spoil(...statements: readonly string[]): void {
    const client = new Database(from);
    for (const statement of statements) client.exec(statement);
    client.close();
  }

  it('when only a newer version understands the log', async () => {
    const { entry } = seal(EMPTY, requested(1), 1);
    const text = sealedText({ ...entry, format: 99 } as typeof entry);
    const line = { seq: 1, stream: entry.stream, version: 1, text, hash: sha256(text) };
    const holding = {
      async *found() {
        yield line;
      },
      async *differences() {},
    };

    await expect(verified(holding, 'it')).rejects.toThrow('only a newer version of Countersign understands');
  });

  it('when somebody works on the source', async () => {
    const store = await openSqliteStore({ path: from, clock: STILL, takesOver: true });

    expect(() => openSqliteTransfer(from)).toThrow('already at work');
    await store.close();
  });
});

describe('a move that ends in the middle', () => {
  it('leaves the target empty and the source as it was', async () => {
    const [source, target] = [opened(from), opened(to)];
    const before = await everything(source);
    const dying: Transfer = {
      ...target,
      whole: (work) =>
        target.whole((holding) => work({ ...holding, fold: () => Promise.reject(new Error('The power failed.')) })),
    };

    await expect(move(source, dying, () => undefined)).rejects.toThrow('The power failed.');

    expect(await everything(source)).toEqual(before);
    expect((await everything(target)).events).toEqual([]);
    expect(await source.halted()).toBe(undefined);
  });

  it('leaves a target that says so when the source could not be halted any more', async () => {
    const [source, target] = [opened(from), opened(to)];
    const dying: Transfer = {
      ...source,
      whole: (work) =>
        source.whole((holding) => work({ ...holding, halt: () => Promise.reject(new Error('The power failed.')) })),
    };

    await expect(move(dying, target, () => undefined)).rejects.toThrow('The power failed.');
    await closeAll();

    await expect(openSqliteStore({ path: to, clock: STILL, takesOver: true })).rejects.toThrow('was not finished');
    const store = await openSqliteStore({ path: from, clock: STILL, takesOver: true });
    await store.close();
  });
});

async function closeAll(): Promise<void> {
  for (const transfer of open.splice(0)) await transfer.close();
}
