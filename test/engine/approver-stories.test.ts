import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/domain/catalog.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { wording } from '../fakes/chat.ts';
import { brokenGlass, closeSound, history, row, settle } from './scenes.ts';
import { APPROVAL, asked, catalogWith, changes, codes, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

const MINUTE = 60_000;

async function pass(minutes: number): Promise<void> {
  world.clock.advance(minutes * MINUTE);
  await settle(world);
}

/** Production asks for this; `platform` is Ben, Cleo and Dana (Ben wrote the change), `night` is Sam. */
function policy(more: Partial<Policy>): void {
  const catalog = catalogWith({ production: { policy: { ...APPROVAL, ...more } } });
  const night = { id: 'night', source: { kind: 'people' as const, people: ['sam'] } };
  world.catalog = { ...catalog, groups: { ...catalog.groups, night } };
}

const approve = (name: string, id: string) => world.door.act(world.caller(name), id, { verb: 'approve' });
const iso = (minutes: number) => new Date(world.clock.now() + minutes * MINUTE).toISOString();

describe('a silent group', () => {
  it('is escalated once, rings the next, and lets its members take the part', async () => {
    policy({ escalations: [{ afterMs: 20 * MINUTE, to: 'night' }] });
    const { id } = await asked(world);

    const early = await approve('sam', id);
    await pass(19);
    const before = await history(world, id);
    await pass(2);
    await pass(20);
    const after = await history(world, id);
    const said = world.chat.replies('C-deploys').map(wording).join('\n');
    const late = done(await approve('sam', id));

    expect(codes(early)).toEqual(['not-in-group']);
    expect(before).not.toContain('escalated');
    expect(after.filter((type) => type === 'escalated')).toHaveLength(1);
    expect(said).toMatch(/Sam.*nobody has decided/);
    expect(late.state).not.toBe('awaiting-approval');
    expect(late.countersignatures[0]).toMatchObject({ by: { id: 'sam' }, groups: ['night'] });
  });

  it('is left alone when it has spoken in time', async () => {
    policy({ rules: [{ group: 'platform', count: 1 }], escalations: [{ afterMs: 20 * MINUTE, to: 'night' }] });
    const { id } = await asked(world);
    done(await approve('cleo', id));

    await pass(30);

    expect(await history(world, id)).not.toContain('escalated');
  });
});

describe('somebody who is away', () => {
  beforeEach(() => policy({ rules: [{ group: 'platform', count: 1 }] }));

  it('lets another decide until then, which stands with the countersignature', async () => {
    const { id } = await asked(world);
    const before = await approve('sam', id);

    const away = await world.door.away(world.caller('cleo'), { to: 'sam', until: iso(60), reason: 'lunch' });
    const signed = done(await approve('sam', id));

    expect([codes(before), away.kind]).toEqual([['not-in-group'], 'done']);
    expect(signed.countersignatures[0]).toMatchObject({
      by: { id: 'sam' },
      onBehalfOf: { id: 'cleo' },
      groups: ['platform'],
    });
    expect((await world.store.personBook('cleo')).delegation).toMatchObject({ to: { id: 'sam' }, reason: 'lunch' });
  });

  it('lends nothing when the time is over, when back, or through a chain', async () => {
    const { id } = await asked(world);
    await world.door.away(world.caller('cleo'), { to: 'anna', until: iso(60) });
    await world.door.away(world.caller('dana'), { to: 'cleo', until: iso(5) });
    await world.door.away(world.caller('anna'), { to: 'sam', until: iso(60) });
    const chained = await approve('sam', id);
    await world.door.away(world.caller('cleo'), { to: 'sam', until: iso(10) });
    await world.door.back(world.caller('cleo'));
    const returned = await approve('sam', id);
    await world.door.away(world.caller('cleo'), { to: 'sam', until: iso(10) });
    await pass(11);
    const over = await approve('sam', id);

    expect([chained, returned, over].flatMap(codes)).toEqual(['not-in-group', 'not-in-group', 'not-in-group']);
  });

  it('lends nothing for their own work, and no word counts twice', async () => {
    policy({ rules: [{ group: 'platform', count: 2 }] });
    const { id } = await asked(world);
    await world.door.away(world.caller('ben'), { to: 'sam', until: iso(60) });
    const author = await approve('sam', id);
    await world.door.away(world.caller('cleo'), { to: 'sam', until: iso(60) });
    const first = done(await approve('sam', id));
    const own = await approve('cleo', id);
    const last = done(await approve('dana', id));

    expect(codes(author)).toEqual(['not-in-group']);
    expect(first.state).toBe('awaiting-approval');
    expect(codes(own)).toEqual(['already-countersigned']);
    expect(last.state).not.toBe('awaiting-approval');
  });

  it('is refused without a known person, for oneself, from outside, and without anything to take back', async () => {
    const cleo = () => world.caller('cleo');
    const answers = await Promise.all([
      world.door.away(cleo(), { until: iso(5) }),
      world.door.away(cleo(), { to: 'nobody', until: iso(5) }),
      world.door.away(cleo(), { to: 'cleo', until: iso(5) }),
      world.door.away(cleo(), { to: 'sam', until: iso(-5) }),
      world.door.away({ ...cleo(), external: true }, { to: 'sam', until: iso(5) }),
      world.door.away(world.caller('stranger'), { to: 'sam', until: iso(5) }),
      world.door.back(cleo()),
    ]);

    expect(answers.flatMap(codes)).toEqual([
      'delegate-unknown',
      'delegate-unknown',
      'delegate-not-possible',
      'time-past',
      'external-person',
      'person-unlinked',
      'not-delegated',
    ]);
  });

  it('has the delegate told, at the beginning and at the end', async () => {
    await world.door.away(world.caller('cleo'), { to: 'sam', until: iso(60), reason: 'lunch' });
    await world.door.back(world.caller('cleo'));
    await settle(world);

    const told = JSON.stringify(world.chat.whispers);
    expect(told).toContain('Cleo asks you to decide in their stead');
    expect(told).toContain('Cleo decides in person again');
  });
});

describe('the glass', () => {
  const smash = (name: string, id: string, more: { reason?: string } = {}) =>
    world.door.act(world.caller(name), id, { verb: 'break-glass', reason: 'The shop is down', ...more });

  it('stays whole while the configuration names nobody', async () => {
    const { id } = await asked(world);

    expect(codes(await smash('cleo', id))).toEqual(['glass-closed']);
  });

  it('is broken by whoever is named, in two steps, and everybody hears of it', async () => {
    policy({ breakGlass: ['anna'] });
    const { id } = await asked(world);

    const other = await smash('cleo', id);
    const silent = await smash('anna', id, { reason: ' ' });
    const first = await smash('anna', id);
    const waiting = (await row(world, id)).state;
    const broken = done(await brokenGlass(world, 'anna', id));
    await settle(world);

    expect([other, silent, first].flatMap(codes)).toEqual(['glass-not-yours', 'missing-reason', 'glass-not-confirmed']);
    expect(waiting).toBe('awaiting-approval');
    expect(broken).toMatchObject({ state: 'running', glass: { by: { id: 'anna' }, reason: 'The shop is down' } });
    expect(world.chat.replies('C-deploys').map(wording).join('\n')).toContain('BREAK GLASS: Anna');
    expect(codes(await smash('anna', id))).toEqual(['not-awaiting-approval']);
  });

  it('opens no lock', async () => {
    policy({ breakGlass: ['anna'] });
    const { id } = await asked(world);
    const scope = { kind: 'target' as const, service: 'web', environment: 'production' };
    await world.door.lock(world.caller('cleo'), { scope, reason: 'The index is rebuilt' });

    const broken = done(await brokenGlass(world, 'anna', id));

    expect(broken.state).toBe('queued');
    expect(world.pipeline.started).toHaveLength(0);
  });
});

describe('the owners of the changed files', () => {
  const files = new Map<string, string>();
  beforeEach(() => {
    files.clear();
    policy({ codeOwners: true });
    world.source.range = (base, head) => changes(head, base, [], { files: [{ path: 'db/1.sql' }], filesTotal: 1 });
    world.source.file = async (_repository, sha, path) => files.get(`${sha}:${path}`);
  });

  it('must countersign too, each word for one rule', async () => {
    files.set(`${SHA.one}:.github/CODEOWNERS`, '/db/ sam@example.com');
    const { id, plan } = await asked(world);

    const first = done(await approve('cleo', id));
    const second = done(await approve('sam', id));

    expect(JSON.stringify(plan)).toContain('sam@example.com');
    expect([first.state, second.state]).toEqual(['awaiting-approval', 'running']);
  });

  it('are those of the file that runs there, not those that the change brings', async () => {
    files.set(`${SHA.one}:CODEOWNERS`, '* sam@example.com');
    files.set(`${SHA.two}:CODEOWNERS`, '* cleo@example.com');
    const { id } = await asked(world);
    await approve('cleo', id);
    done(await approve('sam', id));
    await world.until('the run', async () => (await world.store.deployment(id))?.run);
    world.pipeline.play({ state: 'succeeded' });
    await world.reach(id, 'succeeded');
    world.source.refs_.set('main', SHA.two);

    const next = await asked(world);

    expect(next.findings?.ownership).toEqual([{ owners: ['sam@example.com'], files: 1, example: 'db/1.sql' }]);
  });

  it.each([
    ['there is no file', async () => undefined, 'range-unreadable'],
    [
      'it cannot be read',
      async () => {
        throw new PortFailure('Forbidden.', { port: 'code', kind: 'forbidden', retryable: false });
      },
      'source-unreachable',
    ],
  ])('are not passed over: %s', async (_name, file, code) => {
    world.source.file = file;
    const wish = { service: 'web', environment: 'production', ref: 'main', reason: 'Sale' };
    const { id } = done(await world.door.request(world.caller('anna'), wish));

    const refused = await world.reach(id, 'refused');

    expect(refused.refusals.map((one) => one.code)).toEqual([code]);
  });
});

describe('groups that change by themselves', () => {
  it('are read at the click: whose turn it is, and nobody before the first', async () => {
    policy({ rules: [{ group: 'turns', count: 1 }] });
    const from = iso(0);
    const source = { kind: 'rotation' as const, people: ['cleo', 'dana'], from, turnMs: 30 * MINUTE };
    world.catalog = { ...world.catalog, groups: { ...world.catalog.groups, turns: { id: 'turns', source } } };
    const { id } = await asked(world);

    const early = await approve('dana', id);
    await pass(31);
    const gone = await approve('cleo', id);
    const turn = done(await approve('dana', id));

    expect([early, gone].flatMap(codes)).toEqual(['not-in-group', 'not-in-group']);
    expect(turn.countersignatures).toHaveLength(1);
  });
});

describe('rules by risk', () => {
  it('ask one group more for what they speak of', async () => {
    policy({ further: [{ when: { files: ['db/**'] }, rules: [{ group: 'night', count: 1 }] }] });
    world.source.range = (base, head) => changes(head, base, [], { files: [{ path: 'db/1.sql' }], filesTotal: 1 });
    const { id, findings } = await asked(world);

    const first = done(await approve('cleo', id));
    const second = done(await approve('sam', id));

    expect(findings?.fits).toEqual({ 'db/**': 1 });
    expect([first.state, second.state]).toEqual(['awaiting-approval', 'running']);
  });
});
