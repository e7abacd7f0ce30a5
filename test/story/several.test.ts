import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { addCommit } from '../fakes/github/world.ts';
import { databaseAt, once } from '../store/postgres-house.ts';
import { NO_SERVER, TEST_SERVER } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { BOTH, PLATFORMS } from './chats.ts';
import { DEPLOYS, EVERYBODY } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked, deployed, launched } from './steps.ts';

const NAME = `countersign_story_${process.pid}`;
const SERVER = TEST_SERVER ?? 'postgres://nowhere/x';
const DATABASE = databaseAt(SERVER, NAME);
const WHY_NOT = TEST_SERVER === undefined ? ` (${NO_SERVER})` : '';

describe.skipIf(TEST_SERVER === undefined).each([...PLATFORMS, BOTH])(
  `several instances on one database${WHY_NOT}, in $name,`,
  ({ chats }) => {
    let stage: Stage;

    beforeEach(async () => {
      await once(SERVER, `create database "${NAME}"`);
      stage = await openStage({ chats, several: { database: DATABASE, instances: 3 } });
    });
    afterEach(async () => {
      await stage.close();
      await once(SERVER, `drop database if exists "${NAME}" with (force)`);
    });

    it('do the main job together: one run, one card in each place, one chain', async () => {
      await deployed(stage);
      addCommit(stage.repository, { message: 'A second version' });
      const id = await deployed(stage);

      await stage.card(id, DEPLOYS, 'Deployed');
      await stage.card(id, EVERYBODY, 'live for customers');
      expect(await stage.counts(id, [DEPLOYS, EVERYBODY])).toEqual([1, 1]);
      expect(stage.repository.runs).toHaveLength(2);
      for (const { store } of stage.programs()) {
        expect(await verify(store.found())).toMatchObject({ kind: 'whole' });
        for await (const difference of store.differences()) expect.fail(JSON.stringify(difference));
      }
    });

    it('each hear what any of them did', async () => {
      const heard = stage.programs().map(({ store }) => {
        const streams: string[] = [];
        store.listen((changed) => streams.push(...changed));
        return streams;
      });

      const id = await asked(stage);

      await until('the news everywhere', () => heard.every((streams) => streams.includes(`deployment:${id}`)));
    });

    it('go on with what one of them had begun when it is stopped', async () => {
      const id = await asked(stage);
      await approved(stage, id);
      const run = await launched(stage, id);
      await run.begin();

      for (const program of stage.programs().slice(0, 2)) await stage.retire(program);
      await run.succeed();
      await stage.reaches(id, 'succeeded');

      await stage.card(id, DEPLOYS, 'Deployed');
      expect(await stage.roots(id, DEPLOYS)).toHaveLength(1);
      expect(stage.repository.runs).toHaveLength(1);
    });
  },
);
