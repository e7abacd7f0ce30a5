import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY, verify } from '../../src/domain/audit.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import { allows, TABLE } from '../../src/domain/machine.ts';
import type { Store } from '../../src/ports/store.ts';
import {
  ANNA,
  all,
  change,
  expecting,
  given,
  locked,
  PLAN,
  ROAD,
  requested,
  SHA,
  type StoreHouse,
  said,
} from './store-samples.ts';

/** The log: whole, in order, and whoever touches it or the rows is named. */
export function logCases(house: () => StoreHouse): void {
  describe('the log', () => readingCases(house));
  describe('a tampered database', () => tamperCases(house));
  describe('a rebuild from the log', () => rebuildCases(house));
}

function readingCases(house: () => StoreHouse): void {
  it('is one whole chain over all streams and instances', async () => {
    const [store, other] = [await house().open(), await house().open()];
    await given(store, 1, 3);
    await given(other, 2, 2);
    await given(store, 3, 0);

    const verdict = await verify(store.found());

    expect(verdict).toMatchObject({ kind: 'whole', entries: 8 });
    expect((await store.entries({ limit: 100 })).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('names its head: nothing at first, then the newest entry, whoever wrote it', async () => {
    const [store, other] = [await house().open(), await house().open()];
    expect(await store.head()).toEqual(EMPTY);

    await given(store, 1, 2);
    await given(other, 2, 0);

    const newest = (await store.entries({ limit: 100 })).at(-1);
    expect(newest).toMatchObject({ seq: 4, stream: 'deployment:D-2' });
    expect(await store.head()).toEqual({ seq: newest?.seq, hash: newest?.hash });
    expect(await other.head()).toEqual(await store.head());
    expect(await verify(store.found(), await store.head())).toMatchObject({ kind: 'whole', head: await store.head() });
  });

  it('keeps its head when a change is refused', async () => {
    const store = await house().open();
    await given(store, 1, 1);
    const before = await store.head();

    const late = { expect: expecting(1, 1), entries: [said(1, { type: 'cancelled', reason: 'Too late.' })] };
    expect((await store.commit(change(late))).kind).not.toBe('committed');

    expect(await store.head()).toEqual(before);
  });

  it('is found whole although it is longer than what is read at once', async () => {
    const store = await house().open();
    await Promise.all(Array.from({ length: 70 }, async (_, index) => await given(store, index + 1, 1)));

    expect(await verify(store.found())).toMatchObject({ kind: 'whole', entries: 140 });
  });

  it('is read by stream, by place in the chain and by time', async () => {
    const store = await house().open();
    const times = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'];
    await given(store, 1, 1);
    await store.commit(change({ entries: times.map((at) => said(1, { type: 'approval-denied', refusals: [] }, at)) }));
    await given(store, 2, 1);
    const seqs = async (query: Parameters<Store['entries']>[0]) => (await store.entries(query)).map(({ seq }) => seq);

    expect(await seqs({ stream: 'deployment:D-2', limit: 10 })).toEqual([6, 7]);
    expect(await seqs({ stream: 'deployment:D-1', after: 1, limit: 2 })).toEqual([2, 3]);
    expect(await seqs({ after: 5, limit: 10 })).toEqual([6, 7]);
    expect(await seqs({ from: times[0] ?? '', to: times[1] ?? '', limit: 10 })).toEqual([3]);
    expect(await seqs({ stream: 'deployment:D-1', from: times[2] ?? '', limit: 10 })).toEqual([5]);
    expect(await seqs({ stream: 'deployment:D-9', limit: 10 })).toEqual([]);
  });

  it.each([
    ['changed', "update events set type = 'x' where seq = 2"],
    ['deleted', 'delete from events where seq = 3'],
    [
      'numbered ahead',
      "insert into events (seq, at, stream, version, type, text, hash) values (9, '', 'x:1', 1, '', '', '')",
    ],
    [
      'versioned ahead',
      "insert into events (seq, at, stream, version, type, text, hash) values (4, '', 'x:1', 2, '', '', '')",
    ],
  ])('refuses to be %s', async (_what, statement) => {
    const store = await house().open();
    await given(store, 1, 2);

    await expect(house().execute(statement)).rejects.toThrow(/The log only grows/);

    expect(await verify(store.found())).toMatchObject({ kind: 'whole', entries: 3 });
  });
}

function tamperCases(house: () => StoreHouse): void {
  async function tampered(...statements: readonly string[]): Promise<Store> {
    const store = await house().open();
    await given(store, 1, 3);
    await given(store, 2, 1);
    await store.commit(change({ entries: [locked('web', 'production', 'Migration')] }));
    await house().disarm();
    for (const statement of statements) await house().execute(statement);
    return store;
  }

  it('is named by the very entry of which one letter was changed', async () => {
    const store = await tampered(
      "update events set text = replace(text, 'checks-started', 'checks-starteD') where seq = 2",
    );

    const verdict = await verify(store.found());

    expect(verdict).toEqual({
      kind: 'broken',
      seq: 2,
      stream: 'deployment:D-1',
      what: 'its content was changed after it was written',
    });
  });

  it('is named by the entry after one that was taken out', async () => {
    const store = await tampered('delete from events where seq = 3');

    expect(await verify(store.found())).toMatchObject({ kind: 'broken', seq: 4 });
  });

  it('is named by the row that says something else than the log', async () => {
    const store = await tampered("update deployments set state = 'succeeded' where number = 1");

    expect(await all(store.differences())).toEqual([
      { stream: 'deployment:D-1', what: 'its row differs from the log in: state' },
    ]);
  });

  it('is named by what was changed inside a row', async () => {
    const { document } = house();
    const store = await tampered(
      `update targets set doc = ${document.of(`replace(${document.text('doc')}, 'Migration', 'Holiday')`)}`,
    );

    expect(await all(store.differences())).toEqual([
      { stream: 'target:web/production', what: 'its row differs from the log in: doc.lock' },
    ]);
  });

  it('is named by a row that is gone, and by one that came from nowhere', async () => {
    const store = await tampered(
      'delete from deployments where number = 2',
      `insert into targets (key, version, doc) values ('shop/staging', 1, '{}')`,
    );

    expect(await all(store.differences())).toEqual([
      { stream: 'deployment:D-2', what: 'the log speaks of it, but there is no row' },
      { stream: 'target:shop/staging', what: 'there is a row of it, but no entry in the log' },
    ]);
  });

  it('is named by a stream that cannot be read any more', async () => {
    const store = await tampered("update events set text = 'gone' where seq = 1");

    expect(await all(store.differences())).toMatchObject([
      { stream: 'deployment:D-1', what: expect.stringMatching(/^it cannot be rebuilt: /) },
    ]);
  });

  it('gets nothing added to a row that its log does not bear out', async () => {
    const store = await tampered('delete from deployments where number = 1');

    const added = store.commit(change({ entries: [said(1, { type: 'cancelled', reason: 'No.' })] }));

    await expect(added).rejects.toMatchObject({
      name: 'PortFailure',
      details: { kind: 'misbehaved', retryable: false },
    });
    expect(await store.entries({ stream: 'deployment:D-1', limit: 10 })).toHaveLength(4);
  });
}

/** One event of every type, so that a walk may take any way that the machine allows. */
const EVENTS: readonly DeploymentEvent[] = [
  ...ROAD,
  { type: 'refused', refusals: [] },
  { type: 'reminded' },
  { type: 'nudged' },
  { type: 'approval-denied', refusals: [] },
  { type: 'approvals-voided', reason: 'The plan changed.' },
  { type: 'rejected', reason: 'Not on a Friday.' },
  { type: 'expired' },
  { type: 'progressed', runState: 'running', steps: [{ name: 'Build', state: 'running' }], sha: SHA },
  { type: 'contact-lost' },
  { type: 'contact-regained' },
  { type: 'cancel-asked', reason: 'Wrong commit.' },
  { type: 'cancelled', reason: 'Wrong commit.' },
  { type: 'queued', plan: { ...PLAN, kind: 'rollback' } },
  { type: 'failed', failure: { code: 'run-failed', sentence: 'It failed.', next: 'Look.' } },
  { type: 'rollback-began', by: 'D-99' },
  { type: 'rollback-ended', by: 'D-99', outcome: 'rolled-back' },
  { type: 'card-undelivered', place: { chat: 'slack', tenant: 'T1', channel: 'C7' }, code: 'is_archived' },
];

function rebuildCases(house: () => StoreHouse): void {
  it('finds no difference after any number of changes that the machine allows', async () => {
    const store = await house().open();
    let number = 0;
    const walks = fc.array(fc.array(fc.nat({ max: 1000 }), { maxLength: 12 }), { minLength: 1, maxLength: 4 });

    await fc.assert(
      fc.asyncProperty(walks, async (walk) => {
        for (const choices of walk) {
          number += 1;
          await store.commit(change({ entries: [requested(number, `service-${number}`)] }));
          for (const choice of choices) await step(store, number, choice);
        }

        expect(await all(store.differences())).toEqual([]);
      }),
      { numRuns: 25 },
    );
    expect(await verify(store.found())).toMatchObject({ kind: 'whole' });
    expect(Object.keys(TABLE).length).toBeGreaterThan(0);
  });

  async function step(store: Store, number: number, choice: number): Promise<void> {
    const deployment = await store.deployment(`D-${number}`);
    if (deployment === undefined) throw new Error(`D-${number} is gone.`);
    const allowed = EVENTS.filter(({ type }) => allows(deployment.state, type));
    const event = allowed[choice % allowed.length];
    if (event === undefined) throw new Error(`Nothing may happen in ${deployment.state}.`);
    const expected = [{ stream: `deployment:D-${number}` as const, version: deployment.version }];
    const outcome = await store.commit(change({ expect: expected, entries: [said(number, event)] }));
    expect(outcome.kind).toBe('committed');
    expect(await store.deployment(`D-${number}`)).toMatchObject({ version: deployment.version + 1 });
  }

  it('finds no difference in targets and places either', async () => {
    const store = await house().open();
    const at = '2026-03-02T12:00:00.000Z';
    await store.commit(
      change({
        entries: [
          locked('web', 'production', 'One'),
          { stream: 'target:web/production', event: { type: 'unlocked' }, by: ANNA, at },
          { stream: 'target:web/production', event: { type: 'deployed', deployment: 'D-1', sha: SHA }, by: ANNA, at },
          { stream: 'place:slack:T1:C7', event: { type: 'broken', code: 'gone' }, by: ANNA, at },
          { stream: 'place:slack:T1:C7', event: { type: 'mended' }, by: ANNA, at },
          { stream: 'installation', event: { type: 'configured', catalog: 'v1' }, by: ANNA, at },
        ],
      }),
    );

    expect(await all(store.differences())).toEqual([]);
    expect(await store.target('web', 'production')).toMatchObject({ version: 3, current: { deployment: 'D-1' } });
  });
}
