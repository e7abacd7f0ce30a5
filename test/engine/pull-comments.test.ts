import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeSet } from '../../src/domain/change-set.ts';
import { safe } from '../../src/domain/tell/pull-comment.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { approved, closeSound, row, running, settle, succeed } from './scenes.ts';
import { catalogWith, changes, done, hand, openWorld, SHA, type World } from './world.ts';

let world: World;
/** What stands on each pull request, by its number and marker. */
let said: Map<string, string>;
let refuse: PortFailure | undefined;

beforeEach(async () => {
  world = await openWorld();
  said = new Map();
  refuse = undefined;
  world.source.range = (base, head) => withPulls(changes(head, base), 1);
  Object.assign(world.source, {
    async comment(_repository: string, pull: number, marker: string, words: string) {
      if (refuse !== undefined) throw refuse;
      said.set(`#${pull} ${marker}`, words);
    },
  });
});
afterEach(() => closeSound(world));

function wanted(): void {
  const catalog = catalogWith();
  const web = catalog.services['web'];
  if (web !== undefined) world.catalog = { ...catalog, services: { web: { ...web, pullRequestComments: true } } };
}

function withPulls(set: ChangeSet, count: number): ChangeSet {
  const commits = Array.from({ length: count }, (_one, at) => ({
    sha: set.head,
    title: 'Bigger basket',
    at: '2026-11-20T10:00:00.000Z',
    hands: [hand('ben')],
    pullRequest: { number: at + 1, title: 'Bigger basket', url: 'https://code.example/1' },
  }));
  return { ...set, commits };
}

/** Commit one is there; then commit two arrives, or not. */
async function second(): Promise<string> {
  const { id: first } = await running(world, SHA.one);
  await succeed(world, first);
  return (await running(world, SHA.two)).id;
}

const MARKER = '<!-- countersign:web/production -->';

describe('the pull requests of a deployment', () => {
  it('are told nothing unless the service wants it', async () => {
    await succeed(world, await second());
    await settle(world);

    expect(said.size).toBe(0);
  });

  it('are told where it arrived, who approved it, and where to read on; those of a first deployment are not', async () => {
    wanted();
    const { id: first } = await running(world, SHA.one);
    await succeed(world, first);
    await settle(world);
    expect(said.size).toBe(0);

    const { id } = await running(world, SHA.two);
    await succeed(world, id);
    await settle(world);

    expect([...said]).toEqual([
      [
        `#1 ${MARKER}`,
        `**✅ Deployed: web → production** ([${id}](http://bot.example/deployments/${id}), commit \`2222222\`). Asked for by Anna, approved by Cleo.`,
      ],
    ]);
  });

  it('are told when it failed, and when it was taken back, in the same comment', async () => {
    wanted();
    const id = await second();
    world.pipeline.play({ state: 'failed', error: 'Step "Test" of @anna failed' });
    await world.reach(id, 'failed');
    await settle(world);
    expect(said.get(`#1 ${MARKER}`)).toContain('❌ Not deployed');
    expect(said.get(`#1 ${MARKER}`)).not.toContain('@anna');

    const again = (await approved(world, SHA.two)).id;
    await succeed(world, again);
    const wish = { service: 'web', environment: 'production', reason: 'Basket is broken' };
    const back = done(await world.door.rollback(world.caller('sam'), wish));
    await succeed(world, back.id);
    await world.reach(again, 'rolled-back');
    await settle(world);

    expect(said.size).toBe(1);
    expect(said.get(`#1 ${MARKER}`)).toContain(`↩️ Rolled back: web → production** ([${again}]`);
  });

  it('are told up to twenty', async () => {
    wanted();
    world.source.range = (base, head) => withPulls(changes(head, base), 30);
    await succeed(world, await second());
    await settle(world);

    expect(said.size).toBe(20);
  });

  it('never keep a deployment from its end when they cannot be told', async () => {
    wanted();
    refuse = new PortFailure('It is forbidden.', { port: 'code', kind: 'forbidden', retryable: false });
    const id = await second();
    await succeed(world, id);
    await settle(world);

    expect((await row(world, id)).state).toBe('succeeded');
  });
});

it('escapes whatever would format, call somebody or refer to something', () => {
  expect(safe('@acme/ops <b>*x*</b> [a](b) #12 `c`\n# d')).toBe(
    '@\u200Bacme/ops \\<b\\>\\*x\\*\\</b\\> \\[a\\]\\(b\\) #\u200B12 \\`c\\` #\u200B d',
  );
});
