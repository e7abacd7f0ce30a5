import { describe, expect, it } from 'vitest';
import { type Deployment, STATE_NAMES } from '../../src/domain/deployment.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { mayNotApprove, obstaclesOf, type Surroundings, targetObstacles } from '../../src/domain/tell/obstacles.ts';
import { whyCard, whyTargetCard } from '../../src/domain/tell/why.ts';
import { anna, ben, catalog, deployment, NOW } from '../commands/world.ts';

const LATER = '2026-11-20T12:00:00.000Z';
const plan = {
  machine: 1,
  hash: 'h',
  stages: [{ kind: 'approval', rules: [{ group: 'platform', count: 1 }] }],
} as unknown as Plan;
const waiting = deployment({ plan, expiresAt: LATER });
const free: Surroundings = { locks: [], others: [], now: NOW };
const lock = { by: ben, reason: 'index', at: NOW };
const locked: Surroundings = {
  ...free,
  locks: [{ scope: { kind: 'environment', environment: 'production' }, lock: { ...lock, expiresAt: LATER } }],
};
const freeze: Surroundings = { ...free, locks: [{ scope: { kind: 'everything' }, lock: { ...lock, mode: 'freeze' } }] };
const warning: Surroundings = {
  ...free,
  locks: [{ scope: { kind: 'everything' }, lock: { ...lock, mode: 'warning' } }],
};
const closed: Surroundings = { ...free, closure: { kind: 'freeze', title: 'Christmas', until: LATER } };
const night: Surroundings = { ...free, closure: { kind: 'outside-hours', title: 'Office hours' } };
const busy: Surroundings = {
  ...free,
  others: [
    deployment({ number: 7, state: 'running' }),
    deployment({ number: 8, state: 'queued', since: '2026-11-20T09:00:00.000Z' }),
  ],
};
const queued = deployment({ state: 'queued' });
const down: Surroundings = {
  ...free,
  trouble: { provider: 'runs', since: '2026-11-20T10:41:07.000Z', reason: 'No connection.' },
};
const goLive = { id: '1', name: 'Go live?', answerable: false };
const sure = { id: '2', name: 'Sure?', url: 'https://ci/4', answerable: false };
const asking = deployment({ state: 'running', waits: [goLive, sure] });

describe('why it does not move', () => {
  it.each<[string, Deployment, Surroundings, readonly string[]]>([
    ['is being checked', deployment({ state: 'checking' }), free, ['checking']],
    ['was just asked for', deployment({ state: 'requested' }), free, ['checking']],
    ['waits', waiting, free, ['awaiting-approval']],
    ['waits under a lock', waiting, locked, ['awaiting-approval', 'target-locked']],
    ['is queued and free', queued, free, []],
    ['is queued under a lock', queued, locked, ['target-locked']],
    ['is queued under a warning', queued, warning, []],
    ['is a hotfix in a freeze', { ...queued, kind: 'hotfix' }, freeze, []],
    ['is a rollback under a lock', { ...queued, kind: 'rollback' }, locked, []],
    ['is closed by the calendar', queued, closed, ['frozen']],
    ['is a hotfix, closed by the calendar', { ...queued, kind: 'hotfix' }, closed, []],
    ['is outside the hours', queued, night, ['outside-hours']],
    ['has others ahead', queued, busy, ['queued']],
    ['is scheduled', { ...queued, scheduledFor: LATER }, free, ['scheduled']],
    ['was scheduled', { ...queued, scheduledFor: '2026-11-20T09:00:00.000Z' }, free, []],
    ['runs', deployment({ state: 'running' }), locked, []],
    ['runs without news', deployment({ state: 'running', silentSince: NOW }), free, ['silent']],
    ['waits while the provider is down', waiting, down, ['awaiting-approval', 'provider-down']],
    ['is queued while the provider is down', queued, down, ['provider-down']],
    ['runs while the provider is down', deployment({ state: 'running' }), down, ['provider-down']],
    [
      'runs without news of a provider that is down',
      deployment({ state: 'running', silentSince: NOW }),
      down,
      ['silent', 'provider-down'],
    ],
    ['has ended before the provider was down', deployment({ state: 'succeeded' }), down, []],
    ['is asked a question by the provider', deployment({ state: 'running', waits: [goLive] }), free, ['waits-there']],
    ['was asked a question before it ended', deployment({ state: 'failed', waits: [goLive] }), free, []],
    ['was asked a question, and now gives no news', { ...asking, silentSince: NOW }, free, ['silent']],
  ])('%s', (_what, row, around, codes) => {
    const found = obstaclesOf(row, around);
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const { sentence, next } of found) expect(`${sentence}|${next}`).toMatch(/^[^|]+\.\|[^|]+\.$/);
  });

  it('names whom and how many, what is ahead, and until when', () => {
    expect(obstaclesOf(waiting, free)[0]).toMatchObject({
      sentence: 'It needs 1 more of @platform. May: Ben.',
      until: LATER,
    });
    expect(obstaclesOf(queued, busy)[0]?.sentence).toBe(
      'It is number 2 in the queue. Ahead of it: D-7 by Anna, D-8 by Anna.',
    );
    expect(targetObstacles('regular', locked)[0]?.until).toBe(LATER);
  });

  it('names the provider that does not answer, since when, and why', () => {
    expect(obstaclesOf(queued, down)).toEqual([
      {
        code: 'provider-down',
        sentence: 'The provider runs has not answered since 10:41 UTC (No connection).',
        next: 'It goes on by itself when the provider answers again.',
      },
    ]);
  });

  it('names every question of the provider, and where it is answered', () => {
    expect(obstaclesOf(asking, free)).toEqual([
      {
        code: 'waits-there',
        sentence: 'The provider waits for a person: “Go live?”.',
        next: 'Answer it at the provider.',
      },
      {
        code: 'waits-there',
        sentence: 'The provider waits for a person: “Sure?”.',
        next: 'Answer it at the provider: https://ci/4',
      },
    ]);
  });
});

describe('why somebody may not approve', () => {
  const stranger: Person = { id: 'slack:T1:U9', name: 'Zoe', known: false, accounts: [{ system: 'slack', id: 'U9' }] };
  const cleo: Person = { id: 'cleo', name: 'Cleo', known: true, accounts: [] };
  const signed = {
    ...waiting,
    countersignatures: [{ by: ben, through: { system: 'console', id: 'ben' }, groups: [], at: NOW, binding: 'h' }],
  };

  it.each<[string, Person, Deployment, readonly string[]]>([
    ['asked for it', anna, waiting, ['requester-may-not-approve']],
    ['is in the group', ben, waiting, []],
    ['is in no group', cleo, waiting, ['not-in-group']],
    ['is unknown', stranger, waiting, ['person-unlinked']],
    ['has countersigned', ben, signed, ['already-countersigned']],
    ['is too late', cleo, deployment({ state: 'running' }), []],
  ])('%s', (_what, person, row, codes) => {
    expect(mayNotApprove(row, { person, books: [] }, { catalog, now: NOW }).map(({ code }) => code)).toEqual(codes);
  });

  it('counts those in whose stead somebody decides', () => {
    const delegation = { to: cleo, from: NOW, until: LATER, at: NOW };
    const books = [{ person: 'ben', version: 1, preferences: {}, delegation }];
    expect(mayNotApprove(waiting, { person: cleo, books }, { catalog, now: NOW })).toEqual([]);
  });
});

describe('the answer', () => {
  it('tells who was asked, reminded and nudged, and when', () => {
    const at = (minute: number) => `2026-11-20T10:${minute}:00.000Z`;
    const row = { ...waiting, remindedAt: at(20), nudgedAt: at(30) };
    const escalations = [{ group: 'platform', to: 'sre', at: at(40) }];
    const words = JSON.stringify(
      whyCard({ ...row, escalations }, free, { person: ben, books: [] }, { catalog, now: NOW }).lines,
    );

    expect(words).toContain('Asked: Ben, ');
    for (const minute of [20, 30, 40]) expect(words).toContain(at(minute));
    expect(words).toContain('@sre was asked');
  });

  it.each(STATE_NAMES)('is said for %s', (state) => {
    const card = whyCard(deployment({ state, plan }), locked, { person: ben, books: [] }, { catalog, now: NOW });
    expect(card.summary).toContain('D-1042');
    expect(card.summary.length).toBeLessThanOrEqual(300);
  });

  it('tells of a target, too', () => {
    const where = { service: 'web', environment: 'production' };
    const asked = { ref: 'main', refusals: [] };
    expect(whyTargetCard(where, free, asked).title).toEqual(['Nothing keeps web in production closed.']);
    expect(whyTargetCard(where, busy, asked).title).toEqual(['web in production is open, but busy.']);
    expect(whyTargetCard(where, closed, asked).title).toEqual(['web in production is closed.']);
    const silent = whyTargetCard(where, { ...down, ...busy }, asked);
    expect(silent.title).toEqual(['web in production is open, but its provider does not answer.']);
    expect(silent.summary).toContain('The provider runs has not answered since 10:41 UTC (No connection).');
    expect(silent.context).toEqual([{ kind: 'code', text: 'queued, provider-down' }]);
    const early = refusal('environment-skipped', 'It has not run in staging.', 'Deploy it there first.');
    const barred = whyTargetCard(where, free, { ref: 'main', refusals: [early] });
    expect(barred.title).toEqual(['web in production is open, but main cannot go there now.']);
    expect(barred.summary).toContain('If you asked for main now: It has not run in staging.');
    expect(barred.context).toEqual([{ kind: 'code', text: 'environment-skipped' }]);
  });
});
