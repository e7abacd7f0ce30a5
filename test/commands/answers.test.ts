import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { plain } from '../../src/domain/text.ts';
import type { Reply } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { anna, ben, codesOf, deployment, findings, NOW, PLACE, runLines, told, wordsIn, world } from './world.ts';

const SHA = findings.sha;
const asAnna = { actor: { system: 'console', id: 'anna' } };
const titles = (reply: Reply) => told(reply).sections.map(({ title }) => title);
const rows = (reply: Reply) => told(reply).sections.flatMap(({ items }) => items.map(plain));

function worldOf(...deployments: readonly Deployment[]) {
  const made = world();
  made.shelf.deployments = deployments;
  return made;
}

describe('status', () => {
  it('shows what runs where, the lock and what is under way', async () => {
    const { say, shelf } = world();
    shelf.targets = [
      {
        service: 'web',
        environment: 'production',
        version: 1,
        current: { deployment: 'D-1040', sha: SHA, since: NOW },
        lock: { by: ben, reason: 'index', at: NOW },
      },
    ];

    const reply = await say('status');

    expect(told(reply).summary).toBe('Everything: 5 targets, 1 deployment under way, 1 locked.');
    expect(rows(reply)).toContain(
      'web → production: 1a2b3c4 (D-1040) since 2026-11-20 10:00 UTC · locked by Ben: index · D-1042 needs approval',
    );
    expect(rows(reply)).toContain('shop → staging: nothing deployed yet');
  });

  it('narrows to a service, an environment or both', async () => {
    const { say } = world();

    expect(rows(await say('status web'))).toHaveLength(2);
    expect(rows(await say('status staging'))).toHaveLength(3);
    expect(rows(await say('status web staging'))).toHaveLength(1);
  });

  it('shows the whole card of one deployment, privately', async () => {
    const card = told(await world().say('status 1042'));

    expect(plain(card.title)).toContain('Needs approval');
    expect(card.buttons.map(({ verb }) => verb)).toContain('approve');
  });

  it('says where a queued one stands', async () => {
    const { say } = worldOf(
      deployment({ number: 3, state: 'queued' }),
      deployment({ number: 2, state: 'queued', requester: ben }),
      deployment({ number: 1, state: 'running' }),
    );

    expect(wordsIn(told(await say('status D-3')))).toContain('Position 2 in the queue, behind D-2 (Ben).');
  });

  it('does not know a deployment that never was', async () => {
    expect(codesOf(await world().say('status D-9'))).toEqual(['unknown-deployment']);
  });
});

describe('list and history', () => {
  const stages = [{ kind: 'approval', rules: [{ group: 'platform', count: 1 }] }];
  const mine = deployment({ number: 5, plan: { machine: 1, hash: 'h', stages } as unknown as Plan });
  const own = deployment({ number: 6, requester: ben, findings: { ...findings, eligible: [] } });
  const running = deployment({ number: 4, state: 'running' });
  const ended = deployment({ number: 3, state: 'failed' });

  it('puts what waits for the asker first', async () => {
    const { say } = worldOf(own, mine, running, ended);

    const list = await say('list');

    expect(titles(list)).toEqual(['Waiting for you', 'Waiting for others', 'Running']);
    expect(rows(list)[0]).toMatch(/^D-5 Needs approval · web → production · main \(1a2b3c4\) · by Anna/);
    expect(titles(await say('list', asAnna))).toEqual(['Waiting for others', 'Running']);
  });

  it('does not count as waiting what the asker has countersigned', async () => {
    const signed = { by: ben, through: { system: 'console', id: 'ben' }, groups: ['platform'], at: NOW, binding: 'x' };
    const { say } = worldOf({ ...mine, countersignatures: [signed] });

    expect(titles(await say('list'))).toEqual(['Waiting for others']);
  });

  it('says so when nothing is under way', async () => {
    expect(told(await worldOf(ended).say('list')).summary).toMatch(/^Nothing is under way\./);
  });

  it('lists the newest first, as many as were asked for', async () => {
    const { say } = worldOf(ended, running, mine, own);

    expect(rows(await say('history 2')).map((row) => row.slice(0, 3))).toEqual(['D-6', 'D-5']);
    expect(rows(await say('history web production'))).toHaveLength(4);
    expect(told(await say('history shop')).summary).toBe('No deployment of shop yet.');
  });
});

describe('diff and --dry-run', () => {
  const seen = {
    kind: 'seen' as const,
    sha: SHA,
    changeSet: findings.changeSet,
    checks: findings.checks,
    excluded: findings.excluded,
    eligible: findings.eligible,
    warnings: findings.warnings,
    refusals: [],
  };

  it.each(['diff web@feature/x production', 'web@feature/x production --dry-run'])(
    '%s shows changes, checks, who may and who may not, and asks for nothing',
    async (line) => {
      const { say, script, calls } = world();
      script.preview = seen;

      const card = told(await say(line));

      expect(calls.map(({ member, args }) => [member, ...args])).toEqual([
        ['preview', { service: 'web', environment: 'production', ref: 'feature/x' }],
      ]);
      for (const text of [
        '1 change by 1 person',
        'all 3 passed',
        'Ben',
        'asked for it and wrote commits',
        'Make the basket faster',
        'db/1.sql',
        'database migration',
      ])
        expect(wordsIn(card)).toContain(text);
      expect(card.summary).toContain('Nothing was asked for.');
      expect(runLines(card.buttons)).toEqual(['run web@feature/x production']);
    },
  );

  it('tells what a real request would be refused for, and offers none', async () => {
    const { say, script } = world();
    script.preview = { ...seen, refusals: [refusal('target-locked', 'It is locked.', 'Unlock it.')] };

    const card = told(await say('diff web production'));

    expect(wordsIn(card)).toContain('It is locked. Unlock it.');
    expect(card.buttons).toEqual([]);
  });

  it('takes a reason that was not yet given for no obstacle', async () => {
    const { say, script } = world();
    script.preview = { ...seen, refusals: [refusal('missing-reason', 'It needs a reason.', 'Say why.')] };

    const card = told(await say('diff web production'));

    expect(card.summary).toContain('A request with a reason would be accepted.');
    expect(runLines(card.buttons)).toEqual(['run web production']);
  });

  it('says why nothing can be seen', async () => {
    const { say, script } = world();
    script.preview = { kind: 'refused', refusals: [refusal('unknown-ref', 'There is no v9.', 'Use `refs web`.')] };

    expect(codesOf(await say('diff web@v9 production'))).toEqual(['unknown-ref']);
  });

  it('shows what a deployment changes, and that it is still being worked out', async () => {
    const { findings: _none, ...unread } = deployment({ number: 7, state: 'checking' });
    const { say } = worldOf(deployment(), unread);

    expect(wordsIn(told(await say('diff D-1042')))).toContain('Make the basket faster');
    expect(wordsIn(told(await say('diff D-7')))).toContain('still being worked out');
  });
});

describe('rollback', () => {
  it('asks for the reason before anything happens, by a button that rolls back', async () => {
    const { say, calls } = world();

    const [button] = told(await say('rollback web production to D-1040')).buttons;

    expect(calls).toEqual([]);
    expect(button).toMatchObject({
      verb: 'run',
      value: 'rollback web production to D-1040',
      style: 'danger',
      ask: { required: true },
    });
    await say({ kind: 'button', verb: 'run', value: button?.value ?? '', answer: 'checkout fails' });
    expect(calls.map(({ member, args }) => [member, ...args])).toEqual([
      ['rollback', { service: 'web', environment: 'production', to: 'D-1040', reason: 'checkout fails' }],
    ]);
  });

  it('goes on at once when the reason is typed', async () => {
    const { say, calls } = world();

    await say('rollback web production --reason "checkout fails"');

    expect(calls.map(({ member }) => member)).toEqual(['rollback']);
  });
});

describe('looking around', () => {
  it('lists services and environments', async () => {
    const { say } = world();

    expect(rows(await say('services'))).toContain('web · The web · also site · staging, production · usually main');
    expect(rows(await say('envs web'))).toEqual([
      'staging: nothing deployed yet · the staging world · needs no approval',
      'production: nothing deployed yet · D-1042 needs approval · the production world · needs 1 of @platform',
    ]);
  });

  it('lists refs, and says when they cannot be read', async () => {
    const found = world({ refs: async (_service, text) => [{ name: `feature/${text}`, sha: SHA, kind: 'branch' }] });
    const down = world({
      refs: () =>
        Promise.reject(new PortFailure('Git is down.', { port: 'git', kind: 'unreachable', retryable: true })),
    });

    expect(rows(await found.say('refs web login'))).toEqual(['feature/login (1a2b3c4) · branch']);
    expect(codesOf(await down.say('refs web'))).toEqual(['source-unreachable']);
    expect(told(await world().say('refs web x')).summary).toBe('web has no branch or tag with "x" in its name.');
  });

  it('shows the end of the logs, or why there are none', async () => {
    const { say, shelf } = world();
    expect(told(await say('logs D-1042')).summary).toBe('There are no logs of D-1042: it has not run.');

    shelf.logs = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');
    const shown = await say('logs D-1042');
    shelf.logs = new PortFailure('It is down.', { port: 'local', kind: 'unreachable', retryable: true });

    expect(rows(shown)).toHaveLength(20);
    expect(rows(shown).at(-1)).toBe('line 29');
    expect(told(shown).sections[0]?.total).toBe(30);
    expect(codesOf(await say('logs D-1042'))).toEqual(['try-again']);
  });

  it('lists subscriptions, with a button for each that people made', async () => {
    const { say, shelf, calls } = world();
    shelf.books = [
      { place: PLACE, version: 1, subscriptions: [{ service: 'web', environment: '*', audience: 'engineering' }] },
    ];

    const reply = await say('subscriptions');

    expect(rows(reply)).toEqual([
      'web in every environment (engineering)',
      'every service in production (broadcast) · by configuration',
    ]);
    const [line = ''] = runLines(told(reply).buttons);
    await say({ kind: 'button', verb: 'run', value: line });
    expect(calls.map(({ member, args }) => [member, ...args])).toEqual([
      ['unsubscribe', PLACE, { service: 'web', environment: '*' }],
    ]);
  });

  it('subscribes the very channel, for engineers unless said otherwise', async () => {
    const { say, calls } = world();

    await say('subscribe * prod');
    await say('subscribe web * mode:line');

    expect(calls.map(({ args }) => args)).toEqual([
      [PLACE, { service: '*', environment: 'production', audience: 'engineering' }],
      [PLACE, { service: 'web', environment: '*', audience: 'line' }],
    ]);
  });
});

describe('whoami', () => {
  it('tells a known person the accounts, the groups and what is asked of them', async () => {
    const words = wordsIn(told(await world().say('whoami')));

    for (const text of ['Ben', 'console ben', '@platform', '@sre', 'web → production']) expect(words).toContain(text);
  });

  it('gives a stranger exactly what belongs into the configuration', async () => {
    const reply = told(
      await world().say('whoami', { actor: { system: 'slack', tenant: 'T1', id: 'U77', name: 'Zoë "Z" Müller' } }),
    );

    const yaml = reply.lines.filter(([part]) => typeof part === 'object' && part.kind === 'code').map(plain);
    expect(yaml).toEqual([
      'people:',
      '  - id: zoe-z-muller',
      '    name: "Zoë \\"Z\\" Müller"',
      '    accounts:',
      '      slack: "U77"',
    ]);
  });
});

describe('deciding and closing', () => {
  it.each([
    ['approve D-1042', 'You have countersigned D-1042.'],
    ['reject D-1042 no', 'You have rejected D-1042.'],
    ['cancel D-1042', 'The run of D-1042 has been asked to stop.'],
    ['nudge D-1042', 'The approvers of D-1042 are told again.'],
    ['retry D-1042', 'Requested D-1042: web@main to production.'],
    ['lock web staging index', 'web in staging is locked: index'],
    ['unlock web staging', 'web in staging is open for deployments again.'],
    ['unsubscribe * *', 'This channel is no longer told of every deployment.'],
  ])('%s is answered privately', async (line, words) => {
    expect(told(await world().say(line)).summary).toContain(words);
  });

  it.each([
    'approve D-1042',
    'lock web staging index',
    'unlock web staging',
    'subscribe * *',
    'retry D-1042',
    'cancel D-1042',
  ])('%s tells why not', async (line) => {
    const { say, script } = world();
    const no = {
      kind: 'refused' as const,
      refusals: [refusal('not-permitted', `You may not, ${anna.name} may.`, 'Ask.')],
    };
    Object.assign(script, { answer: no, lock: no, place: no });

    expect(codesOf(await say(line))).toEqual(['not-permitted']);
  });
});
