import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { InputSpecs } from '../../src/domain/inputs.ts';
import { wording } from '../fakes/chat.ts';
import { closeSound, history, row, settle } from './scenes.ts';
import { catalogWith, codes, done, openWorld, SHA, type World } from './world.ts';

const SPECS: InputSpecs = {
  region: { type: 'enum', title: 'Region', options: ['eu', 'us'], required: true },
  'dry-run': { type: 'boolean', required: false, byDefault: 'false' },
};
const ONLY_US: InputSpecs = { ...SPECS, region: { type: 'enum', options: ['us'], required: true } };

let world: World;
beforeEach(async () => {
  world = await openWorld();
  configure(SPECS);
});
afterEach(() => closeSound(world));

function configure(inputs: InputSpecs): void {
  const access = { deploy: ['*'], rollback: ['*'], override: ['*'] };
  world.catalog = catalogWith({ production: { access, inputs } });
}

const wish = (inputs?: Record<string, string>, ref = 'main') => ({
  ...{ service: 'web', environment: 'production', reason: 'Sale', ref },
  ...(inputs === undefined ? {} : { inputs }),
});

async function waiting(inputs: Record<string, string>, ref = 'main'): Promise<Deployment> {
  const { id } = done(await world.door.request(world.caller('anna'), wish(inputs, ref)));
  return world.reach(id, 'awaiting-approval');
}

const approve = (id: string) => world.door.act(world.caller('cleo'), id, { verb: 'approve' });

async function ended(id: string, state: 'succeeded' | 'failed' = 'succeeded'): Promise<Deployment> {
  await world.until('the run', async () => (await row(world, id)).run);
  world.pipeline.play({ state });
  return world.until('its end', async () => {
    const found = await row(world, id);
    return found.endedAt === undefined ? undefined : found;
  });
}

describe('what is handed in', () => {
  it('is read, bound by the approval, shown by its title, and given to the run', async () => {
    const asked = await waiting({ region: 'eu', 'dry-run': 'YES' });
    const other = await waiting({ region: 'us' });
    const card = world.chat.roots('C-deploys').map(wording).join('\n');
    done(await approve(asked.id));
    await ended(asked.id);

    expect(asked).toMatchObject({ inputs: { 'dry-run': 'true', region: 'eu' }, needs: 3 });
    expect(asked.plan?.inputs).toEqual({ 'dry-run': 'true', region: 'eu' });
    expect(other.plan?.hash).not.toBe(asked.plan?.hash);
    expect(card).toMatch(/Region[\s\S]*eu/);
    expect(world.chat.roots('C-all').map(wording).join('\n')).not.toContain('Region');
    expect(world.pipeline.started.map(({ inputs }) => inputs)).toEqual([{ 'dry-run': 'true', region: 'eu' }]);
  });

  it.each<[Record<string, string> | undefined, string]>([
    [undefined, 'missing-input'],
    [{ region: 'asia' }, 'bad-input'],
    [{ region: 'eu', colour: 'red' }, 'unknown-input'],
  ])('is refused at once: %j', async (inputs, code) => {
    expect(codes(await world.door.request(world.caller('anna'), wish(inputs)))).toEqual([code]);
    expect(await world.store.deployments({ limit: 1 })).toEqual([]);
  });

  it('is looked at by a preview too', async () => {
    const preview = await world.door.preview(world.caller('anna'), wish({ region: 'asia' }));

    expect(codes(preview)).toEqual(['bad-input']);
  });
});

describe('a value that the configuration no longer takes', () => {
  it('does not run when it is approved after that', async () => {
    const { id } = await waiting({ region: 'eu' });
    configure(ONLY_US);
    await approve(id);
    const refused = await world.reach(id, 'refused');

    expect(refused.refusals).toMatchObject([{ code: 'bad-input', sentence: '"eu" is no value for "region".' }]);
    expect(world.pipeline.started).toEqual([]);
  });

  it('does not run when it was approved before', async () => {
    const first = await waiting({ region: 'us' });
    world.source.refs_.set('main', SHA.two);
    const second = await waiting({ region: 'eu' });
    done(await approve(first.id));
    done(await approve(second.id));
    configure(ONLY_US);
    await ended(first.id);
    const refused = await world.reach(second.id, 'refused');

    expect(refused.refusals).toMatchObject([{ code: 'bad-input' }]);
    expect(await history(world, second.id)).not.toContain('dispatched');
    expect(world.pipeline.started).toHaveLength(1);
  });
});

describe('trying again', () => {
  async function failing(): Promise<string> {
    const { id } = await waiting({ region: 'eu' });
    done(await approve(id));
    expect((await ended(id, 'failed')).state).toBe('failed');
    return id;
  }

  it('hands in the same, read anew', async () => {
    const id = await failing();
    const later: InputSpecs = { ...SPECS, note: { type: 'text', required: false, byDefault: 'none' } };
    configure(later);
    const again = done(await world.door.retry(world.caller('anna'), id));

    expect(again).toMatchObject({ retryOf: id, inputs: { 'dry-run': 'false', note: 'none', region: 'eu' } });
  });

  it('is refused where it does not fit any more', async () => {
    const id = await failing();
    configure(ONLY_US);

    expect(codes(await world.door.retry(world.caller('anna'), id))).toEqual(['bad-input']);
  });
});

describe('a rollback', () => {
  it('hands in what was handed in with what it brings back, whatever is taken now', async () => {
    const first = await waiting({ region: 'eu' });
    done(await approve(first.id));
    await ended(first.id);
    world.source.refs_.set('main', SHA.two);
    const second = await waiting({ region: 'us' });
    done(await approve(second.id));
    await ended(second.id);
    configure(ONLY_US);
    const back = { service: 'web', environment: 'production', reason: 'broken' };
    const { id } = done(await world.door.rollback(world.caller('cleo'), back));
    await settle(world);
    await ended(id);

    expect(world.pipeline.started.at(-1)).toMatchObject({
      kind: 'rollback',
      sha: SHA.one,
      inputs: { 'dry-run': 'false', region: 'eu' },
    });
    expect((await row(world, id)).state).toBe('succeeded');
  });
});
