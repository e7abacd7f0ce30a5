import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../src/domain/catalog.ts';
import type { Account, Person } from '../../src/domain/person.ts';
import { changes, codes, done } from '../engine/world.ts';
import { onConsole, onSlack, onTeams, type TwoChats, twoChats } from '../support/two-chats.ts';

/** How an account is known to be Anna's. */
type Way = 'configuration' | 'e-mail' | 'link' | 'unknown';
interface Handle {
  readonly title: string;
  readonly way: Way;
  readonly account: Account;
}

const CHATS = { slack: onSlack, teams: onTeams, console: onConsole } as const;
const WAYS: readonly Way[] = ['configuration', 'e-mail', 'link', 'unknown'];
/** All of these are one human. The console verifies nobody's e-mail address. */
const HANDLES: readonly Handle[] = Object.entries(CHATS).flatMap(([system, on]) =>
  WAYS.filter((way) => system !== 'console' || way !== 'e-mail').map((way) => ({
    title: `${system} by ${way}`,
    way,
    account: on(`anna-${way}`),
  })),
);
const DESK = onConsole('anna-desk');

/** Anna as an author. `unlisted` is the address that Slack and Teams have verified, and the configuration does not list. */
const AUTHORS: readonly { readonly title: string; readonly account: Account; readonly seenBy: readonly string[] }[] = [
  { title: 'a GitHub login', account: { system: 'github', id: 'Anna-GH' }, seenBy: ['slack', 'teams', 'console'] },
  { title: 'a GitLab login', account: { system: 'gitlab', id: 'anna-gl' }, seenBy: ['slack', 'teams', 'console'] },
  { title: 'an address', account: { system: 'email', id: 'Anna@Example.com' }, seenBy: ['slack', 'teams', 'console'] },
  { title: 'a linked account', account: onTeams('anna-link'), seenBy: ['slack', 'teams', 'console'] },
  { title: 'an unlisted address', account: { system: 'email', id: 'unlisted@example.com' }, seenBy: ['verified'] },
  { title: 'a stranger', account: { system: 'github', id: 'who-knows' }, seenBy: [] },
];
const VERIFIED = onSlack('anna-verified');

const anna: Person = {
  id: 'anna',
  name: 'Anna',
  known: true,
  accounts: [
    DESK,
    VERIFIED,
    { system: 'github', id: 'anna-gh' },
    { system: 'gitlab', id: 'anna-gl' },
    { system: 'email', id: 'anna@example.com' },
    ...HANDLES.filter(({ way }) => way === 'configuration').map(({ account }) => account),
  ],
};

function withAnna(catalog: Catalog): Catalog {
  const others = catalog.people.all.filter(({ id }) => id !== 'anna');
  const platform = { id: 'platform', source: { kind: 'people' as const, people: ['anna', 'ben', 'cleo'] } };
  return { ...catalog, people: { all: [anna, ...others] }, groups: { ...catalog.groups, platform } };
}

let chats: TwoChats;
/** By the title of the requester's handle, or of the author. */
const asked = new Map<string, string>();

beforeAll(async () => {
  chats = await twoChats();
  const { world, profiles } = chats;
  world.catalog = withAnna(world.catalog);
  profiles.set('slack:T1:anna-e-mail', { email: 'anna@example.com' });
  profiles.set('teams:tenant-1:anna-e-mail', { email: 'ANNA@example.com' });
  profiles.set('slack:T1:anna-verified', { email: 'unlisted@example.com' });
  for (const { way, account } of HANDLES) if (way === 'link') await chats.link(DESK, account);
  for (const { title, way, account } of HANDLES) if (way !== 'unknown') asked.set(title, await request(account));
  for (const { title, account } of AUTHORS) {
    world.source.range = (base, head) => changes(head, base, [{ role: 'author', account, bot: false }]);
    asked.set(title, await request(onSlack('U-dana')));
  }
});
afterAll(() => chats.close());

async function request(account: Account): Promise<string> {
  const wish = { service: 'web', environment: 'production', reason: 'Sale starts' };
  const { id } = done(await chats.world.door.request(await chats.caller(account), wish));
  await chats.world.reach(id, 'awaiting-approval');
  return id;
}

async function approve(title: string, account: Account) {
  const id = asked.get(title) ?? '';
  return chats.world.door.act(await chats.caller(account), id, { verb: 'approve' });
}

const PAIRS = HANDLES.filter(({ way }) => way !== 'unknown').flatMap((requester) =>
  HANDLES.map((approver) => {
    const expected = approver.way === 'unknown' ? 'person-unlinked' : 'requester-may-not-approve';
    return { asks: requester.title, decides: approver.title, approver, expected };
  }),
);

describe('one human across chats', () => {
  it.each(PAIRS)('asked in $asks, cannot approve in $decides: $expected', async ({ asks, approver, expected }) => {
    expect(codes(await approve(asks, approver.account))).toEqual([expected]);
  });

  it.each(HANDLES.filter(({ way }) => way === 'unknown'))('cannot even ask in $title', async ({ account }) => {
    const wish = { service: 'web', environment: 'production', reason: 'Sale starts' };

    expect(codes(await chats.world.door.request(await chats.caller(account), wish))).toEqual(['person-unlinked']);
  });

  const authored = AUTHORS.filter(({ seenBy }) => seenBy.includes('slack')).flatMap((author) =>
    HANDLES.map(({ title, way, account }) => ({
      wrote: author.title,
      decides: title,
      account,
      expected: way === 'unknown' ? 'person-unlinked' : 'contributor-may-not-approve',
    })),
  );
  it.each(authored)('wrote as $wrote, cannot approve in $decides: $expected', async ({ wrote, account, expected }) => {
    expect(codes(await approve(wrote, account))).toEqual([expected]);
  });

  it('wrote under an address that only the platform knows, cannot approve there', async () => {
    expect(codes(await approve('an unlisted address', VERIFIED))).toEqual(['contributor-may-not-approve']);
  });

  const ways = ['configuration', 'e-mail', 'link'] as const;
  const spoken = ways.flatMap((way) => [
    { way, from: onSlack(`anna-${way}`), to: onTeams(`anna-${way}`) },
    { way, from: onTeams(`anna-${way}`), to: onSlack(`anna-${way}`) },
  ]);
  it.each(spoken)('types in $from.system, and is refused in $to.system: known by $way', async ({ from, to }) => {
    const number = await chats.world.store.nextNumber();
    await chats.say(from, 'web production --reason "Sale starts"');
    await chats.world.reach(`D-${number}`, 'awaiting-approval');
    const reply = await chats.say(to, `approve D-${number}`);

    expect(JSON.stringify(reply)).toContain('"text":"requester-may-not-approve"');
  });

  it('may approve what somebody wrote whom nobody knows', async () => {
    expect(codes(await approve('a stranger', onTeams('anna-link')))).toEqual(['done']);
  });

  it.each(['slack by link', 'teams by e-mail'])(
    'leaves it to others to approve what was asked in %s',
    async (title) => {
      expect(codes(await approve(title, onSlack('U-cleo')))).toEqual(['done']);
    },
  );
});
