import { describe, expect, it } from 'vitest';
import type { Ref } from '../../src/domain/change-set.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { ben, catalog, codesOf, deployment, NOW, service, world } from './world.ts';

const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';
const fields = (over: Record<string, string> = {}) => ({
  kind: 'form' as const,
  fields: { service: 'web', environment: 'production', ref: 'main', reason: 'late', ...over },
});

describe('the form', () => {
  it('offers every service and environment before anything is chosen, and chooses nothing', async () => {
    const form = await world().inbox.form({});

    expect(form.services.map(({ value }) => value)).toEqual(['web', 'shop', 'status']);
    expect(form.environments.map(({ value }) => value)).toEqual(['lab', 'staging', 'production']);
    expect([form.service, form.environment, form.ref]).toEqual([undefined, undefined, undefined]);
    expect(form.reasonRequired).toBe(false);
  });

  it('offers only the environments of the chosen service, on the road to production', async () => {
    const form = await world().inbox.form({ service: 'site' });

    expect(form.service).toBe('web');
    expect(form.environments.map(({ value }) => value)).toEqual(['staging', 'production']);
  });

  it('needs a reason where customers are concerned', async () => {
    const { inbox } = world();

    expect((await inbox.form({ service: 'web', environment: 'prod' })).reasonRequired).toBe(true);
    expect((await inbox.form({ service: 'web', environment: 'staging' })).reasonRequired).toBe(false);
  });

  it('forgets an environment that the newly chosen service does not have', async () => {
    expect((await world().inbox.form({ service: 'status', environment: 'production' })).environment).toBeUndefined();
  });

  it('tells of a lock, of what runs and queues there, and that nothing would change', async () => {
    const { inbox, shelf } = world();
    shelf.deployments = [
      deployment({ number: 1044, state: 'queued' }),
      deployment({ number: 1043, state: 'running' }),
      deployment({ number: 1040, state: 'succeeded' }),
    ];
    shelf.targets = [
      {
        service: 'web',
        environment: 'production',
        version: 2,
        current: { deployment: 'D-1040', sha: SHA, since: NOW },
        lock: { by: ben, reason: 'index is rebuilt', at: NOW },
      },
    ];

    const { alerts } = await inbox.form({ service: 'web', environment: 'production', ref: 'main' });

    expect(alerts).toEqual([
      'web in production is locked by Ben: index is rebuilt',
      'D-1043 (Anna) is being deployed there now; yours would wait.',
      '1 deployment already in the queue there.',
      'main was deployed there last (1a2b3c4); unless it has moved since, nothing would change.',
    ]);
  });

  it('comes without alerts when the rows cannot be read', async () => {
    const { inbox, shelf } = world();
    shelf.failure = new PortFailure('Locked.', { port: 'store', kind: 'timeout', retryable: true });

    const form = await inbox.form({ service: 'web', environment: 'production' });

    expect(form.alerts).toEqual(['What is under way there could not be read.']);
    expect(form.services).toHaveLength(3);
  });
});

describe('a form that was filled in', () => {
  it('is the same request as the typed line', async () => {
    const typed = world();
    const filled = world();

    await typed.say('site@main prod --reason "it  is late"');
    await filled.say(fields({ service: 'SITE', environment: 'prod', reason: 'it\nis late ' }));

    expect(filled.calls.map(({ member, args }) => [member, args])).toEqual(
      typed.calls.map(({ member, args }) => [member, args]),
    );
  });

  it('leaves the ref to the service’s default when none is given', async () => {
    const { say, calls } = world();

    await say(fields({ ref: '  ', reason: '' }));

    expect(calls[0]?.args).toEqual([{ service: 'web', environment: 'production' }]);
  });

  it.each([
    [{ service: 'wbe', environment: 'prodction' }, ['service', 'environment']],
    [{ service: '' }, ['service']],
    [{ environment: '' }, ['environment']],
    [{ service: 'status' }, ['environment']],
    [{ ref: 'my branch' }, ['ref']],
  ])('names the fields to mend and corrects nothing: %j', async (over, faulty) => {
    const { say, calls } = world();

    const reply = await say(fields(over));

    expect(reply.kind === 'mend' && Object.keys(reply.errors)).toEqual(faulty);
    expect(calls).toEqual([]);
  });

  it('brings refusals of the door to their fields', async () => {
    const { say, script } = world();
    script.answer = {
      kind: 'refused',
      refusals: [
        refusal('missing-reason', 'It needs a reason.', 'Say why.'),
        refusal('target-locked', 'It is locked.', 'Use `unlock`.'),
      ],
    };

    expect(await say(fields())).toEqual({
      kind: 'mend',
      errors: { reason: 'It needs a reason. Say why.', environment: 'It is locked. Use unlock.' },
    });
  });

  it('says a refusal that is about no field, with all the others', async () => {
    const { say, script } = world();
    script.answer = {
      kind: 'refused',
      refusals: [
        refusal('missing-reason', 'It needs a reason.', 'Say why.'),
        refusal('person-unlinked', 'Who are you?', 'Ask.'),
      ],
    };

    expect(codesOf(await say(fields()))).toEqual(['missing-reason', 'person-unlinked']);
  });
});

describe('choices', () => {
  const main: Ref = { name: `feature/${'x'.repeat(100)}`, sha: SHA, kind: 'branch' };

  it('puts services that were deployed lately first', async () => {
    const { inbox, shelf } = world();
    shelf.deployments = [deployment({ number: 2, service: 'status' }), deployment({ number: 1, service: 'web' })];

    expect((await inbox.choices('service', '', {})).map(({ value }) => value)).toEqual(['status', 'web', 'shop']);
  });

  it('finds services by a part of their names, by alias, and by what is near', async () => {
    const { inbox } = world();
    const found = async (text: string) => (await inbox.choices('service', text, {})).map(({ value }) => value);

    expect(await found('SIT')).toEqual(['web']);
    expect(await found('hop')).toEqual(['shop']);
    expect(await found('shpo')).toEqual(['shop']);
    expect(await found('zzzzzz')).toEqual([]);
  });

  it('asks for the refs of the chosen service; the value keeps the whole name', async () => {
    const asked: string[][] = [];
    const { inbox } = world({
      refs: async (...args) => {
        asked.push(args);
        return [main];
      },
    });

    const [choice] = await inbox.choices('ref', ' feat ', { service: 'site' });

    expect(asked).toEqual([['web', 'feat']]);
    expect(choice?.value).toBe(main.name);
    expect(choice?.label).toHaveLength(75);
  });

  it('has no refs without a service, and none when the source fails', async () => {
    const { inbox, logged } = world({
      refs: () => Promise.reject(new PortFailure('Down.', { port: 'git', kind: 'unreachable', retryable: true })),
    });

    expect(await inbox.choices('ref', '', {})).toEqual([]);
    expect(await inbox.choices('ref', '', { service: 'web' })).toEqual([]);
    expect(logged.map(({ level }) => level)).toEqual(['warn']);
  });

  it('never gives more than a hundred', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 150 }, (_, n) => [`svc-${n}`, service(`svc-${n}`, [], ['staging'])]),
    );
    const { inbox } = world(
      { refs: async () => Array.from({ length: 150 }, (_, n) => ({ ...main, name: `b${n}` })) },
      { ...catalog, services: many },
    );

    expect(await inbox.choices('service', '', {})).toHaveLength(100);
    expect(await inbox.choices('ref', '', { service: 'svc-1' })).toHaveLength(100);
    expect((await inbox.form({})).services).toHaveLength(100);
  });
});
