import { afterEach, describe, expect, it } from 'vitest';
import { createInbox } from '../../commands/index.ts';
import { plain } from '../../src/domain/text.ts';
import type { Reading } from '../../src/ports/reading.ts';
import { closeSound, row } from './scenes.ts';
import { askedTrain, DEPLOYS, play, say, states, trainWorld } from './train-scenes.ts';
import { done, SHA, type World } from './world.ts';

let world: World;
afterEach(() => closeSound(world));

let lines = 0;
/** What somebody is answered who types a line. */
async function types(name: string, text: string): Promise<string> {
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => expect.fail(JSON.stringify(fields)) };
  const reading: Reading = {
    ...world.store,
    catalog: () => world.catalog,
    logs: async () => undefined,
    troubles: () => [],
  };
  const inbox = createInbox({ door: world.door, reading, clock: world.clock, log });
  lines += 1;
  const actor = { system: 'slack', tenant: 'T1', id: `U-${name}`, name };
  const place = DEPLOYS;
  const said = await inbox.receive({
    key: `line-${lines}`,
    place,
    actor,
    external: false,
    input: { kind: 'text', text },
  });
  if (said.kind !== 'say') return said.kind;
  const { title, lines: more, facts } = said.announcement;
  return [title, ...more, ...facts.map(({ value }) => value)].map(plain).join('\n');
}

/** Two trains that arrived, T-1 and T-4, the second with another commit. */
async function twoTrains(): Promise<void> {
  world = await trainWorld();
  for (const [train, sha] of [
    ['T-1', SHA.one],
    ['T-4', SHA.two],
  ] as const) {
    world.source.refs_.set('main', sha);
    const members = await askedTrain(world);
    done(await say(world, 'cleo', 'approve', train));
    for (const { id } of members) await play(world, id, 'succeeded');
  }
}

describe('typed lines about a train', () => {
  it('bring back all that has arrived of it, the last one first, with a reason', async () => {
    await twoTrains();
    const asks = await types('dana', 'rollback T-4');
    const before = await states(world, ['D-4', 'D-5', 'D-6']);
    const answer = await types('dana', 'rollback T-4 --reason "Checkout fails"');
    for (const id of ['D-7', 'D-8', 'D-9']) await play(world, id, 'succeeded');
    const again = await types('dana', 'rollback T-4 --reason "Checkout fails"');

    expect(asks).toContain('Nothing happens until you say why.');
    expect(before).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(answer).toContain('Rolling back 3 of 3 of T-4');
    expect([(await row(world, 'D-7')).service, (await row(world, 'D-9')).service]).toEqual(['worker', 'web']);
    expect(await states(world, ['D-4', 'D-5', 'D-6'])).toEqual(['rolled-back', 'rolled-back', 'rolled-back']);
    expect((await row(world, 'D-9')).findings?.sha).toBe(SHA.one);
    expect(again).toContain('Nothing of T-4 has arrived');
  });

  it('ask for it, show it, decide on it, and say of a member that it is one', async () => {
    world = await trainWorld();
    const asked = await types('anna', 'train web api@main worker to prod --reason "Spring sale" --parallel');
    for (const id of ['D-1', 'D-2', 'D-3']) await world.reach(id, 'awaiting-approval');
    const alone = await types('cleo', 'approve D-2');
    const own = await types('anna', 'approve t-1');
    const yes = await types('cleo', 'approve T-1');
    await world.reach('D-3', 'running');

    expect(asked).toContain('Requested T-1: web, api, worker to production, all at the same time.');
    expect(alone).toContain('D-2 is part of the train T-1');
    expect(own).toContain('You asked for this train');
    expect(yes).toContain('You have countersigned T-1.');
    expect(await types('sam', 'train D-2')).toContain('train T-1 · web, api, worker → production');
    expect(await types('sam', 'status T-1')).toContain('train T-1');
    expect(await types('sam', 'status D-2')).toContain(
      'T-1, 2 of 3, all at the same time: D-1 web, D-2 api, D-3 worker',
    );
    expect(await types('sam', 'why T-1')).toContain('T-1 is a train.');
    expect(await types('sam', 'train T-9')).toContain('There is no train T-9.');
    expect(await types('anna', 'train web to prod --reason x')).toContain('A train has 2 to 10 services');
    expect(await types('anna', 'train web api prod --at "tomorrow 9:00"')).toContain('There is no flag "--at".');
  });
});
