import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import { type Newer, newerVersion } from './newer.ts';
import { approved, row, running, settle, succeed, target, twoGood } from './scenes.ts';
import { asked, codes, deployed, done, openWorld, SHA, type World } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-upgrade-'));
let world: World;
let newer: Newer;
let files = 0;

beforeEach(async () => {
  files += 1;
  const file = join(folder, `${files}.db`);
  world = await openWorld(file);
  newer = newerVersion(world, file);
});

afterEach(async () => {
  newer.close();
  await world.close();
  expect(world.faults).toEqual([]);
});

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Lets simulated time pass in steps that wake everything that is due. */
async function pass(minutes: number): Promise<void> {
  for (let second = 0; second < minutes * 60; second += 20) {
    world.clock.advance(20_000);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settle(world);
}

/** D-1 has succeeded; D-2 runs and is then taken over by the newer version. */
async function shifting(): Promise<string> {
  await deployed(world);
  const { id } = await running(world, SHA.two);
  await settle(world);
  newer.shift(id);
  return id;
}

describe('a deployment in the hands of a newer version', () => {
  it('is left exactly as it is, for hours', async () => {
    await shifting();
    const before = newer.everything();

    await pass(180);

    expect(newer.everything()).toEqual(before);
    expect(await verify(world.store.found())).toMatchObject({ kind: 'whole', newer: { needs: VOCABULARY + 1 } });
  });

  it('is left with its effects, which gain neither an attempt nor a doubt', async () => {
    const id = await shifting();

    await pass(30);

    expect(newer.effect(`move-traffic:${id}`)).toEqual({ attempts: 0, in_doubt_since: null, state: 'pending' });
  });

  it('keeps a doubt that the newer version had left', async () => {
    const id = await shifting();
    newer.doubt(`move-traffic:${id}`, 12345);

    await pass(5);

    expect(newer.effect(`move-traffic:${id}`)).toEqual({ attempts: 1, in_doubt_since: 12345, state: 'pending' });
  });

  it('is left also when it has ended, with the cards that it still owes', async () => {
    const id = await shifting();
    newer.end(id, 'succeeded');
    const key = `card:${id}:of-tomorrow`;
    const place = { chat: 'slack', tenant: 'T1', channel: 'C-new' };
    await world.store.commit({
      ...{ expect: [], entries: [], wakeups: [] },
      effects: [
        {
          ...{ key, lane: key, mode: 'latest', due: world.clock.now() },
          effect: { kind: 'card', deployment: id, place, audience: 'line' },
        },
      ],
    });

    await pass(10);

    expect(newer.effect(key)).toEqual({ attempts: 0, in_doubt_since: null, state: 'pending' });
  });

  it('may also be one that this version reads, with an effect that it does not', async () => {
    const { id } = await deployed(world);
    newer.owe(id);

    await pass(10);

    expect(newer.effect(`move-traffic:${id}`)).toEqual({ attempts: 0, in_doubt_since: null, state: 'pending' });
  });

  it('does not keep other targets from going on', async () => {
    await shifting();

    const { id } = done(await world.door.request(world.caller('anna'), { service: 'web', environment: 'staging' }));

    await succeed(world, id);
  });

  it('is not decided on: whoever clicks is told to come again', async () => {
    const id = await shifting();
    const before = newer.everything();
    const cleo = world.caller('cleo');

    const answers = [
      await world.door.act(cleo, id, { verb: 'approve' }),
      await world.door.act(cleo, id, { verb: 'reject', reason: 'No.' }),
      await world.door.act(cleo, id, { verb: 'cancel', reason: 'Stop.' }),
      await world.door.act(cleo, id, { verb: 'nudge' }),
      await world.door.retry(cleo, id),
      await world.door.rollback(cleo, { service: 'web', environment: 'production', reason: 'Bad.' }),
      await world.door.request(cleo, { service: 'web', environment: 'production', reason: 'Sale' }),
    ];

    expect(answers.map(codes)).toEqual(answers.map(() => ['newer-version']));
    expect(answers[0]).toMatchObject({
      refusals: [
        {
          sentence: 'D-2 is in the hands of a newer version of Countersign that is just being rolled out.',
          next: 'Try again in a minute.',
        },
      ],
    });
    await settle(world);
    expect(newer.everything()).toEqual(before);
  });
});

describe('a target on which a newer version is at work', () => {
  it.each(['succeeded', 'shifted'])('starts nothing until that has ended as "%s", and then goes on', async (state) => {
    await deployed(world);
    const { id } = await running(world, SHA.two);
    const waiting = await approved(world, SHA.three);
    await settle(world);
    newer.shift(id);
    const before = newer.everything();
    const starts = world.pipeline.started.length;

    await pass(120);
    expect(newer.everything()).toEqual(before);
    expect((await row(world, waiting.id)).state).toBe('queued');
    expect(world.pipeline.started).toHaveLength(starts);

    newer.end(id, state);
    await succeed(world, waiting.id);
  });

  it('takes no decision on others there either', async () => {
    const waiting = await asked(world);
    const { id } = done(
      await world.door.request(world.caller('anna'), { service: 'web', environment: 'production', reason: 'x' }),
    );
    await world.reach(id, 'awaiting-approval');
    newer.shift(id);

    expect(codes(await world.door.act(world.caller('cleo'), waiting.id, { verb: 'approve' }))).toEqual([
      'newer-version',
    ]);
    expect((await row(world, waiting.id)).state).toBe('awaiting-approval');
  });

  it('gets no rollback past what the newer version deployed', async () => {
    await twoGood(world);
    const { id } = await running(world, SHA.three);
    newer.shift(id);
    newer.end(id, 'shifted');

    const answer = await world.door.rollback(world.caller('cleo'), {
      ...{ service: 'web', environment: 'production', reason: 'Bad.' },
    });

    expect(codes(answer)).toEqual(['newer-version']);
  });

  it('is not retried from what a newer version ended', async () => {
    const id = await shifting();
    newer.end(id, 'failed');

    expect(codes(await world.door.retry(world.caller('anna'), id))).toEqual(['newer-version']);
  });

  it('is left alone while the target itself says what only the newer version knows', async () => {
    await deployed(world);
    newer.freeze('web', 'production');

    const anna = world.caller('anna');
    const asking = await world.door.request(anna, { service: 'web', environment: 'production', reason: 'Sale' });
    const locking = await world.door.lock(world.caller('anna'), {
      scope: target('web', 'production'),
      reason: 'Careful',
    });

    expect([codes(asking), codes(locking)]).toEqual([['newer-version'], ['newer-version']]);
  });
});

describe('a wake-up of a kind that only a newer version knows', () => {
  it('stays', async () => {
    await world.store.setWakeups([
      { key: 'sweep:weekly', due: world.clock.now() },
      { key: 'D-77', due: 0 },
    ]);

    await pass(10);

    const [left] = (newer.everything() as { readonly key: string }[][]).slice(-1);
    expect(left?.map(({ key }) => key)).toEqual(['sweep:weekly']);
  });
});

it('the end of a run that turns out to be in newer hands is recorded by nobody but them', async () => {
  const { id } = await running(world, SHA.one);
  const seen = world.pipeline.runs.get(world.pipeline.started[0]?.correlation ?? '');
  expect(seen?.state).toBe('running');
  const look = world.pipeline.look;
  let shifted = false;
  world.pipeline.look = async (run, request) => {
    if (!shifted) newer.shift(id);
    shifted = true;
    return { ...(await look(run, request)), state: 'succeeded' };
  };

  await world.until('the look', () => shifted);
  const before = newer.everything();
  await pass(30);

  expect(newer.everything()).toEqual(before);
  expect((await row(world, id)).state).toBe('shifting');
});

it('a run that was started while the newer version took over stays in doubt for it, and is not started again', async () => {
  const { start } = world.pipeline;
  let id = '';
  world.pipeline.start = async (request) => {
    const run = await start(request);
    newer.shift(id);
    return run;
  };
  ({ id } = await asked(world));
  done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));

  await world.until('the start', () => world.pipeline.started.length > 0);
  await pass(30);

  const effect = newer.effect(`start:${id}`);
  expect(effect).toMatchObject({ attempts: 1, state: 'pending' });
  expect(effect.in_doubt_since).not.toBeNull();
  expect(world.pipeline.started).toHaveLength(1);
});
