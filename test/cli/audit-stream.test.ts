import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWorld, place, type World } from '../engine/world.ts';
import { run } from './cli-under-test.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const shown = (what: string) => run(['audit', 'show', what], { ...world.store, close: async () => {} });

it.each([
  ['everything', { kind: 'everything' }],
  ['environment/staging', { kind: 'environment', environment: 'staging' }],
  ['service/web', { kind: 'service', service: 'web' }],
] as const)('audit show tells the story of the scope %s', async (name, scope) => {
  await world.door.lock(world.caller('anna'), { scope, reason: 'Stock\u001b[2Jtaking' });
  await world.door.unlock(world.caller('anna'), scope, 'Done');
  const closed = await shown(`scope:${name}`);
  await world.door.lock(world.caller('anna'), { scope, reason: 'Again' });

  const { code, out } = await shown(`scope:${name}`);

  expect([closed.code, code]).toEqual([0, 0]);
  expect(closed.out.split('\n')[0]).toContain('not locked');
  expect(out.split('\n')[0]).toMatch(/locked by Anna: Again$/);
  expect(out).toMatch(/Anna: Locked it: Stock \[2Jtaking {2}\[[0-9a-f]{12}\]\n/);
  expect(out).toMatch(/Anna: Unlocked it: Done {2}\[/);
  expect(out).not.toContain('\u001b');
});

it('audit show tells the story of a target, a place and a person', async () => {
  const scope = { kind: 'target', service: 'web', environment: 'staging' } as const;
  await world.door.lock(world.caller('anna'), { scope, reason: 'Tests' });
  await world.door.subscribe(world.caller('anna'), place('C9'), {
    service: 'web',
    environment: '*',
    audience: 'digest',
    cadence: 'weekly',
  });
  await world.door.prefer(world.caller('anna'), { what: 'mentions', value: 'none' });

  expect((await shown('target:web/staging')).out).toContain('nothing deployed yet · locked by Anna');
  expect((await shown('place:slack:T1:C9')).out).toContain('Anna: Subscribed to web in * (digest, weekly)');
  expect((await shown('person:anna')).out).toContain('Anna: Changed what the bot heeds about them');
});

it('audit show tells the story of a review', async () => {
  const by = { id: 'anna', name: 'Anna', known: true, accounts: [] };
  const at = '2026-11-20T10:00:00.000Z';
  const opened = {
    type: 'review-opened',
    service: 'web',
    environment: 'production',
    kind: 'hotfix',
    barred: [by],
    causes: ['hotfix'],
    dueAt: at,
  } as const;
  const closed = { type: 'review-closed', note: 'All good' } as const;
  const entries = [opened, closed].map((event) => ({ stream: 'review:D-7', event, by, at }) as const);
  await world.store.commit({ expect: [], entries, effects: [], wakeups: [] });

  const { code, out } = await shown('review:7');

  expect(code).toBe(0);
  expect(out.split('\n')[0]).toBe('The review of D-7 · closed by Anna');
  expect(out).toContain('Anna: Reviewed it: All good');
});

it.each(['scope:environment/lab', 'scope:nonsense', 'review:D-9', 'person:nobody', 'what:ever', 'people'])(
  'audit show says that there is nothing about %s',
  async (what) => {
    const { code, err } = await shown(what);

    expect(code).toBe(1);
    expect(err).toContain(`The log has nothing about "${what}". It can show D-1042, review:D-1042`);
  },
);
