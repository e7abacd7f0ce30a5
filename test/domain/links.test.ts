import { describe, expect, it } from 'vitest';
import {
  codeOf,
  evolveLinks,
  hashOfCode,
  type Links,
  matchOf,
  NO_LINKS,
  OFFER_MS,
  offerBehind,
  offerRefusal,
  type PeopleEvent,
  withLinks,
} from '../../src/domain/links.ts';
import { type Account, type People, type Person, personOf, stranger } from '../../src/domain/person.ts';

const START = Date.parse('2026-11-20T10:00:00.000Z');
const HASH = hashOfCode('K7M3-XQ2P-9ATB');
const slack: Account = { system: 'slack', tenant: 'T1', id: 'U1', name: 'anna' };
const teams: Account = { system: 'teams', tenant: 'x', id: 'AAAAAAAA-0000-4000-8000-000000000001' };
const other: Account = { system: 'teams', tenant: 'x', id: 'aaaaaaaa-0000-4000-8000-000000000002' };
const anna: Person = { id: 'anna', name: 'Anna', known: true, accounts: [slack] };
const ben: Person = { id: 'ben', name: 'Ben', known: true, accounts: [{ system: 'slack', id: 'U2' }] };
const PEOPLE: People = { all: [anna, ben] };

const offer = (account = slack, hash = HASH): PeopleEvent => ({
  type: 'link-offered',
  account,
  hash,
  expiresAt: new Date(START + OFFER_MS).toISOString(),
});
const claim = (account: Account): PeopleEvent => ({ type: 'link-claimed', account, hash: HASH });
const tie = (person = 'anna', account = teams): PeopleEvent => ({
  type: 'account-linked',
  person,
  account,
  with: slack,
  hash: HASH,
});
const untie = (account: Account): PeopleEvent => ({ type: 'account-unlinked', person: 'anna', account });

function told(...events: readonly PeopleEvent[]): Links {
  const at = (second: number) => new Date(START + second * 1000).toISOString();
  return events.reduce(
    (links, event, index) =>
      evolveLinks(links, { seq: index + 1, version: index + 1, format: 2, at: at(index), event }),
    NO_LINKS,
  );
}

function codeIn(answer: object): unknown {
  return 'code' in answer ? answer.code : 'none';
}

describe('a code', () => {
  it('has twelve signs that nobody mistakes, and none of the token in it', () => {
    const codes = Array.from({ length: 500 }, (_, index) => codeOf(`token-${index}`));

    expect(new Set(codes).size).toBe(500);
    expect(codes.filter((code) => !/^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/.test(code))).toEqual([]);
  });

  it.each(['k7m3xq2p9atb', 'K7M3-XQ2P-9ATB', ' k7m3 - xq2p – 9atb '])(
    'is the same however it is typed: %s',
    (typed) => {
      expect(hashOfCode(typed)).toBe(HASH);
    },
  );

  it('takes O for 0, and I and L for 1', () => {
    expect(hashOfCode('0000-1111-1111')).toBe(hashOfCode('oO0o-iI1l-L1li'));
  });
});

describe('the offer behind a code', () => {
  it.each<[string, Links, Account, number, string]>([
    ['was never made', NO_LINKS, teams, 0, 'link-code-unknown'],
    ['is open', told(offer()), teams, 0, 'none'],
    ['is open a moment before its end', told(offer()), teams, OFFER_MS - 1, 'none'],
    ['has expired', told(offer()), teams, OFFER_MS, 'link-code-unknown'],
    ['was made by the same account', told(offer()), slack, 0, 'link-same-account'],
    ['was claimed by the same account', told(offer(), claim(teams)), teams, 0, 'none'],
    ['was claimed by another account', told(offer(), claim(teams)), other, 0, 'link-code-unknown'],
    ['was used', told(offer(), claim(teams), tie()), teams, 0, 'link-code-unknown'],
    ['was replaced', told(offer(), offer(slack, 'newer')), teams, 0, 'link-code-unknown'],
    ['stands beside that of others', told(offer(), offer(other, 'newer')), teams, 0, 'none'],
  ])('%s', (_title, links, by, later, code) => {
    expect(codeIn(offerBehind(links, HASH, by, START + later))).toBe(code);
  });
});

describe('codes in a row', () => {
  const five = told(...['1', '2', '3', '4', '5'].map((hash) => offer(slack, hash)));

  it.each<[string, Account, number, string | undefined]>([
    ['five are enough', slack, 5000, 'link-too-often'],
    ['others may still have theirs', teams, 5000, undefined],
    ['until ten minutes have gone by', slack, OFFER_MS, undefined],
  ])('%s', (_title, account, later, code) => {
    expect(offerRefusal(five, account, START + later)?.code).toBe(code);
  });
});

describe('two sides', () => {
  const side = (person: Person, account: Account, external = false) => ({ person, account, external });
  const known = side(anna, slack);
  const strange = side(stranger(teams), teams);

  it('make one human when exactly one is known, whoever typed the code', () => {
    const match = { person: anna, known: slack, fresh: teams };

    expect([matchOf(known, strange), matchOf(strange, known)]).toEqual([match, match]);
  });

  it.each([
    ['both are strangers', strange, side(stranger(other), other), 'link-nobody-known'],
    ['both are the same person', known, side(anna, teams), 'already-linked'],
    ['they are two people', known, side(ben, teams), 'link-two-people'],
    ['one is from outside', known, side(stranger(teams), teams, true), 'external-person'],
    ['the other is from outside', side(anna, slack, true), strange, 'external-person'],
  ])('make none when %s', (_title, one, two, code) => {
    expect([codeIn(matchOf(one, two)), codeIn(matchOf(two, one))]).toEqual([code, code]);
  });
});

describe('everybody with links', () => {
  const whose = (links: Links, people = PEOPLE) => personOf(withLinks(people, links), teams).id;

  it.each<[string, Links, string]>([
    ['a linked account is the person’s', told(offer(), tie()), 'anna'],
    [
      'whatever the letters of its id',
      told(tie('anna', { ...teams, id: 'aaaaaaaa-0000-4000-8000-000000000001' })),
      'anna',
    ],
    ['no longer when it was unlinked', told(tie(), untie(teams)), 'teams:x:aaaaaaaa-0000-4000-8000-000000000001'],
    ['still when another one was unlinked', told(tie(), untie(other)), 'anna'],
    ['of the last one that it was linked to', told(tie(), untie(teams), tie('ben')), 'ben'],
    ['of nobody when that person is not configured', told(tie('zoe')), 'teams:x:aaaaaaaa-0000-4000-8000-000000000001'],
  ])('%s', (_title, links, id) => {
    expect(whose(links)).toBe(id);
  });

  it('leaves what the configuration says: it wins', () => {
    const people = { all: [anna, { ...ben, accounts: [...ben.accounts, teams] }] };

    expect(whose(told(tie()), people)).toBe('ben');
    expect(withLinks(people, told(tie()))).toBe(people);
  });

  it('is the same again when it is made twice', () => {
    const once = withLinks(PEOPLE, told(tie()));

    expect(withLinks(once, told(tie()))).toBe(once);
    expect(once.linked).toMatchObject([{ person: 'anna', account: teams, through: slack }]);
  });

  it('passes over what only a newer version can say, and notes that there is something', () => {
    const links = evolveLinks(told(tie()), {
      seq: 9,
      version: 9,
      format: 3,
      at: new Date(START).toISOString(),
      event: { type: 'account-doubted' } as never,
    });

    expect([links.needs, links.version, whose(links)]).toEqual([3, 9, 'anna']);
  });
});
