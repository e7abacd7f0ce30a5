import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunState } from '../../src/domain/run.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import type { FoundOutside, Pipeline } from '../../src/ports/pipeline.ts';
import { wording } from '../fakes/chat.ts';
import { approved, closeSound, row, running, settle } from './scenes.ts';
import { openWorld, SHA, type World } from './world.ts';

const HINT = { run: '77', repository: 'acme/web', workflows: ['deploy'] };

let world: World;
/** What the provider says of the run; absent: that it is none of those. */
let found: FoundOutside | undefined;
let looks: number;

beforeEach(async () => {
  world = await openWorld();
  looks = 0;
  found = seen('running');
  const ability: Pick<Required<Pipeline>, 'uses' | 'outside'> = {
    uses: ({ job }, workflows) => workflows.includes(String(job)),
    async outside() {
      looks += 1;
      return found;
    },
  };
  Object.assign(world.pipeline, ability);
});
afterEach(() => closeSound(world));

function seen(state: RunState): FoundOutside {
  const run = { provider: 'runner', id: '77', url: 'https://ci.example/77' };
  const began = new Date(world.clock.now()).toISOString();
  return { run, workflow: 'deploy.yml', workflows: ['deploy'], actor: 'mallory', sha: SHA.two, state, began };
}

async function passes(milliseconds: number): Promise<void> {
  world.clock.advance(milliseconds);
  await settle(world);
}

const calls = () => world.engine.runChanged('runner', '77', HINT);
const told = (channel: string) =>
  world.chat
    .roots(channel)
    .map(wording)
    .filter((text) => text.includes('outside Countersign'));
const written = async (environment: string) =>
  (await world.store.entries({ stream: `target:web/${environment}`, limit: 100 })).flatMap(({ event }) =>
    event.type === 'outside-run' ? [event.state] : [],
  );

describe('a run that was started past us', () => {
  it('is told to engineers and to the line, for every target that it serves, and written there', async () => {
    await calls();
    await passes(31_000);

    expect(told('C-deploys')).toHaveLength(1);
    expect(told('C-deploys')[0]).toContain('web → staging, web → production');
    expect(told('C-deploys')[0]).toContain('mallory started deploy.yml');
    expect(told('C-log')).toHaveLength(1);
    expect(told('C-all')).toEqual([]);
    expect([await written('staging'), await written('production')]).toEqual([['running'], ['running']]);
  });

  it('is told once however often the provider calls, and its end in the same message', async () => {
    await calls();
    await calls();
    await passes(31_000);
    await calls();
    await passes(31_000);
    found = seen('failed');
    await calls();
    await passes(31_000);
    await calls();
    await passes(31_000);

    expect(told('C-deploys')).toHaveLength(1);
    expect(told('C-deploys')[0]).toContain('the run failed');
    expect(await written('production')).toEqual(['running', 'failed']);
  });

  it('is followed to its end also when the provider does not call again', async () => {
    await calls();
    await passes(31_000);
    found = seen('succeeded');
    await passes(61_000);

    expect(told('C-log')[0]).toContain('the run succeeded');
    const before = looks;
    await passes(600_000);
    expect(looks).toBe(before);
  });

  it('is not looked at before a start of ours can have been answered, and never told if it was ours', async () => {
    await calls();
    await passes(20_000);
    expect(looks).toBe(0);

    found = undefined;
    await passes(11_000);

    expect(looks).toBe(1);
    expect(told('C-deploys')).toEqual([]);
    expect(await written('production')).toEqual([]);
  });

  it('waits while a start of ours on that target is under way, and is ours when that turns out to be it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    Object.assign(world.pipeline, {
      start: () => promise.then(() => ({ provider: 'runner', id: '77' })),
    });
    world.pipeline.runs.set('77', { state: 'running', sha: SHA.one, steps: [] });
    const { id } = await approved(world, SHA.one);
    await world.reach(id, 'running');
    await calls();
    await passes(31_000);
    expect(looks).toBe(1);

    resolve();
    await world.until('the run', async () => (await row(world, id)).run);
    await passes(11_000);

    expect(looks).toBe(1);
    expect(await written('production')).toEqual([]);
    expect(told('C-deploys')).toEqual([]);
  });

  it('is ours when a deployment has it', async () => {
    const { id, run } = await running(world);
    await world.engine.runChanged('runner', run?.id ?? '', { ...HINT, run: run?.id ?? '' });
    await passes(31_000);

    expect((await row(world, id)).state).toBe('running');
    expect(looks).toBe(0);
  });

  it('is nobody’s business when no target uses it', async () => {
    await world.engine.runChanged('runner', '77', { ...HINT, workflows: ['test'] });
    await world.engine.runChanged('runner', '77', { ...HINT, repository: 'acme/other' });
    await passes(31_000);

    expect(looks).toBe(0);
  });

  it('is looked at again when the provider cannot be asked', async () => {
    const failure = new PortFailure('Nobody answers.', { port: 'runner', kind: 'unreachable', retryable: true });
    const works = world.pipeline.outside;
    Object.assign(world.pipeline, { outside: () => Promise.reject(failure) });
    await calls();
    await passes(31_000);
    Object.assign(world.pipeline, { outside: works });
    await passes(61_000);

    expect(await written('staging')).toEqual(['running']);
  });
});
