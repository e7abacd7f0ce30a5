import { describe, expect, it } from 'vitest';
import { plain } from '../../src/domain/text.ts';
import type { LinkAnswer } from '../../src/engine/door.ts';
import { anna, catalog, codesOf, NOW, runLines, told, wordsIn, world } from './world.ts';

const slack = { system: 'slack', tenant: 'T1', id: 'U1', name: 'anna' };
const teams = { system: 'teams', tenant: 'x', id: 'aad-1', name: 'Anna A' };
const LINKING = { person: anna, known: slack, fresh: teams } as const;

async function answered(line: string, link: LinkAnswer) {
  const made = world();
  made.script.link = link;
  return { reply: await made.say(line), call: made.calls[0] };
}

describe('link', () => {
  it.each([
    ['link', { kind: 'offer' }],
    ['link K7M3-XQ2P-9ATB', { kind: 'redeem', code: 'K7M3-XQ2P-9ATB', confirmed: false }],
    ['link "k7m3 xq2p 9atb"', { kind: 'redeem', code: 'k7m3 xq2p 9atb', confirmed: false }],
    ['link K7M3-XQ2P-9ATB --yes', { kind: 'redeem', code: 'K7M3-XQ2P-9ATB', confirmed: true }],
  ])('%s asks the door', async (line, wish) => {
    expect((await answered(line, { kind: 'duplicate' })).call?.args).toEqual([wish]);
  });

  it('tells privately what to type in the other chat, and until when', async () => {
    const { reply } = await answered('link', { kind: 'offered', code: 'K7M3-XQ2P-9ATB', expiresAt: NOW });

    const said = told(reply);
    expect(said.summary).toContain('Type link K7M3-XQ2P-9ATB to the bot in the other chat, within 10 minutes.');
    expect(said.facts).toMatchObject([{ label: 'Good until' }]);
  });

  it.each([
    ['made by the known account', slack, 'Slack account "anna" (U1)'],
    ['made by the stranger', teams, 'Teams account "Anna A" (aad-1)'],
  ])('says of a code %s what pressing means, and asks once more', async (_title, other, words) => {
    const { reply } = await answered('link X', { kind: 'confirm', ...LINKING, other, code: 'X' });

    const said = told(reply);
    expect(plain(said.title)).toBe(`You say that ${words} is also you.`);
    expect(said.summary).toContain('Whoever uses Teams account "Anna A" (aad-1) will count as Anna');
    expect(runLines(said.buttons)).toEqual(['link X --yes']);
    expect(said.buttons[0]?.confirm?.text).toContain(words);
  });

  it('tells how to take it back', async () => {
    const { reply } = await answered('link X --yes', { kind: 'linked', ...LINKING, other: slack });

    expect(told(reply).summary).toContain('Take it back with unlink teams');
  });

  it('gives a second delivery no second answer', async () => {
    expect((await answered('link', { kind: 'duplicate' })).reply).toEqual({ kind: 'nothing' });
  });

  it('is not for people from outside', async () => {
    expect(codesOf(await world().say('link', { external: true }))).toEqual(['external-person']);
  });
});

describe('unlink', () => {
  it('says whose account it no longer is', async () => {
    const made = world();
    made.script.unlink = { kind: 'unlinked', accounts: [teams] };

    expect(told(await made.say('unlink teams')).summary).toContain('No longer yours: Teams account "Anna A" (aad-1).');
    expect(made.calls[0]).toMatchObject({ member: 'unlink-account', args: ['teams'] });
  });

  it('needs to know where', async () => {
    expect(codesOf(await world().say('unlink'))).toEqual(['bad-arguments']);
  });
});

describe('whoami across chats', () => {
  const linked = [{ person: 'ben', account: teams, through: { system: 'console', id: 'ben' }, at: NOW }];
  const all = catalog.people.all.map((one) =>
    one.id === 'ben' ? { ...one, accounts: [...one.accounts, teams] } : one,
  );
  const known = { ...catalog, people: { all, linked } };

  it('says how each account is known, what is missing, and how to take a link back', async () => {
    const words = wordsIn(told(await world({ chats: ['slack', 'teams', 'console'] }, known).say('whoami')));

    for (const text of [
      'console ben (by configuration)',
      'teams aad-1 (linked on 20 Nov, 10:00 UTC through console ben)',
      '"label":"Slack"',
      'no account known yet',
      'unlink teams',
    ])
      expect(words).toContain(text);
    expect(words).not.toContain('"label":"Teams"');
  });

  it('says when an account is known by its e-mail address', async () => {
    const identify = async () => ({ ...anna, accounts: [...anna.accounts, slack] });
    const words = wordsIn(told(await world({ chats: ['slack'], identify }).say('whoami', { actor: slack })));

    expect(words).toContain('slack U1 (by its verified e-mail address)');
    expect(words).not.toContain('unlink');
  });

  it.each([
    ['tells a newcomer of a link where there is another chat', ['slack', 'teams'], true],
    ['does not where there is none', ['slack'], false],
  ])('%s', async (_title, chats, said) => {
    const actor = { ...slack, id: 'U99' };
    const words = wordsIn(told(await world({ chats }).say('whoami', { actor })));

    expect(words.includes('Are you known in another chat of this bot?')).toBe(said);
  });
});
