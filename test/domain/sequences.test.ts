import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/domain/catalog.ts';
import * as decide from '../../src/domain/decide.ts';
import * as run from '../../src/domain/decide-run.ts';
import { type Deployment, STATE_NAMES, type State } from '../../src/domain/deployment.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/machine.ts';
import { BOT, type Person, sameHuman, stranger } from '../../src/domain/person.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { excludedFrom, exclusionOf, satisfied, tally } from '../../src/domain/policy.ts';
import { type Refusal, refusal } from '../../src/domain/refusal.ts';
import { rulesOf } from '../../src/domain/rules.ts';
import { RUN_STATES } from '../../src/domain/run.ts';
import { at, CATALOG, changeSet, commit, email, findings, hand, human, OLD, plan, SHA, slack } from './samples.ts';

/** Six humans; the last two are other records of the first ones, tied only by an account. */
const PEOPLE: readonly Person[] = [
  human('anna'),
  human('ben'),
  human('cleo'),
  human('dana'),
  stranger(slack('who')),
  { id: 'cleo-again', name: 'Cleo', known: true, accounts: [email('cleo')] },
  { id: 'ben-again', name: 'Ben', known: true, accounts: [slack('ben')] },
];
const GROUPS = ['platform', 'oncall'] as const;
const NO: Refusal = refusal('try-again', 'No.', 'Try again.');
const PLANS: readonly Plan[] = [plan(), plan({ groups: ['changed'] }), plan({ kind: 'rollback' })];

const person = fc.constantFrom(...PEOPLE);
const policy: fc.Arbitrary<Policy> = fc.record({
  rules: fc.array(fc.record({ group: fc.constantFrom(...GROUPS), count: fc.integer({ min: 1, max: 2 }) }), {
    maxLength: 2,
  }),
  expiresMs: fc.constant(3_600_000),
  checks: fc.constantFrom('required', 'shown'),
});
const memberships = fc
  .array(fc.constantFrom<boolean | 'unreadable'>(true, false, 'unreadable'), { minLength: 2, maxLength: 2 })
  .map((members) => GROUPS.map((group, index) => ({ group, member: members[index] ?? false })));
const facts = fc
  .record({ authors: fc.subarray(['ben', 'cleo', 'dana', 'zoe']), former: fc.constantFrom(OLD, '8'.repeat(40)) })
  .map(({ authors, former }) => {
    const changes = changeSet([commit(authors.map((id) => hand(id)))]);
    return findings({
      changeSet: changes,
      excluded: excludedFrom(PEOPLE[0] ?? BOT, changes, CATALOG.people),
      former: { deployment: 'D-1', sha: former, since: at(-60) },
    });
  });
const refusals = fc.constantFrom<readonly Refusal[]>([], [], [], [NO]);
const reason = fc.constantFrom('', 'Not on Friday', 'x'.repeat(501));
const offset = fc.integer({ min: -1, max: 1 });

/** One thing that somebody or something does to a deployment at a moment. */
type Act = (row: Deployment, now: string) => { readonly by: Person; readonly decision: decide.AdmissionDecision };

function byBot(decision: (row: Deployment, now: string) => decide.AdmissionDecision): Act {
  return (row, now) => ({ by: BOT, decision: decision(row, now) });
}

const ACTS: readonly fc.Arbitrary<Act>[] = [
  fc.tuple(person, memberships, fc.option(offset)).map(
    ([by, member, step]): Act =>
      (row, now) => {
        const old = step === null ? {} : { revision: row.revision + step };
        const wish = { by, through: slack(by.id), memberships: member, now, ...old };
        return { by, decision: decide.decideApprove(row, wish) };
      },
  ),
  fc.tuple(person, memberships, reason).map(
    ([by, member, why]): Act =>
      (row) => ({ by, decision: decide.decideReject(row, { by, reason: why, memberships: member }) }),
  ),
  fc.tuple(person, memberships, reason).map(
    ([by, member, why]): Act =>
      (row) => ({ by, decision: decide.decideCancel(row, { by, reason: why, memberships: member }) }),
  ),
  fc.constant(byBot((row, now) => decide.decideNudge(row, now))),
  fc.constant(byBot((row, now) => decide.decideExpiry(row, now))),
  fc.constant(byBot((row) => decide.decideReminder(row))),
  fc
    .tuple(facts, fc.constantFrom(...PLANS), refusals)
    .map(([found, one, no]) =>
      byBot((row, now) => run.decideGathered(row, { findings: found, plan: one, refusals: no, expiresAt: later(now) })),
    ),
  fc.constant(byBot((row) => run.decideUnreadable(row, NO))),
  fc
    .tuple(fc.constantFrom(...PLANS), fc.constantFrom(OLD, '8'.repeat(40)), refusals)
    .map(([one, current, no]) =>
      byBot((row, now) => decide.decideAdmission(row, { plan: one, current, refusals: no, expiresAt: later(now) })),
    ),
  fc.constant(byBot((row) => run.decideRunStarted(row, { provider: 'runner', id: '1' }))),
  fc.constant(byBot((row) => run.decideStartRefused(row, NO))),
  fc
    .tuple(fc.constantFrom(...RUN_STATES), fc.constantFrom(SHA, OLD, undefined))
    .map(([state, sha]) =>
      byBot((row, now) =>
        run.decideSeen(row, { state, steps: [], ...(sha === undefined ? {} : { sha }) }, now, 600_000),
      ),
    ),
  fc.constant(byBot((row, now) => run.decideSilent(row, row.since, now, 600_000))),
  fc.constant(byBot((row) => run.decideLost(row))),
];

function later(now: string): string {
  return new Date(Date.parse(now) + 3_600_000).toISOString();
}

interface Story {
  readonly rows: readonly Deployment[];
  readonly log: readonly { readonly event: DeploymentEvent; readonly by: Person; readonly at: string }[];
}

/** Lets the acts happen one after another; every event goes through the machine, which throws at an illegal one. */
function live(acts: readonly { readonly act: Act; readonly minutes: number }[]): Story {
  const log: Story['log'][number][] = [];
  const rows: Deployment[] = [];
  let row: Deployment | undefined;
  let minute = 0;
  const happen = (event: DeploymentEvent, by: Person) => {
    row = evolve(row, event, at(minute), by);
    log.push({ event, by, at: at(minute) });
    rows.push(row);
    return row;
  };
  const request = { number: 1, token: 't', kind: 'regular', service: 'web', environment: 'production' } as const;
  happen({ type: 'requested', request: { ...request, ref: 'main', requester: PEOPLE[0] ?? BOT } }, PEOPLE[0] ?? BOT);
  let now = happen({ type: 'checks-started' }, BOT);
  for (const { act, minutes } of acts) {
    minute += minutes;
    const { by, decision } = act(now, at(minute));
    if (decision.kind === 'events' || decision.kind === 'refused')
      for (const event of decision.events) now = happen(event, by);
  }
  return { rows, log };
}

const random = fc.array(
  fc.record({
    act: fc.oneof(...ACTS),
    minutes: fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 40 })),
  }),
  { maxLength: 40 },
);
/** An undisturbed beginning, so that stories also get far. */
const ROAD: readonly Act[] = [
  byBot((row, now) =>
    run.decideGathered(row, { findings: findings(), plan: plan(), refusals: [], expiresAt: later(now) }),
  ),
  (row, now) => {
    const by = human('cleo');
    const wish = { by, through: slack('cleo'), memberships: [{ group: 'platform', member: true }], now };
    return { by, decision: decide.decideApprove(row, wish) };
  },
  byBot((row, now) => decide.decideAdmission(row, { plan: plan(), current: OLD, refusals: [], expiresAt: later(now) })),
  byBot((row) => run.decideRunStarted(row, { provider: 'runner', id: '1' })),
];
const stories = fc
  .tuple(fc.integer({ min: 0, max: ROAD.length }), random)
  .map(([length, more]) => [...ROAD.slice(0, length).map((act) => ({ act, minutes: 1 })), ...more]);

describe('no sequence of wishes and reports', () => {
  it('reaches an illegal state, or changes anything without an event', () => {
    const reached = new Set<State>();

    fc.assert(
      fc.property(stories, (acts) => {
        const { rows, log } = live(acts);

        for (const { state } of rows) reached.add(state);
        expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1));
        expect(log).toHaveLength(rows.length);
      }),
      { numRuns: 3000 },
    );

    // Rolling back is driven by another deployment.
    const unreached = STATE_NAMES.filter((state) => !reached.has(state));
    expect(unreached).toEqual(['rolling-back', 'rolled-back']);
  });

  it('gives another row when the log is read again', () => {
    fc.assert(
      fc.property(stories, (acts) => {
        const { rows, log } = live(acts);

        const written = JSON.parse(JSON.stringify(log)) as typeof log;
        const again = written.reduce<Deployment | undefined>(
          (row, entry) => evolve(row, entry.event, entry.at, entry.by),
          undefined,
        );

        expect(again).toEqual(JSON.parse(JSON.stringify(rows.at(-1))));
      }),
      { numRuns: 500 },
    );
  });

  it('counts a human twice, or anybody who is excluded', () => {
    fc.assert(
      fc.property(stories, policy, (acts, rules) => {
        for (const row of live(acts).rows) {
          const excluded = row.findings?.excluded ?? [];
          const counted = tally(rules, row.countersignatures, excluded).flatMap(({ by }) => by);

          for (const [index, one] of counted.entries()) {
            expect(counted.slice(index + 1).some((other) => sameHuman(one, other))).toBe(false);
            expect(exclusionOf(one, excluded)).toBeUndefined();
            expect(one.known).toBe(true);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('begins a run that asks for approvals without enough of them, of that very plan and under those very facts', () => {
    let dispatched = 0;
    fc.assert(
      fc.property(stories, (acts) => {
        for (const row of live(acts).rows.filter(({ state }) => state === 'queued')) {
          const present = row.plan ?? plan();
          const current = row.findings?.former?.sha ?? OLD;
          const decision = decide.decideAdmission(row, {
            plan: present,
            current,
            refusals: [],
            expiresAt: at(99),
          });
          if (decision.kind !== 'events' || decision.events.at(-1)?.type !== 'dispatched') continue;
          dispatched += 1;
          const bound = row.countersignatures.filter(({ binding }) => binding === present.hash);
          expect(satisfied(tally({ rules: rulesOf(present) }, bound, row.findings?.excluded ?? []))).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );

    expect(dispatched).toBeGreaterThan(0);
  });
});
