import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/domain/refusal.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { anna, codesOf, PLACE, runLines, told, wordsIn, world } from './world.ts';

function storeFailure(): PortFailure {
  return new PortFailure('The disk is full.', { port: 'store', kind: 'refused', retryable: true });
}

describe('the inbox', () => {
  it('hands a request to the door and says privately what happens next', async () => {
    const { say, calls } = world();

    const reply = told(await say('site@feature/x to prod --reason "customers wait"'));

    expect(calls.map(({ member, args }) => [member, ...args])).toEqual([
      ['request', { service: 'web', environment: 'production', ref: 'feature/x', reason: 'customers wait' }],
    ]);
    expect(reply.summary).toBe('Requested D-1042: web@main to production. Checking what would change…');
    expect(reply.links).toEqual([{ label: 'Details', url: 'https://deploy.example.com/deployments/D-1042' }]);
  });

  it('tells the door who acts, through which account, where and by which delivery', async () => {
    const { say, calls } = world();

    await say('web staging', { key: 'delivery-1' });

    expect(calls[0]?.caller).toMatchObject({
      person: { id: 'ben' },
      account: { id: 'ben' },
      external: false,
      key: 'delivery-1',
      place: PLACE,
    });
  });

  it('asks who somebody is where it was told whom to ask', async () => {
    const { say, calls } = world({ identify: async () => anna });

    await say('web staging');

    expect(calls[0]?.caller?.person.id).toBe('anna');
  });

  it('goes by the configuration when the person cannot be looked up', async () => {
    const failure = new PortFailure('No answer.', { port: 'slack', kind: 'timeout', retryable: true });
    const { say, calls, logged } = world({ identify: () => Promise.reject(failure) });

    await say('web staging');

    expect(calls[0]?.caller?.person.id).toBe('ben');
    expect(logged.map(({ level }) => level)).toEqual(['warn']);
  });

  it('says nothing to a delivery that came before', async () => {
    const { say, calls } = world();
    const first = await say('web staging', { key: 'same' });

    const second = await say('web staging', { key: 'same' });

    expect(first.kind).toBe('say');
    expect(second).toEqual({ kind: 'nothing' });
    expect(calls).toHaveLength(2);
  });

  it('shows every refusal with its code, sentence and next step', async () => {
    const { say, script } = world();
    const refusals = [
      refusal('target-locked', 'web is locked.', 'Use `unlock web staging`.'),
      refusal('person-unlinked', 'You are unknown.', 'Ask an operator.'),
    ];
    script.answer = { kind: 'refused', refusals };

    const reply = await say('web staging');

    expect(codesOf(reply)).toEqual(['target-locked', 'person-unlinked']);
    for (const text of ['web is locked.', 'unlock web staging', 'You are unknown.', 'Ask an operator.'])
      expect(wordsIn(told(reply))).toContain(text);
  });

  it('opens the form with what was said when a reason is missing', async () => {
    const { say, script } = world();
    script.answer = {
      kind: 'refused',
      refusals: [refusal('missing-reason', 'production needs a reason.', 'Say why.')],
    };

    const reply = await say('web@v2 production');

    expect(reply).toMatchObject({
      kind: 'form',
      form: { service: 'web', environment: 'production', ref: 'v2', reasonRequired: true },
    });
    expect(reply.kind === 'form' && reply.form.alerts[0]).toBe('production needs a reason. Say why.');
  });
});

describe('suggestions', () => {
  it('are offered as buttons and never run by themselves', async () => {
    const { say, calls } = world();

    const reply = await say('web pord --reason "late"');

    expect(codesOf(reply)).toEqual(['unknown-environment']);
    expect(runLines(told(reply).buttons)).toEqual(['web production --reason "late"']);
    expect(calls).toEqual([]);
  });

  it('ask once more where customers are concerned', async () => {
    const { say } = world();

    const toCustomers = told(await say('web pord')).buttons;
    const toOthers = told(await say('web stagin')).buttons;

    expect(toCustomers.map(({ confirm }) => confirm?.yes)).toEqual(['Run It']);
    expect(toOthers.map(({ confirm }) => confirm)).toEqual([undefined]);
  });

  it('run as the presser’s own command', async () => {
    const { say, calls } = world();
    const [line = ''] = runLines(told(await say('web stagin')).buttons);

    await say({ kind: 'button', verb: 'run', value: line }, { actor: { system: 'console', id: 'anna' } });

    expect(calls.map(({ member, args, caller }) => [member, caller?.person.id, ...args])).toEqual([
      ['request', 'anna', { service: 'web', environment: 'staging' }],
    ]);
  });

  it('never reach the door from any text with a word that is not known', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z]{3,12}$/), async (word) => {
        const { say, calls } = world();

        const reply = await say(`web ${word}`);

        if (['production', 'prod', 'staging', 'stage'].includes(word)) return;
        expect(reply.kind).toBe(word === 'to' ? 'form' : 'say');
        expect(calls).toEqual([]);
      }),
    );
  });
});

describe('people from outside', () => {
  const acting = [
    'web staging',
    'approve D-1042',
    'reject D-1042 no',
    'cancel D-1042',
    'retry D-1042',
    'rollback web staging',
    'lock web staging x',
    'unlock web staging',
    'nudge D-1042',
    'subscribe * *',
    'unsubscribe * *',
    '',
    'web',
  ];

  it.each(acting)('may not act: %j', async (line) => {
    const { say, calls } = world();

    const reply = await say(line, { external: true });

    expect(codesOf(reply)).toEqual(['external-person']);
    expect(calls).toEqual([]);
  });

  it.each([
    'status',
    'history',
    'list',
    'services',
    'envs web',
    'diff D-1042',
    'whoami',
    'help',
    'web staging --dry-run',
    'subscriptions',
    'logs D-1042',
    'refs web',
  ])('may look: %s', async (line) => {
    const { say } = world();

    expect(wordsIn(told(await say(line, { external: true })))).not.toContain('external-person');
  });

  it('may neither press nor fill in', async () => {
    const { say, calls } = world();

    const pressed = await say({ kind: 'button', verb: 'approve', value: 'token-1042.2' }, { external: true });
    const filled = await say({ kind: 'form', fields: { service: 'web', environment: 'staging' } }, { external: true });

    expect([codesOf(pressed), codesOf(filled)]).toEqual([['external-person'], ['external-person']]);
    expect(calls).toEqual([]);
  });

  it('is told the truth when the chat could not say whether it is one', async () => {
    const { say, calls } = world();
    const said = await Promise.all([
      say('web to staging', { external: 'unread' }),
      say({ kind: 'button', verb: 'approve', value: 'token-1042.2' }, { external: 'unread' }),
      say({ kind: 'form', fields: { service: 'web', environment: 'staging' } }, { external: 'unread' }),
    ]);

    expect(said.map(codesOf)).toEqual([['try-again'], ['try-again'], ['try-again']]);
    expect(calls).toEqual([]);
    expect(wordsIn(told(await say('status', { external: 'unread' })))).not.toContain('try-again');
  });
});

describe('when something fails', () => {
  it('says that nothing was done when the log cannot be written', async () => {
    const { say, script, logged } = world();
    script.failure = storeFailure();

    const reply = await say('web staging');

    expect(codesOf(reply)).toEqual(['log-unwritable']);
    expect(told(reply).summary).toContain('nothing was done');
    expect(told(reply).summary).toContain('The disk is full.');
    expect(logged.map(({ level }) => level)).toEqual(['error']);
  });

  it('answers a fault of ours with a reference that stands in the log too, and with no inner words', async () => {
    const { say, script, logged } = world();
    script.failure = new TypeError('secret inner words');

    const reply = await say('web staging');

    expect(codesOf(reply)).toEqual(['internal-fault']);
    expect(logged).toHaveLength(1);
    expect(wordsIn(told(reply))).toContain(String(logged[0]?.fields['reference']));
    expect(wordsIn(told(reply))).not.toContain('secret');
  });

  it('says so when an outside system does not answer', async () => {
    const { say, script } = world();
    script.failure = new PortFailure('GitHub does not answer.', { port: 'github', kind: 'timeout', retryable: true });

    expect(codesOf(await say('diff web staging'))).toEqual(['try-again']);
  });

  it('never throws, whatever is typed, pressed or filled in, and whatever is broken', async () => {
    const input = fc.oneof(
      fc.record({ kind: fc.constant('text' as const), text: fc.string({ unit: 'binary', maxLength: 600 }) }),
      fc.record({
        kind: fc.constant('button' as const),
        verb: fc.oneof(fc.string(), fc.constantFrom('approve', 'rollback', 'run', 'form', 'constructor', '__proto__')),
        value: fc.oneof(fc.string(), fc.constant('token-1042.2')),
        answer: fc.string(),
      }),
      fc.record({
        kind: fc.constant('form' as const),
        fields: fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('service', 'environment', 'ref')),
          fc.oneof(fc.string(), fc.constant('web')),
        ),
      }),
    );
    const failures = fc.constantFrom(undefined, storeFailure(), new Error('a bug'));

    await fc.assert(
      fc.asyncProperty(input, failures, failures, async (said, atDoor, atRows) => {
        const { say, script, shelf } = world();
        if (atDoor !== undefined) script.failure = atDoor;
        if (atRows !== undefined) shelf.failure = atRows;

        const reply = await say(said);

        expect(['say', 'form', 'mend', 'nothing']).toContain(reply.kind);
        if (reply.kind === 'say') expect(reply.announcement.summary).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('greets a new place through the door, and survives a failing one', async () => {
    const { inbox, calls, script, logged } = world();
    await inbox.joined(PLACE);
    script.failure = storeFailure();

    await inbox.joined(PLACE);

    expect(calls.map(({ member }) => member)).toEqual(['joined', 'joined']);
    expect(logged.map(({ level }) => level)).toEqual(['error']);
  });
});

describe('buttons', () => {
  const press = (verb: string, over: { value?: string; answer?: string } = {}) => ({
    kind: 'button' as const,
    verb,
    value: 'token-1042.2',
    ...over,
  });

  it.each([
    ['approve', {}, ['act', 'D-1042', { verb: 'approve', revision: 2 }]],
    ['reject', { answer: ' not\n today ' }, ['act', 'D-1042', { verb: 'reject', reason: 'not today', revision: 2 }]],
    ['cancel', {}, ['act', 'D-1042', { verb: 'cancel' }]],
    ['cancel', { answer: 'wrong' }, ['act', 'D-1042', { verb: 'cancel', reason: 'wrong' }]],
    ['nudge', {}, ['act', 'D-1042', { verb: 'nudge' }]],
    ['retry', {}, ['retry', 'D-1042']],
    [
      'rollback',
      { answer: 'checkout fails' },
      ['rollback', { service: 'web', environment: 'production', reason: 'checkout fails', pressed: 'D-1042' }],
    ],
  ])('%s becomes what could have been typed', async (verb, over, call) => {
    const { say, calls } = world();

    const reply = await say(press(verb, over));

    expect(calls.map(({ member, args }) => [member, ...args])).toEqual([call]);
    expect(reply.kind).toBe('say');
  });

  it.each(['status', 'diff', 'logs'])('%s is answered privately and asks nothing of the door', async (verb) => {
    const { say, calls } = world();

    expect(wordsIn(told(await say(press(verb))))).toContain('D-1042');
    expect(calls).toEqual([]);
  });

  it.each(['', 'forged.2', '.2', 'D-1042.2', '1042'])('does not take %j for a deployment', async (value) => {
    const { say, calls } = world();

    expect(codesOf(await say(press('approve', { value })))).toEqual(['unknown-deployment']);
    expect(calls).toEqual([]);
  });

  it('does not reject without a reason', async () => {
    const { say, calls } = world();

    expect(codesOf(await say(press('reject', { answer: ' \n ' })))).toEqual(['missing-reason']);
    expect(calls).toEqual([]);
  });

  it('leaves it to the door whether the card is too old to roll back from', async () => {
    const { say, calls, script } = world();
    script.answer = { kind: 'refused', refusals: [refusal('request-changed', 'Old.', 'Look.')] };

    expect(codesOf(await say(press('rollback', { answer: 'bad' })))).toEqual(['request-changed']);
    expect(calls.map(({ args }) => args)).toEqual([
      [{ service: 'web', environment: 'production', reason: 'bad', pressed: 'D-1042' }],
    ]);
  });

  it('opens the form, with the service where one is named', async () => {
    const { say } = world();

    expect(await say(press('form', { value: '' }))).toMatchObject({ kind: 'form' });
    expect(await say(press('form', { value: 'site' }))).toMatchObject({ kind: 'form', form: { service: 'web' } });
  });

  it('gives an unknown verb an answer', async () => {
    expect(codesOf(await world().say(press('toString')))).toEqual(['unknown-command']);
  });
});
