import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Commit } from '../../src/domain/change-set.ts';
import { closeSound, row, running, succeed, target, twoGood } from './scenes.ts';
import { catalogWith, changes, codes, deployed, done, hand, openWorld, SHA, type World } from './world.ts';

const PRODUCTION = { service: 'web', environment: 'production' };
let world: World;
beforeEach(async () => {
  world = await openWorld();
  world.catalog = catalogWith({
    production: { access: { deploy: ['*'], rollback: ['*'], lock: ['*'], override: ['*'] } },
  });
});
afterEach(() => closeSound(world));

/** Takes back what runs there and opens the target again. */
async function takenBack(id: string): Promise<void> {
  done(await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'Basket is broken' }));
  await succeed(world, id);
  expect(codes(await world.door.unlock(world.caller('sam'), target('web', 'production')))).toEqual(['done']);
}

/** Asks for a commit and says what became of it when it was worked out. */
async function outcome(ref: string, more: object = {}): Promise<readonly string[]> {
  const { id } = done(await world.door.request(world.caller('anna'), { ...PRODUCTION, ref, reason: 'x', ...more }));
  const found = await world.until('the facts', async () => {
    const now = await row(world, id);
    return now.state === 'requested' || now.state === 'checking' ? undefined : now;
  });
  return [found.state, ...found.refusals.map(({ code }) => code)];
}

function range(...shas: readonly string[]): void {
  const commits: Commit[] = shas.map((sha) => ({
    sha,
    title: `Change ${sha.slice(0, 4)}`,
    at: '2026-11-20T10:00:00.000Z',
    hands: [hand('ben')],
  }));
  world.source.range = (base, head) =>
    changes(head, base, [], { commits: base === undefined ? commits.slice(0, 1) : commits });
}

describe('a commit that was taken back', () => {
  it('does not come again, and it is said what took it back', async () => {
    await twoGood(world);
    await takenBack('D-3');

    expect(await outcome(SHA.two)).toEqual(['refused', 'taken-back-before']);
    expect((await row(world, 'D-4')).refusals[0]?.sentence).toContain('was taken back in production by D-3');
  });

  it('comes again with something new beside it', async () => {
    await twoGood(world);
    await takenBack('D-3');
    range(SHA.three, SHA.two);

    expect(await outcome(SHA.three)).toEqual(['awaiting-approval']);
  });

  it('comes again when somebody who may says why', async () => {
    await twoGood(world);
    await takenBack('D-3');

    expect(await outcome(SHA.two, { override: 'The basket was mended outside' })).toEqual(['awaiting-approval']);
  });

  it('may go elsewhere', async () => {
    await twoGood(world);
    await takenBack('D-3');

    expect(await outcome(SHA.two, { environment: 'staging' })).not.toContain('taken-back-before');
  });

  it('is found in a long range, of which its row keeps only a part', async () => {
    await deployed(world);
    const shas = Array.from({ length: 400 }, (_, index) => (index + 1000).toString(16).padStart(40, 'a'));
    range(SHA.two, ...shas);
    world.source.refs_.set('main', SHA.two);
    await deployed(world);
    const { findings } = await row(world, 'D-2');
    const last = shas.at(-1) ?? '';
    await takenBack('D-3');
    range(last);

    expect(findings?.changeSet.commits.map(({ sha }) => sha)).not.toContain(last);
    expect(await outcome(last)).toEqual(['refused', 'taken-back-before']);
  });
});

describe('since when a target has been failing', () => {
  it('is written when the next one starts, and no more once one has arrived', async () => {
    await running(world);
    world.pipeline.play({ state: 'failed' });
    const failed = await world.reach('D-1', 'failed');
    await running(world, SHA.two);
    world.pipeline.play({ state: 'failed' });
    await world.reach('D-2', 'failed');
    const third = await running(world, SHA.three);
    await succeed(world, third.id);
    const fourth = await running(world, SHA.four);

    expect(third.failingSince).toBe(failed.endedAt);
    expect((await row(world, 'D-1')).failingSince).toBeUndefined();
    expect(fourth.failingSince).toBeUndefined();
  });
});
