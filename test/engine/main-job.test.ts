import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/domain/audit.ts';
import { headline, wording } from '../fakes/chat.ts';
import { asked, changes, codes, deployed, done, hand, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('the main job', () => {
  it('goes from a request over a second person to a run and a broadcast', async () => {
    const { id, findings } = await asked(world);

    const approved = done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.until('the start', () => world.pipeline.started.length === 1);
    world.pipeline.play({ state: 'succeeded', steps: [{ name: 'Build', state: 'succeeded' }] });
    await world.reach(id, 'succeeded');

    expect(findings?.sha).toBe(SHA.one);
    expect(approved.state).toBe('running');
    expect(world.pipeline.started[0]).toMatchObject({ sha: SHA.one, deployment: id, repository: 'acme/web' });
    expect((await world.store.target('web', 'production')).current).toMatchObject({ deployment: id, sha: SHA.one });
    await world.until('the cards', () => headline(world.chat.roots('C-all')[0]).includes('live for customers'));
    expect(world.chat.roots('C-deploys')).toHaveLength(1);
    expect(headline(world.chat.roots('C-deploys')[0])).toBe('Deployed · web → production · main (1111111)');
    expect(wording(world.chat.roots('C-all')[0])).not.toContain('1111111');
    expect(await verify(world.store.found())).toMatchObject({ kind: 'whole' });
    for await (const difference of world.store.differences()) expect.fail(JSON.stringify(difference));
  });

  it.each([
    ['anna', ['requester-may-not-approve', 'not-in-group']],
    ['ben', ['contributor-may-not-approve']],
    ['sam', ['not-in-group']],
    ['nobody', ['person-unlinked']],
  ])('does not let %s approve', async (name, expected) => {
    const { id } = await asked(world);

    const answer = await world.door.act(world.caller(name), id, { verb: 'approve' });

    expect(codes(answer)).toEqual(expected);
    expect((await world.store.deployment(id))?.state).toBe('awaiting-approval');
    expect(world.pipeline.started).toHaveLength(0);
  });

  it('takes fifty approvals at once for one', async () => {
    const { id } = await asked(world);

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        world.door.act(world.caller(index % 2 === 0 ? 'cleo' : 'dana'), id, { verb: 'approve' }),
      ),
    );
    await world.until('the start', () => world.pipeline.started.length > 0);

    expect(answers.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(world.pipeline.started).toHaveLength(1);
  });

  it('lets exactly one of approve and cancel at the same moment win', async () => {
    const { id } = await asked(world);

    await Promise.all([
      world.door.act(world.caller('cleo'), id, { verb: 'approve' }),
      world.door.act(world.caller('anna'), id, { verb: 'cancel' }),
    ]);
    const row = await world.until('an end', async () => {
      const found = await world.store.deployment(id);
      return found?.state === 'cancelled' ? found : undefined;
    });

    expect(row.cancellation?.by.id).toBe('anna');
    const runs = [...world.pipeline.runs.values()];
    expect(runs.every(({ state }) => state === 'cancelled')).toBe(true);
  });

  it('obeys a delivery once, however often it comes', async () => {
    const caller = world.caller('anna', 'slack:1');

    const answers = await Promise.all(
      [1, 2, 3].map(() => world.door.request(caller, { service: 'web', environment: 'staging' })),
    );

    expect(answers.map(({ kind }) => kind).sort()).toEqual(['done', 'duplicate', 'duplicate']);
    expect(await world.store.deployments({ limit: 10 })).toHaveLength(1);
  });

  it('keeps the commit that was approved when the branch moves', async () => {
    const { id } = await asked(world);
    world.source.refs_.set('main', SHA.two);

    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.until('the start', () => world.pipeline.started.length === 1);

    expect(world.pipeline.started[0]?.sha).toBe(SHA.one);
  });

  it('stops a run of another commit and fails the deployment', async () => {
    const { id } = await asked(world);
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.until('the start', () => world.pipeline.started.length === 1);

    world.pipeline.play({ sha: SHA.four });
    const row = await world.reach(id, 'failed');
    await world.until('the stop', () => world.pipeline.stopped.length === 1);

    expect(row.failure?.code).toBe('sha-mismatch');
  });

  it('does not call a success what the provider did not confirm', async () => {
    const { id } = await asked(world);
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.until('the start', () => world.pipeline.started.length === 1);
    const { correlation } = world.pipeline.started[0] ?? { correlation: '' };

    world.pipeline.runs.set(correlation, { state: 'succeeded', steps: [] });
    const row = await world.reach(id, 'failed');

    expect(row.failure?.code).toBe('sha-mismatch');
  });

  it('refuses what already runs there', async () => {
    await deployed(world);

    const answer = done(
      await world.door.request(world.caller('dana'), { service: 'web', environment: 'production', reason: 'again' }),
    );
    const row = await world.reach(answer.id, 'refused');

    expect(row.refusals.map(({ code }) => code)).toContain('already-running-there');
  });

  it('refuses a request whose range cannot be read whole', async () => {
    world.source.range = (base, head) => changes(head, base, [hand('ben')], { complete: false });

    const answer = done(
      await world.door.request(world.caller('anna'), { service: 'web', environment: 'production', reason: 'x' }),
    );
    const row = await world.reach(answer.id, 'refused');

    expect(row.refusals.map(({ code }) => code)).toEqual(['range-unreadable']);
  });

  it('refuses when the git host stays down, but still rolls back', async () => {
    await deployed(world);
    world.source.refs_.set('main', SHA.two);
    await deployed(world);
    world.source.down = true;

    const answer = done(
      await world.door.request(world.caller('anna'), {
        service: 'web',
        environment: 'production',
        ref: 'main',
        reason: 'x',
      }),
    );
    const refused = await world.reach(answer.id, 'refused');
    const back = done(
      await world.door.rollback(world.caller('sam'), {
        service: 'web',
        environment: 'production',
        reason: 'Basket is broken',
      }),
    );
    await world.until('the start', () => world.pipeline.started.at(-1)?.deployment === back.id);
    world.pipeline.play({ state: 'succeeded' });
    await world.reach(back.id, 'succeeded');

    expect(refused.refusals.map(({ code }) => code)).toEqual(['source-unreachable']);
    expect((await world.store.target('web', 'production')).current).toMatchObject({ sha: SHA.one, restores: 'D-1' });
    expect((await world.store.deployment('D-2'))?.state).toBe('rolled-back');
    expect((await world.store.target('web', 'production')).lock?.cause).toBe(back.id);
  });
});
