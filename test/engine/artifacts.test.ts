import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '../../src/domain/artifact.ts';
import type { StepBefore } from '../../src/domain/catalog.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { wording } from '../fakes/chat.ts';
import { closeSound, history, row, settle } from './scenes.ts';
import { asked, catalogWith, done, openWorld, SHA, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  configure({});
});
afterEach(() => closeSound(world));

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const web = (digit: string): Artifact => ({ name: 'web', digest: digest(digit) });

function configure(step: Partial<StepBefore>): void {
  const access = { deploy: ['*'], rollback: ['*'], override: ['*'] };
  const after = [{ environment: 'staging', bakeMs: 0, ...step }];
  world.catalog = catalogWith({ production: { access, after } });
}

/** Brings `main` to staging with a run that names these. */
async function staged(...artifacts: readonly Artifact[]): Promise<Deployment> {
  const { id } = done(await world.door.request(world.caller('anna'), { service: 'web', environment: 'staging' }));
  return ended(id, ...artifacts);
}

async function ended(id: string, ...artifacts: readonly Artifact[]): Promise<Deployment> {
  await world.until('the run', async () => (await row(world, id)).run);
  world.pipeline.play({ state: 'succeeded', ...(artifacts.length === 0 ? {} : { artifacts }) });
  return world.until('its end', async () => {
    const found = await row(world, id);
    return found.endedAt === undefined ? undefined : found;
  });
}

async function produced(...artifacts: readonly Artifact[]): Promise<Deployment> {
  const { id } = await asked(world);
  done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
  return ended(id, ...artifacts);
}

describe('from staging to production', () => {
  it('goes the very artifact that succeeded there: bound, shown, given to the run, and kept', async () => {
    const first = await staged(web('a'));
    const { id, plan } = await asked(world);
    const card = world.chat.roots('C-deploys').map(wording).join('\n');
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    const arrived = await ended(id, web('a'));

    expect(first.runArtifacts).toEqual([web('a')]);
    expect(plan?.artifacts).toEqual([web('a')]);
    expect(card).toContain(`web ${'a'.repeat(12)}`);
    expect(world.pipeline.started.map(({ artifacts }) => artifacts)).toEqual([undefined, [web('a')]]);
    expect(arrived).toMatchObject({ state: 'succeeded', runArtifacts: [web('a')], needs: 3 });
  });

  it('stops a run that brings another, and fails', async () => {
    await staged(web('a'));
    const { id } = await asked(world);
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    await world.until('the run', async () => (await row(world, id)).run);
    world.pipeline.play({ artifacts: [web('b')] });
    const failed = await world.reach(id, 'failed');
    await world.until('the stop', () => world.pipeline.stopped.length === 1);

    expect(failed.failure).toMatchObject({
      code: 'artifact-mismatch',
      sentence: expect.stringMatching(/"web" as b{12} although a{12} was approved/),
    });
    expect((await world.store.target('web', 'production')).current).toBeUndefined();
  });

  it('compares nothing where the run, or staging, names nothing', async () => {
    await staged(web('a'));
    expect(await produced()).toMatchObject({ state: 'succeeded', plan: { artifacts: [web('a')] } });

    world.source.refs_.set('main', SHA.two);
    await staged();
    const later = await produced(web('c'));

    expect(later).toMatchObject({ state: 'succeeded', runArtifacts: [web('c')] });
    expect(later.plan).not.toHaveProperty('artifacts');
  });

  it('refuses what staging did not name where the configuration demands it, except with a reason', async () => {
    configure({ artifact: 'required' });
    await staged();
    const wish = { service: 'web', environment: 'production', reason: 'Sale' };
    const refused = done(await world.door.request(world.caller('anna'), wish));
    const override = 'The registry is down';
    const again = done(await world.door.request(world.caller('anna'), { ...wish, override }));

    expect((await world.reach(refused.id, 'refused')).refusals).toMatchObject([{ code: 'artifact-unknown' }]);
    expect((await world.reach(again.id, 'awaiting-approval')).findings?.warnings.join()).toContain(override);
  });

  it('is not given what was approved once staging stands on another', async () => {
    await staged(web('a'));
    const { id } = await asked(world);
    world.source.refs_.set('main', SHA.two);
    await staged(web('c'));
    world.source.refs_.set('main', SHA.one);
    await staged(web('b'));
    done(await world.door.act(world.caller('cleo'), id, { verb: 'approve' }));
    const refused = await world.reach(id, 'refused');

    expect(refused.refusals).toMatchObject([{ code: 'artifact-changed' }]);
    expect(await history(world, id)).not.toContain('dispatched');
  });

  it('binds a rollback to what its own run was held to, and to nothing else', async () => {
    await staged(web('a'));
    await produced(web('a'));
    world.source.refs_.set('main', SHA.two);
    await staged(web('b'));
    await produced(web('b'));
    const back = done(
      await world.door.rollback(world.caller('cleo'), { service: 'web', environment: 'production', reason: 'broken' }),
    );
    await settle(world);
    await ended(back.id, web('a'));

    expect(world.pipeline.started.at(-1)).toMatchObject({ kind: 'rollback', sha: SHA.one, artifacts: [web('a')] });
    expect((await row(world, back.id)).state).toBe('succeeded');
  });
});
