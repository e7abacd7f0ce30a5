import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { TRANSFER_TABLES, type Transfer, type TransferRows, type TransferTable } from '../../src/store/transfer.ts';
import {
  card,
  change,
  done,
  effect,
  given,
  later,
  locked,
  NOON,
  owe,
  RELEASES,
  written,
} from '../contract/store-samples.ts';
import { STILL } from './sqlite-house.ts';

/** Lines of the console's messages, with characters that databases stumble over. */
export const LINES = [
  '{"do":"post","message":{"id":"m1","key":"card:D-1@x","text":"Käse 🧀"}}',
  '{"do":"update","id":"m1","text":"nul \\u0000 and half \\ud83d"}',
];

/** An installation in an SQLite file with something in every table, some of it in hand at the moment its programme was killed. */
export async function fill(path: string): Promise<void> {
  const store = await openSqliteStore({ path, clock: STILL });
  await given(store, 1, 6);
  await given(store, 2, 4, 'api', 'staging');
  for (let number = 3; number < 70; number += 1) await given(store, number, 1, `service-${number}`);
  written(
    await store.commit(change({ key: 'press-1', entries: [locked('web', 'production', 'Emoji 🚀 and \u0000')] })),
  );
  await owe(
    store,
    effect('start:D-2', { lane: 'run:D-2' }),
    effect('stop:D-2', { lane: 'run:D-2:b' }),
    effect('reply:1', { lane: 'replies' }),
    card('card:D-2@C1', 'C1', {
      lane: 'cards',
      effect: { kind: 'card', deployment: 'D-2', place: RELEASES, audience: 'line' },
    }),
    effect('late', { lane: 'late', due: NOON + 5000 }),
  );
  const work = await store.takeEffects(NOON, 60_000, 10);
  const lease = (key: string) => work.find((one) => one.key === key)?.lease ?? { key, token: 'none' };
  const handle = { platform: 'slack', place: RELEASES, id: '17.5' } as never;
  await store.settle({ ...done(lease('card:D-2@C1')), handle });
  await store.settle(later(lease('reply:1'), NOON + 9000));
  await store.settle({ ...lease('stop:D-2'), outcome: { kind: 'given-up', error: 'It said \u0000.' } });
  await store.setWakeups([
    { key: 'D-2', due: NOON + 1000, note: { looks: 3, drawnAt: NOON } },
    { key: 'D-1', due: NOON - 1000 },
  ]);
  await store.takeWakeups(NOON, 60_000, 1);
  await store.close();
  const messages = join(dirname(path), 'console', 'messages.jsonl');
  mkdirSync(dirname(messages), { recursive: true });
  writeFileSync(messages, `${LINES.join('\n')}\n{"torn`);
}

export type Everything = { readonly [T in TransferTable]: readonly TransferRows[T][] };

/** Every row of a database, documents as values: databases write JSON differently. */
export async function everything(transfer: Transfer): Promise<Everything> {
  return transfer.whole(async (holding) => {
    const tables: Record<string, unknown[]> = {};
    for (const table of TRANSFER_TABLES) {
      const rows: unknown[] = [];
      for await (const page of holding.rows(table)) rows.push(...page.map(parsed));
      tables[table] = rows;
    }
    return tables as unknown as Everything;
  });
}

function parsed(row: object): unknown {
  const fields = Object.entries(row).map(([name, value]) => {
    const isDocument = ['body', 'handle', 'note', 'record'].includes(name) && typeof value === 'string';
    return [name, isDocument ? JSON.parse(value) : value];
  });
  return Object.fromEntries(fields);
}
