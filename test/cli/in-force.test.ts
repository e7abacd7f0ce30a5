import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type InForce, openInForce } from '../../bin/in-force/index.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { ConfigurationParts } from '../../src/config/schema.ts';
import type { LoadedWhole } from '../../src/config/watch.ts';
import { BOT } from '../../src/domain/person.ts';
import type { InstallationEvent } from '../../src/domain/target.ts';
import type { Store, Wakeup } from '../../src/ports/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/index.ts';
import { type HandClock, handClock } from '../config/hand-clock.ts';
import { changed, GOOD, parts } from '../config/parts.ts';
import { until } from '../support/until.ts';

const START = Date.parse('2026-11-21T09:00:00Z');
const ONE = GOOD;
const TWO = changed('rules: [{ group: platform }]', 'rules: [{ group: platform, count: 2 }]');
/** Says the same as ONE in other words, and something that is an instance's own matter. */
const ONE_ELSEWHERE = `# of the second machine\nweb: { port: 4401 }\n${ONE}`;
const NEWER: ConfigurationParts = {
  ...parts,
  chats: [...parts.chats, { type: 'pigeon', settings: z.strictObject({ loft: z.string() }) }],
};
const WITH_PIGEON = `chats: { pigeon: { loft: north } }\n${ONE}`;

let store: Store;
let clock: HandClock;
let warnings: string[];
let wakeups: Wakeup[];
let following: InForce[];

beforeEach(async () => {
  clock = handClock(START);
  store = await openSqliteStore({ path: ':memory:', clock });
  [warnings, wakeups, following] = [[], [], []];
});

afterEach(async () => {
  for (const one of following) await one.stop();
  expect(clock.waiting()).toBe(0);
  await store.close();
});

function file(text: string, at = START - 1000, known = parts): LoadedWhole {
  const loaded = loadConfiguration(text, 'countersign.yaml', known);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return { ...loaded, saved: { text, at } };
}

interface Wish {
  readonly shared?: boolean;
  readonly known?: ConfigurationParts;
  readonly over?: Partial<Store>;
}

/** An instance that has not begun yet. */
async function opened(own: LoadedWhole, { shared = true, known = parts, over = {} }: Wish = {}): Promise<InForce> {
  const quiet = () => {};
  const told = (_fields: unknown, message: string) => void warnings.push(message);
  const log = { debug: quiet, info: quiet, warn: told, error: told };
  const waiting = {
    deployments: async () => [{ id: 'D-1' }] as never,
    setWakeups: async (list: readonly Wakeup[]) => void wakeups.push(...list),
  };
  const inForce = await openInForce({
    store: { ...store, ...waiting, ...over },
    clock,
    log,
    parts: known,
    shared,
    file: own,
  });
  following.push(inForce);
  return inForce;
}

async function started(own: LoadedWhole, wish: Wish = {}): Promise<InForce> {
  const inForce = await opened(own, wish);
  await inForce.begin();
  return inForce;
}

function countOf({ catalog }: InForce): number | undefined {
  return catalog.services['web']?.targets['production']?.policy.rules[0]?.count;
}

async function counts(one: InForce, count: number): Promise<void> {
  await until(`${count} to countersign`, () => countOf(one) === count);
}

async function taken(): Promise<readonly InstallationEvent[]> {
  const entries = await store.entries({ stream: 'installation', limit: 100 });
  return entries.map(({ event }) => event as InstallationEvent).filter(({ type }) => type === 'configured');
}

async function write(event: InstallationEvent): Promise<void> {
  const entry = { stream: 'installation' as const, event, by: BOT, at: new Date(clock.now()).toISOString() };
  await store.commit({ expect: [], entries: [entry], effects: [], wakeups: [] });
}

describe('one configuration is in force for all', () => {
  it('and is written down once, however many start with it', async () => {
    await started(file(ONE));
    const second = await started(file(ONE));
    const third = await started(file(ONE_ELSEWHERE));

    expect(await taken()).toEqual([{ type: 'configured', catalog: file(ONE).catalog.version, text: ONE }]);
    expect([second, third].map((one) => one.report().superseded)).toEqual([false, false]);
    expect(third.configuration.web.port).toBe(4401);
  });

  it('though several start at once with files of their own', async () => {
    const all = await Promise.all([ONE, TWO, ONE].map((text) => opened(file(text))));
    await Promise.all(all.map((one) => one.begin()));

    const newest = (await taken()).at(-1);
    await until('agreement', () => new Set(all.map((one) => one.report().version)).size === 1);
    expect(newest).toMatchObject({ catalog: all[0]?.report().version });
    expect(new Set(all.map(countOf)).size).toBe(1);
    // Whoever was slower has looked again: nobody wrote what somebody else had just written.
    expect(await taken()).toHaveLength(2);
  });

  it('a new one of another instance is taken at once, and what waits is looked at', async () => {
    const first = await started(file(ONE));
    wakeups.length = 0;
    await started(file(TWO));
    await counts(first, 2);

    expect(first.report()).toMatchObject({ version: file(TWO).catalog.version, superseded: true });
    await until('the wake-ups of both', () => wakeups.length === 2);
    expect(wakeups[0]).toEqual({ key: 'D-1', due: START });
  });

  it('an instance that starts anew with an old file joins the others, and says what to do', async () => {
    await started(file(ONE));
    await started(file(TWO));
    const before = await taken();
    warnings.length = 0;
    const again = await opened(file(ONE));
    const built = countOf(again);
    await again.begin();

    expect([built, countOf(again)]).toEqual([2, 2]);
    expect(again.report().superseded).toBe(true);
    expect(warnings).toEqual(['the configuration file of this instance is not in force']);
    expect(await taken()).toEqual(before);
  });

  it('also when the old file differs from the former one only in what is its own matter', async () => {
    await started(file(ONE));
    await started(file(TWO));

    expect(countOf(await started(file(ONE_ELSEWHERE)))).toBe(2);
  });

  it('an old file that never was in force counts, whatever older versions wrote no text of', async () => {
    await write({ type: 'configured', catalog: 'f'.repeat(64) });
    const first = await started(file(TWO));
    await started(file(ONE));

    await counts(first, 1);
  });

  it('an old file that was saved anew meanwhile counts', async () => {
    await started(file(ONE));
    const second = await started(file(TWO));
    await started(file(ONE, START + 1));

    await counts(second, 1);
  });

  it('a file that somebody puts in force on one instance counts for all, also an old one', async () => {
    const first = await started(file(ONE));
    const second = await started(file(TWO));
    await counts(first, 2);
    await first.put(file(ONE));
    await counts(second, 1);

    expect([first, second].map((one) => one.report().superseded)).toEqual([false, true]);
    await second.put(file(ONE_ELSEWHERE));
    expect(second.report().superseded).toBe(false);
    expect(await taken()).toHaveLength(3);
  });

  it('a notice that got lost costs ten seconds', async () => {
    const deaf = await started(file(ONE), { over: { listen: () => () => {} } });
    await started(file(TWO));
    const before = countOf(deaf);
    clock.pass(10_000);
    await counts(deaf, 2);

    expect(before).toBe(1);
  });

  it('a log that cannot be read is asked again', async () => {
    let fails = false;
    const newest: Store['newest'] = (...asked) =>
      fails ? Promise.reject(new Error('no connection')) : store.newest(...asked);
    const first = await started(file(ONE), { over: { newest } });
    fails = true;
    await started(file(TWO));
    await until('the complaint', () => warnings.includes('it could not be read which configuration is in force'));
    fails = false;
    clock.pass(10_000);

    await counts(first, 2);
  });

  it('what adapters are made from is taken with a restart only, and says so', async () => {
    const first = await started(file(ONE));
    await started(file(changed('machine: { type: local }', 'machine: { type: local, keep: 7 }')));
    await until('the news', () => first.report().superseded);

    expect(first.report().foreign).toEqual(['providers']);
    expect(warnings).toContain('restart this instance: it was built from a former configuration');
  });
});

describe('where nobody else can be at work', () => {
  it('the file counts, however old it is', async () => {
    await started(file(ONE), { shared: false });
    await started(file(TWO), { shared: false });
    const third = await started(file(ONE), { shared: false });

    expect(countOf(third)).toBe(1);
    expect(await taken()).toHaveLength(3);
    expect(warnings).toEqual([]);
  });
});

describe('a configuration that cannot be read here', () => {
  it('makes an instance stand aside until there is another one', async () => {
    const older = await started(file(ONE));
    const newer = await started(file(WITH_PIGEON, START, NEWER), { known: NEWER });
    const aside = await until('the older one to stand aside', () => older.report().aside);
    await newer.put(file(TWO, START, NEWER));
    await counts(older, 2);

    expect(aside).toContain(`${file(WITH_PIGEON, START, NEWER).catalog.version.slice(0, 12)}, cannot be read here`);
    expect(aside).toContain('pigeon');
    expect(older.report().aside).toBeUndefined();
  });

  it('lets an instance start aside, when its own file is a former one', async () => {
    await started(file(ONE));
    await started(file(WITH_PIGEON, START, NEWER), { known: NEWER });
    const again = await started(file(ONE));

    expect(again.report().aside).toContain('pigeon');
    expect(await taken()).toHaveLength(2);
    await again.put(file(TWO));
    expect(again.report().aside).toBeUndefined();
  });

  it('is put in the past by the file, when an older version wrote down no text of it', async () => {
    await write({ type: 'configured', catalog: 'f'.repeat(64) });
    const inForce = await started(file(ONE));

    expect((await taken()).at(-1)).toMatchObject({ text: ONE });
    await write({ type: 'configured', catalog: 'f'.repeat(64) });
    expect(await until('it to stand aside', () => inForce.report().aside)).toContain('its text was not written down');
    await write({ type: 'configured', catalog: file(ONE).catalog.version });
    await until('it to come back', () => inForce.report().aside === undefined);
  });
});
