import { describe, expect, it } from 'vitest';
import { findPerson } from '../../commands/shared/people.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { anna, ben, catalog, codesOf, runLines, told, wordsIn, world } from './world.ts';

const here = { system: 'slack', tenant: 'T1', id: 'U1' };
const people = {
  all: [
    anna,
    {
      ...ben,
      name: 'Ben Okafor',
      accounts: [
        { system: 'slack', tenant: 'T1', id: 'U2' },
        { system: 'email', id: 'b@x.example' },
      ],
    },
    { id: 'other', name: 'Cleo', known: true, accounts: [{ system: 'slack', tenant: 'T2', id: 'U3' }] },
  ],
};

describe('naming a person', () => {
  it.each([
    ['@ben on holiday', 'ben', 'on holiday'],
    ['BEN', 'ben', ''],
    ['Ben Okafor on holiday', 'ben', 'on holiday'],
    ['"Ben Okafor" on holiday', 'ben', 'on holiday'],
    ['@U2 why', 'ben', 'why'],
    ['b@x.example', 'ben', ''],
  ])('%s', (text, id, rest) => {
    expect(findPerson({ ...catalog, people }, text, here)).toMatchObject({ person: { id }, rest });
  });

  it('suggests who may be meant, and takes no id of another workspace', () => {
    expect(findPerson({ ...catalog, people }, '@bne', here)).toMatchObject({
      code: 'delegate-unknown',
      next: 'Did you mean ben?',
    });
    expect(findPerson({ ...catalog, people }, '@U3', here)).toMatchObject({ code: 'delegate-unknown' });
  });
});

describe('away', () => {
  it('hands over until the time that was said', async () => {
    const { say, calls, script } = world();
    const [from, until] = ['2026-11-20T10:00:00.000Z', '2026-11-23T10:00:00.000Z'];
    script.delegation = { kind: 'done', delegation: { to: anna, from, until } };

    const reply = told(await say('away 3d to @anna on holiday'));

    expect(calls[0]).toMatchObject({ member: 'away', args: [{ to: 'anna', until, reason: 'on holiday' }] });
    expect(wordsIn(reply)).toContain('Anna decides in your stead');
  });

  it.each([
    ['away 3d', 'delegate-unknown'],
    ['away soon to anna', 'bad-time'],
    ['away 2020-01-01 to anna', 'time-past'],
    ['away 3d to nobody', 'delegate-unknown'],
  ])('%s is refused: %s', async (line, code) => {
    const { say, calls } = world();

    expect(codesOf(await say(line))).toEqual([code]);
    expect(calls).toEqual([]);
  });

  it('ends with back', async () => {
    const { say, calls, script } = world();
    script.delegation = { kind: 'done', delegation: { to: anna, from: '', until: '' } };

    expect(wordsIn(told(await say('back')))).toContain('You decide in person again');
    expect(calls[0]?.member).toBe('back');
  });
});

describe('break-glass', () => {
  it('asks first, with a button that types the confirmation', async () => {
    const { say, calls, script } = world();
    const why = refusal('glass-not-confirmed', 'It would go on.', 'Confirm.');
    script.answer = { kind: 'refused', refusals: [why], code: 'c0de' };

    const card = told(await say('break-glass D-1042 the shop is down'));

    expect(calls[0]?.args[1]).toEqual({ verb: 'break-glass', reason: 'the shop is down' });
    expect(card.buttons[0]?.style).toBe('danger');
    expect(runLines(card.buttons)).toEqual(['break-glass D-1042 --yes code:c0de the shop is down']);
  });

  it('goes on when it was confirmed', async () => {
    const { say, calls } = world();

    await say('break-glass D-1042 --yes code:c0de the shop is down');

    expect(calls[0]?.args[1]).toEqual({ verb: 'break-glass', reason: 'the shop is down', code: 'c0de' });
  });

  it('takes no bare --yes for a confirmation', async () => {
    const { say, calls } = world();

    await say('break-glass D-1042 --yes the shop is down');

    expect(calls[0]?.args[1]).toEqual({ verb: 'break-glass', reason: 'the shop is down' });
  });
});
