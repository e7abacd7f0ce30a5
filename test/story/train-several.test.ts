import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { databaseAt, once } from '../store/postgres-house.ts';
import { NO_SERVER, TEST_SERVER } from '../support/postgres.ts';
import { ANNA, CLEO, DEPLOYS, DINA, PLACES } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { launched } from './steps.ts';
import { TARGETS } from './train-targets.ts';

const NAME = `countersign_train_${process.pid}`;
const SERVER = TEST_SERVER ?? 'postgres://nowhere/x';
const WHY_NOT = TEST_SERVER === undefined ? ` (${NO_SERVER})` : '';
const IDS = ['D-1', 'D-2', 'D-3'] as const;
const SLOW_MS = 60_000;

describe.skipIf(TEST_SERVER === undefined)(`a train on three instances of one database${WHY_NOT}`, () => {
  let stage: Stage;
  beforeEach(async () => {
    await once(SERVER, `create database "${NAME}"`);
    const several = { database: databaseAt(SERVER, NAME), instances: 3 };
    stage = await openStage({ several, rules: { targets: TARGETS } });
  }, SLOW_MS);
  afterEach(async () => {
    await stage.close();
    await once(SERVER, `drop database if exists "${NAME}" with (force)`);
  }, SLOW_MS);

  it('is approved once by two presses at once, and runs each member once', { timeout: SLOW_MS }, async () => {
    await stage.hands.ask(ANNA, DEPLOYS, 'train web api worker to prod --parallel --reason "Spring sale"');
    for (const id of IDS) await stage.reaches(id, 'awaiting-approval');
    const card = await stage.card('T-1', DEPLOYS, 'worker needs 1 of');
    await Promise.all([stage.hands.press(CLEO, card, 'approve'), stage.hands.press(DINA, card, 'approve')]);
    const runs = await Promise.all(IDS.map((id) => launched(stage, id)));
    await Promise.all(runs.map((run) => run.succeed()));

    for (const id of IDS) expect((await stage.reaches(id, 'succeeded')).countersignatures).toHaveLength(1);
    await stage.card('T-1', DEPLOYS, 'Deployed', '3 of 3 deployed');
    await stage.quiet();
    expect(await stage.counts('T-1', PLACES)).toEqual([1, 1, 1]);
    expect(stage.repository.runs).toHaveLength(3);
    for (const { store } of stage.programs()) {
      expect(await verify(store.found())).toMatchObject({ kind: 'whole' });
      for await (const difference of store.differences()) expect.fail(JSON.stringify(difference));
    }
  });
});
