import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLinks } from '../../bin/links.ts';
import { hashOfCode, OFFER_MS, type PeopleEvent } from '../../src/domain/links.ts';
import { type Account, BOT, personOf } from '../../src/domain/person.ts';
import { plain } from '../../src/domain/text.ts';
import { VOCABULARY, vocabularyOf } from '../../src/domain/vocabulary.ts';
import { openLinkBook } from '../../src/engine/links.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { codeLine, onSlack, onTeams, type TwoChats, twoChats } from '../support/two-chats.ts';
import { until } from '../support/until.ts';
import { closeSound, settle } from './scenes.ts';
import { asked, codes, done } from './world.ts';

const cleo = onSlack('U-cleo');
const ben = onSlack('U-ben');
const cleoOnTeams = onTeams('aad-cleo');
const guest = onTeams('aad-guest');

let chats: TwoChats;
beforeEach(async () => {
  chats = await twoChats();
});
afterEach(() => closeSound(chats.world));

async function wish(account: Account, line: string, over: { confirmed?: boolean; external?: boolean } = {}) {
  const { confirmed = false, external = false } = over;
  const caller = { ...(await chats.caller(account)), external };
  return chats.world.door.link(caller, { kind: 'redeem', code: line.replace('link ', ''), confirmed });
}

async function told(): Promise<readonly PeopleEvent['type'][]> {
  const entries = await chats.world.store.entries({ stream: 'people', limit: 100 });
  return entries.map(({ event }) => event.type as PeopleEvent['type']);
}

async function behind(account: Account): Promise<string> {
  return (await chats.kit.identify(account)).id;
}

describe('a link', () => {
  it.each([
    ['the known side makes the code', cleo, cleoOnTeams],
    ['the stranger makes the code', cleoOnTeams, cleo],
  ])('makes one human of two accounts when %s', async (_title, from, to) => {
    await chats.link(from, to);

    expect(await behind(cleoOnTeams)).toBe('cleo');
    expect(await told()).toEqual(['link-offered', 'link-claimed', 'account-linked']);
    const { id } = await asked(chats.world);
    expect(codes(await chats.world.door.act(await chats.caller(cleoOnTeams), id, { verb: 'approve' }))).toEqual([
      'done',
    ]);
  });

  it('is told to whoever made the code, once', async () => {
    await chats.link(cleo, cleoOnTeams);
    await settle(chats.world);

    const said = chats.slack.whispers.map(({ to, message }) => [to.id, plain(message.announcement.title)]);
    expect(said).toEqual([['U-cleo', 'Teams account aad-cleo and this account now count as one person: Cleo.']]);
  });

  it('is no link before it was confirmed, even when the first line said so', async () => {
    const line = await codeLine(chats, cleo);

    expect(await wish(cleoOnTeams, line, { confirmed: true })).toMatchObject({ kind: 'confirm' });
    expect(await wish(cleoOnTeams, line)).toMatchObject({ kind: 'confirm', fresh: { id: 'aad-cleo' } });
    expect(await behind(cleoOnTeams)).toBe('teams:tenant-1:aad-cleo');
    expect(await wish(cleoOnTeams, line, { confirmed: true })).toMatchObject({
      kind: 'linked',
      person: { id: 'cleo' },
    });
    expect(codes(await wish(cleoOnTeams, line, { confirmed: true }))).toEqual(['link-code-unknown']);
  });

  it('leaves neither the code in the log nor another version of the configuration', async () => {
    const version = chats.kit.catalog().version;
    const line = await codeLine(chats, cleo);
    await wish(cleoOnTeams, line);
    await wish(cleoOnTeams, line, { confirmed: true });

    const text = JSON.stringify(await chats.world.store.entries({ stream: 'people', limit: 100 }));
    expect(text).not.toContain(line.replace('link ', ''));
    expect(text).toContain(hashOfCode(line.replace('link ', '')));
    expect(chats.kit.catalog().version).toBe(version);
  });

  it('is written in the words of vocabulary 2', async () => {
    await chats.link(cleo, cleoOnTeams);

    const entries = await chats.world.store.entries({ stream: 'people', limit: 100 });
    expect(entries.map(({ format }) => format)).toEqual([2, 2, 2]);
    expect(entries.map(({ event }) => vocabularyOf(event))).toEqual([2, 2, 2]);
  });

  it('belongs to whoever types the code first, also when two do so at the same moment', async () => {
    const line = await codeLine(chats, cleo);
    const both = await Promise.all([wish(cleoOnTeams, line), wish(guest, line)]);
    const pressed = await Promise.all([
      wish(cleoOnTeams, line, { confirmed: true }),
      wish(guest, line, { confirmed: true }),
    ]);

    expect(both.map(({ kind }) => kind).sort()).toEqual(['confirm', 'refused']);
    expect(pressed.map(({ kind }) => kind).sort()).toEqual(['linked', 'refused']);
    expect((await told()).filter((type) => type === 'account-linked')).toHaveLength(1);
  });

  it('makes one human of an account that is linked to two at the same moment', async () => {
    const lines = [await codeLine(chats, cleo), await codeLine(chats, ben)];
    for (const line of lines) await wish(guest, line);
    const pressed = await Promise.all(lines.map((line) => wish(guest, line, { confirmed: true })));

    expect(pressed.flatMap(codes).sort()).toEqual(['link-two-people', 'linked']);
  });

  it('is made once by a press that comes twice', async () => {
    const line = await codeLine(chats, cleo);
    await wish(cleoOnTeams, line);
    const press = { kind: 'text', text: `${line} --yes` } as const;
    await chats.say(cleoOnTeams, press, { key: 'same' });

    expect(await chats.say(cleoOnTeams, press, { key: 'same' })).not.toMatchObject({ kind: 'form' });
    expect((await told()).filter((type) => type === 'account-linked')).toHaveLength(1);
  });
});

describe('no link', () => {
  it.each<[string, Account, Account, string]>([
    ['two people', cleo, ben, 'link-two-people'],
    ['two strangers', guest, onTeams('aad-2'), 'link-nobody-known'],
    ['one account', cleo, cleo, 'link-same-account'],
  ])('is made between %s', async (_title, from, to, code) => {
    expect(codes(await wish(to, await codeLine(chats, from)))).toEqual([code]);
    expect(await told()).toEqual(['link-offered']);
  });

  it('is made between accounts of one person already, by configuration or e-mail', async () => {
    chats.profiles.set('teams:tenant-1:aad-cleo', { email: 'cleo@example.com' });

    expect(codes(await wish(cleoOnTeams, await codeLine(chats, cleo)))).toEqual(['already-linked']);
  });

  it('is made with people from outside, whoever of the two it is', async () => {
    expect(codes(await wish(guest, await codeLine(chats, cleo), { external: true }))).toEqual(['external-person']);
    const line = await codeLine(chats, guest);
    chats.profiles.set('teams:tenant-1:aad-guest', { external: true });
    expect(codes(await wish(cleo, line))).toEqual(['external-person']);
  });

  it('is made with a code that has run out, or was mistyped', async () => {
    const line = await codeLine(chats, cleo);
    expect(codes(await wish(cleoOnTeams, 'AAAA-BBBB-CCCC'))).toEqual(['link-code-unknown']);
    await wish(cleoOnTeams, line);
    chats.world.clock.advance(OFFER_MS);

    expect(codes(await wish(cleoOnTeams, line, { confirmed: true }))).toEqual(['link-code-unknown']);
  });

  it('is made while a platform cannot say who somebody is: it might be somebody known', async () => {
    const line = await codeLine(chats, cleo);
    chats.profiles.set('teams:tenant-1:aad-cleo', 'silent');

    await expect(wish(cleoOnTeams, line)).rejects.toThrow('It does not answer.');
    expect(await told()).toEqual(['link-offered']);
  });

  it('is offered six times in ten minutes', async () => {
    for (let turn = 0; turn < 5; turn += 1) await codeLine(chats, cleo);

    expect(codes(await chats.world.door.link(await chats.caller(cleo), { kind: 'offer' }))).toEqual(['link-too-often']);
  });
});

describe('a link taken back', () => {
  it('takes rights away at once, and only those', async () => {
    await chats.link(cleo, cleoOnTeams);
    const { id } = await asked(chats.world);
    const gone = await chats.world.door.unlink(await chats.caller(cleo), 'Teams');
    const act = async (account: Account) =>
      codes(await chats.world.door.act(await chats.caller(account), id, { verb: 'approve' }));

    expect(gone).toMatchObject({ kind: 'unlinked', accounts: [{ id: 'aad-cleo' }] });
    expect(await act(cleoOnTeams)).toEqual(['person-unlinked']);
    expect(await act(cleo)).toEqual(['done']);
  });

  it('lets nobody approve what they asked for through it', async () => {
    await chats.link(cleo, cleoOnTeams);
    const ask = { service: 'web', environment: 'production', reason: 'Sale starts' };
    const { id } = done(await chats.world.door.request(await chats.caller(cleoOnTeams), ask));
    await chats.world.reach(id, 'awaiting-approval');
    await chats.world.door.unlink(await chats.caller(cleoOnTeams), 'teams');
    await chats.link(ben, cleoOnTeams);
    const act = async (account: Account) =>
      codes(await chats.world.door.act(await chats.caller(account), id, { verb: 'approve' }));

    expect(await act(cleo)).toEqual(['requester-may-not-approve']);
    expect(await act(cleoOnTeams)).toContain('requester-may-not-approve');
  });

  it.each([
    ['is nothing that the configuration says', cleo, 'slack'],
    ['is nothing of a stranger', guest, 'teams'],
  ])('%s', async (_title, account, system) => {
    expect(codes(await chats.world.door.unlink(await chats.caller(account), system))).toEqual(['not-linked']);
  });
});

describe('beside a newer version', () => {
  it('changes nothing where that one has written in its own words', async () => {
    const event = {
      type: 'account-unlinked',
      person: 'ben',
      account: guest,
      plan: { machine: VOCABULARY + 1 },
    } as PeopleEvent;
    const entry = { stream: 'people' as const, event, by: BOT, at: new Date(chats.world.clock.now()).toISOString() };
    await chats.world.store.commit({ expect: [], entries: [entry], effects: [], wakeups: [] });

    expect(codes(await chats.world.door.link(await chats.caller(cleo), { kind: 'offer' }))).toEqual(['newer-version']);
  });
});

describe.skipIf(TEST_SERVER === undefined)(`two instances on a server (skipped where ${NO_SERVER})`, () => {
  let database: OwnDatabase;
  let stores: readonly Store[];
  beforeEach(async () => {
    database = await ownDatabase(TEST_SERVER ?? '');
    const open = () => openStore({ database: database.url, clock: systemClock(), works: true });
    stores = [(await open()).store, (await open()).store];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  });

  it('know a link of the other within a second', async () => {
    const [one, two] = stores;
    if (one === undefined || two === undefined) throw new Error('There are two.');
    const linked = await followLinks(two, systemClock(), chats.kit.log);
    const event = { type: 'account-linked', person: 'cleo', account: cleoOnTeams, with: cleo, hash: 'h' } as const;
    const entry = { stream: 'people' as const, event, by: BOT, at: new Date().toISOString() };
    await one.commit({ expect: [{ stream: 'people', version: 0 }], entries: [entry], effects: [], wakeups: [] });

    const sees = () => personOf(linked.catalog(chats.world.catalog).people, cleoOnTeams).id === 'cleo';
    await until('the link on the other instance', sees, 1000);
    linked.stop();
    expect((await openLinkBook(one).read()).links).toHaveLength(1);
  });
});
