import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { type Circle, groupsAsked, standingOf, waitsForWord } from '../../src/domain/standing.ts';
import { anna, ben, deployment, findings, catalog as known, NOW, told, wordsIn, world } from '../commands/world.ts';

const LATER = '2026-11-20T12:00:00.000Z';
const cleo: Person = { id: 'cleo', name: 'Cleo', known: true, accounts: [] };
const catalog = { ...known, people: { all: [anna, ben, cleo] } };
const plan = {
  machine: 1,
  hash: 'h',
  stages: [{ kind: 'approval', rules: [{ group: 'platform', count: 1 }] }],
} as unknown as Plan;
const waiting = deployment({ plan, expiresAt: LATER });
const escalated: Deployment = { ...waiting, escalations: [{ group: 'platform', to: 'sre', at: NOW }] };
const away = (to: Person) => [
  { person: 'ben', version: 1, preferences: {}, delegation: { to, from: NOW, until: LATER, at: NOW } },
];
const circle: Circle = { books: [], catalog, now: NOW };
const codes = (row: Deployment, person: Person, around: Circle = circle) =>
  standingOf(row, person, around)?.refusals.map(({ code }) => code);

describe('may this person still approve this deployment', () => {
  it.each<[string, Deployment, Person, Circle, readonly string[]]>([
    ['a member', waiting, ben, circle, []],
    ['nobody of the group', waiting, cleo, circle, ['not-in-group']],
    ['a delegate', waiting, cleo, { ...circle, books: away(cleo) }, []],
    [
      'a delegate whose time is over',
      waiting,
      cleo,
      { ...circle, books: away(cleo), now: '2026-11-20T12:00:00.001Z' },
      ['expired'],
    ],
    [
      'a delegate of whoever has a part in it',
      deployment({ plan, findings: { ...findings, excluded: [{ person: ben, parts: ['author'], commits: [] }] } }),
      cleo,
      { ...circle, books: away(cleo) },
      ['not-in-group'],
    ],
    ['a member of a group reached by escalation', escalated, cleo, { ...circle, rosters: { sre: [cleo] } }, []],
    [
      'a stranger to the group reached by escalation',
      escalated,
      cleo,
      { ...circle, rosters: { sre: [] } },
      ['not-in-group'],
    ],
    ['somebody while that group cannot be read', escalated, cleo, circle, ['group-unreadable']],
    [
      'somebody who has left since it was checked',
      waiting,
      ben,
      { ...circle, rosters: { platform: [cleo] } },
      ['not-in-group'],
    ],
    ['somebody who has joined since it was checked', waiting, cleo, { ...circle, rosters: { platform: [cleo] } }, []],
    [
      'whoever asked for it, though a member',
      waiting,
      anna,
      { ...circle, rosters: { platform: [anna] } },
      ['requester-may-not-approve'],
    ],
  ])('%s', (_who, row, person, around, expected) => {
    expect(codes(row, person, around)).toEqual(expected);
    expect(waitsForWord(row, person, around)).toBe(expected.length === 0);
  });

  it('says in whose stead', () => {
    expect(standingOf(waiting, cleo, { ...circle, books: away(cleo) })?.onBehalfOf).toEqual(ben);
  });

  it('is nobody’s question when it does not wait', () => {
    expect(standingOf(deployment({ state: 'running' }), ben, circle)).toBeUndefined();
  });

  it('names the groups that are to be read, and those reached by escalation', () => {
    expect(groupsAsked([escalated, deployment({ state: 'running', plan })], catalog)).toEqual(['platform', 'sre']);
  });
});

describe.each(['list', 'home', 'why D-1042'])('%s', (line) => {
  it.each([
    ['knows groups reached by escalation, as they are now', { sre: [ben] }, true],
    ['promises nothing to those who are not in them', { sre: [anna] }, false],
  ])('%s', async (_what, found, may) => {
    const nobody = { ...known.groups, platform: { id: 'platform', source: { kind: 'people' as const, people: [] } } };
    const { say, shelf } = world({ rosters: async () => found }, { ...known, groups: nobody });
    shelf.deployments = [{ ...escalated, findings: { ...findings, eligible: [] } }];

    const words = wordsIn(told(await say(line)));

    expect(/1 waiting for you|1 request waits for you|You may decide on it/.test(words)).toBe(may);
  });
});
