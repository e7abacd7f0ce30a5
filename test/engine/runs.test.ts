import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wording } from '../fakes/chat.ts';
import { approved, closeSound, fault, history, row, running, settle, succeed, without } from './scenes.ts';
import { asked, catalogWith, codes, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => closeSound(world));

describe('cancelling', () => {
  it('ends a request that waits for a countersignature', async () => {
    const { id } = await asked(world);

    const stranger = await world.door.act(world.caller('sam'), id, { verb: 'cancel' });
    const answer = done(await world.door.act(world.caller('anna'), id, { verb: 'cancel', reason: 'Not today' }));

    expect(codes(stranger)).toEqual(['not-permitted']);
    expect(answer).toMatchObject({ state: 'cancelled', cancellation: { by: { id: 'anna' }, reason: 'Not today' } });
  });

  it('asks a run to stop, and ends when the provider says so', async () => {
    const { id } = await running(world);

    const asking = done(await world.door.act(world.caller('anna'), id, { verb: 'cancel' }));
    const twice = await world.door.act(world.caller('cleo'), id, { verb: 'cancel' });
    await world.reach(id, 'cancelled');

    expect(asking.state).toBe('running');
    expect(codes(twice)).toEqual(['already-decided']);
    expect(world.pipeline.stopped).toHaveLength(1);
  });

  it('starts nothing when the provider had not taken the start yet', async () => {
    world.pipeline.fail = { call: 'start', failure: fault('unreachable', { retryable: true }), times: 1 };
    const { id } = await approved(world, SHA.one);
    await world.until('the failed start', () => world.pipeline.fail?.times === 0);

    done(await world.door.act(world.caller('anna'), id, { verb: 'cancel' }));
    await world.reach(id, 'cancelled');

    expect(world.pipeline.started).toHaveLength(0);
  });

  it('stops a run that had begun although the start seemed to fail', async () => {
    world.pipeline.fail = { call: 'start', failure: fault('timeout', { inDoubt: true }), accepted: true, times: 1 };
    const { id } = await approved(world, SHA.one);
    await world.until('the start', () => world.pipeline.started.length === 1);

    done(await world.door.act(world.caller('anna'), id, { verb: 'cancel' }));
    await world.reach(id, 'cancelled');

    expect(world.pipeline.stopped.length).toBeGreaterThan(0);
    expect([...world.pipeline.runs.values()].map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('is told apart from a stop at the provider', async () => {
    const { id } = await running(world);

    world.pipeline.play({ state: 'cancelled' });
    const ended = await world.reach(id, 'failed');

    expect(ended.failure?.code).toBe('run-cancelled-outside');
  });
});

describe('starting', () => {
  it('finds the run again that began before we were stopped, and begins no second', async () => {
    world.pipeline.fail = { call: 'start', failure: fault('timeout', { inDoubt: true }), accepted: true, times: 1 };
    const { id } = await approved(world, SHA.one);
    await world.until('the start', () => world.pipeline.started.length === 1);

    await world.restart();
    await succeed(world, id);

    expect(world.pipeline.started).toHaveLength(1);
  });

  it('fails with the words of a provider that refuses', async () => {
    world.pipeline.fail = { call: 'start', failure: fault('refused'), times: 1 };
    const { id } = await approved(world, SHA.one);

    const failed = await world.reach(id, 'failed');

    expect(failed.failure).toMatchObject({
      code: 'provider-refused',
      sentence: expect.stringContaining('It is refused.'),
    });
  });

  it('does not call failed what may have begun, however long the provider cannot be asked', async () => {
    world.pipeline.fail = { call: 'start', failure: fault('timeout', { inDoubt: true }), accepted: true, times: 1 };
    const find = world.pipeline.find.bind(world.pipeline);
    let down = true;
    world.pipeline.find = async (request) => {
      if (down) throw fault('unreachable', { retryable: true });
      return find(request);
    };
    const { id } = await approved(world, SHA.one);
    await world.until('the start', () => world.pipeline.started.length === 1);

    for (let minute = 0; minute < 5; minute += 1) {
      world.clock.advance(60_000);
      await settle(world);
    }
    const meanwhile = await row(world, id);
    down = false;
    await succeed(world, id);

    expect(meanwhile.state).toBe('running');
    expect(world.pipeline.started).toHaveLength(1);
  });

  it('says that nobody knows when it stays in doubt for too long', async () => {
    world.pipeline.fail = { call: 'start', failure: fault('timeout', { inDoubt: true }), accepted: true, times: 1 };
    world.pipeline.find = async () => {
      throw fault('unreachable', { retryable: true });
    };
    const { id } = await approved(world, SHA.one);

    for (let minute = 0; minute < 30; minute += 1) {
      world.clock.advance(60_000);
      await settle(world);
    }

    expect((await row(world, id)).failure?.code).toBe('run-lost');
  });

  it('does not wait for ever when our own fault keeps a run from starting', async () => {
    world.pipeline.start = async () => {
      throw new TypeError('a bug');
    };
    const { id } = await approved(world, SHA.one);

    for (let minute = 0; minute < 30; minute += 1) {
      world.clock.advance(60_000);
      await settle(world);
    }

    expect((await row(world, id)).state).toBe('failed');
  });

  it('does not wait for ever when our own fault keeps the facts from being gathered', async () => {
    world.source.changes = async () => {
      throw new TypeError('a bug');
    };
    const { id } = done(await world.door.request(world.caller('anna'), { service: 'web', environment: 'staging' }));

    const refused = await world.reach(id, 'refused');

    expect(refused.refusals.map(({ code }) => code)).toEqual(['internal-fault']);
  });

  it('starts nothing when the configuration changed between the decision and the call', async () => {
    world.pipeline.fail = { call: 'start', failure: fault('unreachable', { retryable: true }), times: 1 };
    const { id } = await approved(world, SHA.one);
    await world.until('the failed start', () => world.pipeline.fail?.times === 0);
    world.catalog = catalogWith({ production: { pipeline: { provider: 'runner', settings: { job: 'other' } } } });

    const failed = await world.reach(id, 'failed');

    expect(failed.failure?.code).toBe('configuration-changed');
    expect(world.pipeline.started).toHaveLength(0);
  });
});

describe('watching a run', () => {
  it('tells when the provider gives no news for a minute, and when it is back', async () => {
    const { id } = await running(world);
    await world.until('the first look', async () => (await row(world, id)).steps.length > 0);

    world.pipeline.fail = { call: 'look', failure: fault('unreachable', { retryable: true }), times: 100_000 };
    const silent = await world.until('the silence', async () => {
      const now = await row(world, id);
      return now.silentSince === undefined ? undefined : now;
    });
    const told = await world.until('the words', () =>
      world.chat
        .roots('C-deploys')
        .map(wording)
        .find((text) => text.includes('Status unknown since')),
    );
    world.pipeline.fail = undefined;
    await succeed(world, id);

    expect(silent.state).toBe('running');
    expect(told).toContain('last seen: Build');
    expect((await history(world, id)).filter((type) => type.startsWith('contact-'))).toEqual([
      'contact-lost',
      'contact-regained',
    ]);
  });

  it('fails when the provider does not know the run any more', async () => {
    const { id } = await running(world);

    world.pipeline.runs.clear();
    const failed = await world.reach(id, 'failed');

    expect(failed.failure?.code).toBe('run-lost');
  });

  it('stops a run that takes longer than it may', async () => {
    const { id } = await running(world);

    world.clock.advance(601_000);
    const failed = await world.reach(id, 'failed');
    await world.until('the stop', () => world.pipeline.stopped.length > 0);

    expect(failed.failure?.code).toBe('run-timed-out');
  });

  it('goes on for a service that has left the configuration', async () => {
    const { id } = await running(world);

    world.catalog = without(world.catalog);
    const ended = await succeed(world, id);

    expect(ended.runSha).toBe(SHA.one);
    expect((await world.store.target('web', 'production')).current?.deployment).toBe(id);
  });

  it('looks at once when the provider calls', async () => {
    const { id, run } = await running(world);
    world.pipeline.play({ state: 'succeeded' });

    await world.engine.runChanged('runner', run?.id ?? '');
    await settle(world);

    expect((await row(world, id)).state).toBe('succeeded');
  });

  it('restores a wake-up that was lost', async () => {
    const { id } = await running(world);
    await world.engine.stop();
    for (const wakeup of await world.store.takeWakeups(world.clock.now() + 3_600_000, 1000, 100))
      await world.store.finishWakeup(wakeup.lease);
    const lost = await world.store.unwatched(10);

    await world.restart();
    const ended = await succeed(world, id);

    expect(lost).toEqual([id]);
    expect(ended.state).toBe('succeeded');
  });
});

describe('trying again', () => {
  it('is a new request for the same commit, linked to the old one, and approved anew', async () => {
    const { id } = await running(world);
    world.pipeline.play({ state: 'failed', error: 'npm test failed' });
    const failed = await world.reach(id, 'failed');
    world.source.refs_.set('main', SHA.four);

    const again = done(await world.door.retry(world.caller('anna'), id));
    const waiting = await world.reach(again.id, 'awaiting-approval');

    expect(failed.failure?.sentence).toBe('npm test failed');
    expect(waiting).toMatchObject({ retryOf: id, findings: { sha: SHA.one }, countersignatures: [] });
    expect(waiting.reason).toBe('Sale starts');
  });

  it('is not for what succeeded, runs, or does not exist', async () => {
    const { id } = await running(world);

    const early = await world.door.retry(world.caller('anna'), id);
    await succeed(world, id);
    const late = await world.door.retry(world.caller('anna'), id);
    const unknown = await world.door.retry(world.caller('anna'), 'D-99');

    expect([early, late, unknown].flatMap(codes)).toEqual(['not-failed', 'not-failed', 'unknown-deployment']);
  });
});

describe('a chat that is told to wait', () => {
  it('does not delay the other places', async () => {
    const failure = fault('rate-limited', { retryable: true, retryAfterMs: 30_000 });
    world.chat.faults.push({ call: 'post', place: 'C-deploys', failure });
    const { id } = done(
      await world.door.request(
        { ...world.caller('anna'), place: { chat: 'slack', tenant: 'T1', channel: 'C-own' } },
        { service: 'web', environment: 'staging' },
      ),
    );
    const begun = world.clock.now();

    await succeed(world, id);
    await world.until('the line', () => world.chat.roots('C-log').length === 1);
    const others = world.clock.now();
    await world.until('the card', () => world.chat.roots('C-deploys').length === 1);

    expect(others - begun).toBeLessThan(10_000);
    expect(world.clock.now() - begun).toBeGreaterThanOrEqual(30_000);
    expect(world.chat.roots('C-own')).toHaveLength(1);
  });
});
