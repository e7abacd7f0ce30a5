import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/domain/lock.ts';
import { startEngine } from '../../src/engine/index.ts';
import type { Kit } from '../../src/engine/kit.ts';
import { wording } from '../fakes/chat.ts';
import { closeSound, row, settle, target, twoGood } from './scenes.ts';
import { asked, catalogWith, codes, done, openWorld, type World } from './world.ts';

let world: World;
let kit: Kit;
beforeEach(async () => {
  world = await openWorld(':memory:', (own) => {
    kit = own;
    return own;
  });
  world.catalog = catalogWith({ production: { regions: ['eu'] } });
});
afterEach(() => closeSound(world));

const HOUR = 3_600_000;
const PRODUCTION = { service: 'web', environment: 'production' };
const OWN = target('web', 'production');
const WIDE: readonly Scope[] = [
  { kind: 'everything' },
  { kind: 'environment', environment: 'production' },
  { kind: 'region', region: 'eu' },
  { kind: 'service', service: 'web' },
];

async function locked(
  scope: Scope = OWN,
  more: { readonly forMs?: number; readonly mode?: 'freeze' | 'warning' } = {},
) {
  const answer = await world.door.lock(world.caller('sam'), { scope, reason: 'Stocktaking', ...more });
  expect(answer.kind).toBe('done');
}

const request = () => world.door.request(world.caller('anna'), { ...PRODUCTION, reason: 'x' });
const lockThere = async () => (await world.store.target('web', 'production')).lock;
const whispers = () => world.chat.whispers.map(({ message }) => message.announcement.summary);

/** Gives rights on production, and a word on nobody else's. */
function rights(access: NonNullable<Parameters<typeof catalogWith>[0]>['production']): void {
  world.catalog = catalogWith({ production: { regions: ['eu'], ...access } });
}

describe('a lock of a wider scope', () => {
  it.each(WIDE)('$kind closes the target to requests, but not to rollbacks', async (scope) => {
    await twoGood(world);
    await locked(scope);

    expect(codes(await request())).toEqual(['target-locked']);
    const back = await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'Broken' });
    await world.reach(done(back).id, 'running');
  });

  it('holds back what is queued without refusing it, says so on the card, and lets it go', async () => {
    const { id } = await asked(world);
    await locked({ kind: 'environment', environment: 'production' });
    await world.until('the warning', () =>
      world.chat.roots('C-deploys').some((one) => wording(one).includes('Once approved, it waits')),
    );

    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.until('the words', () =>
      world.chat.roots('C-deploys').some((one) => wording(one).includes('everything in production is locked by Sam')),
    );
    expect((await row(world, id)).state).toBe('queued');
    await world.door.unlock(world.caller('sam'), { kind: 'environment', environment: 'production' });
    const since = world.clock.now();
    await world.reach(id, 'running');

    expect(world.clock.now() - since).toBeLessThan(10_000);
  });

  it('is not for what nobody configured', async () => {
    const tried = await Promise.all(
      [
        { kind: 'region', region: 'moon' },
        { kind: 'environment', environment: 'moon' },
        { kind: 'service', service: 'moon' },
      ].map((scope) => world.door.lock(world.caller('sam'), { scope: scope as Scope, reason: 'x' })),
    );

    expect(tried.flatMap(codes)).toEqual(['unknown-scope', 'unknown-environment', 'unknown-service']);
  });

  it('that only warns lets everything pass', async () => {
    await locked({ kind: 'everything' }, { mode: 'warning' });
    const { id } = await asked(world);
    await world.until('the warning', () =>
      world.chat.roots('C-deploys').some((one) => wording(one).includes('Everything is under a warning by Sam')),
    );

    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.reach(id, 'running');
  });
});

describe('the time of a lock', () => {
  it('ends at its moment: it is opened by the bot, its owner is told, and who waits goes', async () => {
    const { id } = await asked(world);
    await locked(OWN, { forMs: HOUR / 2 });
    const until = world.clock.now() + HOUR / 2;
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await settle(world);
    expect((await row(world, id)).state).toBe('queued');

    world.clock.advance(until - world.clock.now() - 1000);
    await settle(world);
    expect(await lockThere()).toBeDefined();
    await world.reach(id, 'running');

    expect(world.clock.now() - until).toBeLessThan(2000);
    expect(await lockThere()).toBeUndefined();
    const opened = await world.store.newest('target:web/production', 'unlocked');
    expect(opened).toMatchObject({ by: { id: 'countersign' }, event: { reason: 'expired' } });
    await world.until('the notice', () => whispers().some((one) => one.includes('has expired')));
  });

  it('survives a restart and the loss of its wake-up, and two instances open it once', async () => {
    await locked({ kind: 'service', service: 'web' }, { forMs: HOUR });
    await world.restart();
    const [wakeup] = await world.store.takeWakeups(world.clock.now() + 2 * HOUR, 1000, 10);
    if (wakeup === undefined) throw new Error('There is no wake-up.');
    await world.store.finishWakeup(wakeup.lease);
    const second = startEngine(kit);

    world.clock.advance(HOUR + 60_000);
    await world.until('the end', async () => (await world.store.scopes())[0]?.lock === undefined);
    await settle(world);
    await second.stop();

    const entries = await world.store.entries({ stream: 'scope:service/web', limit: 100 });
    expect(wakeup.key).toBe('lock:service/web');
    expect(entries.map(({ event }) => event.type)).toEqual(['locked', 'unlocked']);
  });

  it('without an end: its owner is asked after a day, and daily', async () => {
    await locked();

    for (const times of [1, 2]) {
      world.clock.advance(24 * HOUR);
      await world.until('the question', () => whispers().filter((one) => one.includes('still need')).length === times);
    }
    await settle(world);

    const entries = await world.store.entries({ stream: 'target:web/production', limit: 100 });
    expect(entries.map(({ event }) => event.type)).toEqual(['locked', 'lock-nagged', 'lock-nagged']);
  });

  it('is no longer than a year', async () => {
    const answers = [0, -1, Number.NaN, 400 * 24 * HOUR].map((forMs) =>
      world.door.lock(world.caller('sam'), { scope: OWN, reason: 'x', forMs }),
    );

    expect((await Promise.all(answers)).flatMap(codes)).toEqual(Array(4).fill('bad-time'));
  });
});

describe("somebody else's lock", () => {
  it('is neither opened nor taken over without the right', async () => {
    await locked();

    expect(codes(await world.door.unlock(world.caller('dana'), OWN))).toEqual(['lock-not-yours']);
    expect(codes(await world.door.steal(world.caller('dana'), OWN, 'Mine'))).toEqual(['not-allowed']);
    expect((await lockThere())?.by.id).toBe('sam');
  });

  it('is taken over with the right and a reason, and its owner is told', async () => {
    rights({ access: { deploy: ['*'], lock: ['*'], steal: ['platform'] } });
    await locked(OWN, { mode: 'freeze' });

    expect(codes(await world.door.steal(world.caller('anna'), OWN, 'Mine'))).toEqual(['not-allowed']);
    expect(codes(await world.door.steal(world.caller('dana'), OWN, ' '))).toEqual(['missing-reason']);
    const answer = await world.door.steal(world.caller('dana'), OWN, 'Sam is away', HOUR);
    await world.until('the notice', () => whispers().some((one) => one.includes('Dana took over your lock')));

    expect(answer).toMatchObject({ kind: 'done', former: { reason: 'Stocktaking' } });
    expect(await lockThere()).toMatchObject({ by: { id: 'dana' }, mode: 'freeze', takenFrom: { id: 'sam' } });
  });

  it('is opened with the right, and its owner is told', async () => {
    rights({ access: { lock: ['*'], steal: ['platform'] } });
    await locked();

    expect((await world.door.unlock(world.caller('dana'), OWN, 'Done')).kind).toBe('done');
    await world.until('the notice', () => whispers().some((one) => one.includes('Dana opened your lock')));
  });

  it('that a rollback made is opened by anybody who may lock', async () => {
    await twoGood(world);
    done(await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'Broken' }));

    expect((await world.door.unlock(world.caller('dana'), OWN)).kind).toBe('done');
  });
});

it('a rollback closes what was only under a warning', async () => {
  await twoGood(world);
  await locked(OWN, { mode: 'warning' });

  const { id } = done(await world.door.rollback(world.caller('sam'), { ...PRODUCTION, reason: 'Broken' }));

  expect(await lockThere()).toMatchObject({ cause: id });
});
