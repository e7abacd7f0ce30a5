import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOT } from '../../src/domain/person.ts';
import { approved, closeSound, settle } from './scenes.ts';
import { asked, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

async function restored(): Promise<void> {
  const at = new Date(world.clock.now()).toISOString();
  const event = { type: 'restored', entry: 1, hash: 'f'.repeat(64) } as const;
  await world.store.commit({
    expect: [],
    entries: [{ stream: 'installation', event, by: BOT, at }],
    effects: [],
    wakeups: [],
  });
}

it('a request older than the restore of a backup takes over the run that it had after the backup', async () => {
  const { id, token } = await asked(world);
  const correlation = `${id}-${token.slice(0, 8)}`;
  await restored();
  // What the log has forgotten: it was approved and started.
  world.pipeline.runs.set(correlation, { state: 'running', steps: [], sha: SHA.one });

  done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
  const row = await world.until('the run', async () => {
    const found = await world.store.deployment(id);
    return found?.run === undefined ? undefined : found;
  });

  expect(row.run?.id).toBe(correlation);
  expect(world.pipeline.started).toHaveLength(0);
});

it('a request newer than the restore starts its run without asking for an older one', async () => {
  await restored();
  world.clock.advance(1000);
  world.pipeline.find = async () => expect.fail('nobody has reason to look for a run');

  const { id } = await approved(world, SHA.one);
  await settle(world);

  expect(world.pipeline.started).toMatchObject([{ deployment: id }]);
});
