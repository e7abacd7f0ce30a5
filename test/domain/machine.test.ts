import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/domain/catalog.ts';
import type { Hand } from '../../src/domain/change-set.ts';
import {
  type Decision,
  decideAdmission,
  decideApprove,
  decideCancel,
  decideExpiry,
  decideNudge,
  decideReject,
  decideReminder,
} from '../../src/domain/decide.ts';
import {
  decideGathered,
  decideRunStarted,
  decideSeen,
  decideSilent,
  decideStartRefused,
} from '../../src/domain/decide-run.ts';
import { type Deployment, type Findings, STATE_NAMES, STATES, type State } from '../../src/domain/deployment.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import { allows, evolve, IllegalEvent, TABLE } from '../../src/domain/machine.ts';
import { BOT, type Person, sameHuman } from '../../src/domain/person.ts';
import { type Plan, planFor } from '../../src/domain/plan.ts';
import { excludedFrom, exclusionOf, satisfied, tally } from '../../src/domain/policy.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { RUN_STATES } from '../../src/domain/run.ts';

const NAMES = ['anna', 'ben', 'cleo', 'dana', 'eve'];
const people: readonly Person[] = NAMES.map((id) => ({
  id,
  name: id,
  known: true,
  accounts: [
    { system: 'slack', tenant: 'T1', id: `U-${id}` },
    { system: 'email', id: `${id}@example.com` },
  ],
}));
/** The same humans again, seen through another account, and a stranger. */
const seen: readonly Person[] = [
  ...people,
  ...people.map((one) => ({ ...one, id: `other-${one.id}`, accounts: one.accounts.slice(1) })),
  { id: 'slack:T1:U-x', name: 'Somebody', known: false, accounts: [{ system: 'slack', tenant: 'T1', id: 'U-x' }] },
];
const ANNA = people[0] as Person;
const SHAS = ['a'.repeat(40), 'b'.repeat(40)] as const;
const START = Date.parse('2026-11-21T09:00:00.000Z');

const person = fc.constantFrom(...seen);
const policy: fc.Arbitrary<Policy> = fc
  .array(fc.record({ group: fc.constantFrom('platform', 'security'), count: fc.integer({ min: 1, max: 2 }) }), {
    maxLength: 2,
  })
  .map((rules) => ({ rules, expiresMs: 3_600_000, checks: 'shown' as const }));
const hands: fc.Arbitrary<readonly Hand[]> = fc.array(
  fc.record({
    role: fc.constantFrom('author', 'co-author', 'committer', 'merger'),
    account: fc.constantFrom(...NAMES).map((id) => ({ system: 'email', id: `${id}@example.com` })),
    bot: fc.boolean(),
  }),
  { maxLength: 3 },
);

function findingsOf(sha: string, by: readonly Hand[]): Findings {
  const commit = { sha, title: 'Change', at: '2026-11-20T00:00:00.000Z', hands: by };
  const changeSet = {
    head: sha,
    commits: [commit],
    files: [],
    filesTotal: 0,
    complete: true,
    direction: 'ahead' as const,
  };
  const excluded = excludedFrom(ANNA, changeSet, { all: people });
  const checks = { state: 'none' as const, passed: 0, failed: 0, pending: 0, failures: [] };
  return { sha, changeSet, commitsTotal: 1, peopleTotal: 1, checks, excluded, eligible: [], warnings: [], at: '' };
}

function planOf(rules: Policy, sha: string, version: string): Plan {
  const target = {
    environment: 'production',
    policy: rules,
    pipeline: { provider: 'p', settings: { version } },
    customerFacing: true,
    rollbackOnFailure: false,
    timeoutMs: 60_000,
  };
  const service = {
    id: 'web',
    title: 'Web',
    aliases: [],
    repository: { source: 's', name: 'r' },
    defaultRef: 'main',
    targets: {},
    flags: { migration: [], configuration: [] },
  };
  return planFor({ kind: 'regular', service, target, sha, gates: [], groups: [] });
}

type Intent = (row: Deployment, rules: Policy, now: string) => Decision;

const memberships = fc.array(
  fc.record({
    group: fc.constantFrom('platform', 'security'),
    member: fc.constantFrom<true | false | 'unreadable'>(true, false, 'unreadable'),
  }),
  { maxLength: 3 },
);
const reason = fc.constantFrom('', 'because', 'x'.repeat(501));
const revision = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined });
const given = <T extends object>(key: string, value: T | number | undefined) =>
  value === undefined ? {} : { [key]: value };

const intent: fc.Arbitrary<Intent> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(person, memberships, revision).map(
      ([by, member, rev]): Intent =>
        (row, rules, now) =>
          decideApprove(row, rules, {
            by,
            through: by.accounts[0] ?? { system: 'x', id: 'y' },
            memberships: member,
            now,
            ...given('revision', rev),
          }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(hands, fc.constantFrom(...SHAS), fc.boolean()).map(
      ([by, sha, refused]): Intent =>
        (row, rules, now) =>
          decideGathered(row, {
            findings: findingsOf(sha, by),
            plan: planOf(rules, sha, '1'),
            refusals: refused ? [refusal('checks-failed', 'No.', 'Mend.')] : [],
            expiresAt: new Date(Date.parse(now) + 3_600_000).toISOString(),
          }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom('1', '2'), fc.constantFrom(undefined, ...SHAS)).map(
      ([version, current]): Intent =>
        (row, rules, now) => {
          const decision = decideAdmission(row, {
            plan: planOf(rules, row.findings?.sha ?? '', version),
            policy: rules,
            ...(current === undefined ? {} : { current }),
            refusals: [],
            expiresAt: now,
          });
          return decision.kind === 'gather-again' ? { kind: 'nothing' } : decision;
        },
    ),
  },
  fc.tuple(person, reason, memberships).map(
    ([by, why, member]): Intent =>
      (row) =>
        decideReject(row, { by, reason: why, memberships: member }),
  ),
  fc.tuple(person, reason, memberships).map(
    ([by, why, member]): Intent =>
      (row) =>
        decideCancel(row, { by, reason: why, memberships: member }),
  ),
  fc.constantFrom<Intent>(
    (row, _rules, now) => decideNudge(row, now),
    (row) => decideReminder(row),
    (row, _rules, now) => decideExpiry(row, now),
    (row) => decideRunStarted(row, { provider: 'p', id: '1' }),
    (row) => decideStartRefused(row, refusal('provider-refused', 'No.', 'Mend.')),
    (row, _rules, now) => decideSilent(row, '2026-11-21T08:00:00.000Z', now, 60_000),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...RUN_STATES), fc.constantFrom(undefined, ...SHAS)).map(
      ([state, sha]): Intent =>
        (row, _rules, now) =>
          decideSeen(
            row,
            { state, steps: [{ name: 'Build', state: 'running' }], ...(sha === undefined ? {} : { sha }) },
            now,
            7_200_000,
          ),
    ),
  },
);

interface Told {
  readonly rows: readonly Deployment[];
  readonly events: readonly { readonly event: DeploymentEvent; readonly at: string }[];
}

/** Plays intents one after the other, as the door does. evolve throws when a decision asks for what cannot happen. */
function play(rules: Policy, intents: readonly Intent[]): Told {
  const request = {
    number: 1,
    token: 't',
    kind: 'regular' as const,
    service: 'web',
    environment: 'production',
    ref: 'main',
    requester: ANNA,
  };
  const events: Told['events'][number][] = [];
  const rows: Deployment[] = [];
  let row: Deployment | undefined;
  const happen = (event: DeploymentEvent, at: string): Deployment => {
    row = evolve(row, event, at, BOT);
    events.push({ event, at });
    rows.push(row);
    return row;
  };
  const first = new Date(START).toISOString();
  happen({ type: 'requested', request }, first);
  let now = happen({ type: 'checks-started' }, first);
  for (const [index, act] of intents.entries()) {
    const at = new Date(START + (index + 1) * 60_000).toISOString();
    const decision = act(now, rules, at);
    const followed = decision.kind === 'nothing' ? [] : decision.events;
    for (const event of followed) now = happen(event, at);
  }
  return { rows, events };
}

describe('the machine', () => {
  it('never gets from a decision to what cannot happen, and folds to the same row again', () => {
    fc.assert(
      fc.property(policy, fc.array(intent, { maxLength: 25 }), (rules, intents) => {
        const { rows, events } = play(rules, intents);

        const again = events.reduce<Deployment | undefined>(
          (row, { event, at }) => evolve(row, event, at, BOT),
          undefined,
        );

        expect(again).toEqual(rows.at(-1));
        expect(rows.at(-1)?.version).toBe(events.length);
      }),
      { numRuns: 500 },
    );
  });

  it('runs only what enough different people have countersigned, none of whom is excluded', () => {
    fc.assert(
      fc.property(policy, fc.array(intent, { minLength: 5, maxLength: 25 }), (rules, intents) => {
        const { rows } = play(rules, intents);
        const running = rows.find(({ state }) => state === 'running');
        fc.pre(running !== undefined);

        const excluded = running?.findings?.excluded ?? [];
        const counted = tally(rules, running?.countersignatures ?? [], excluded).flatMap(({ by }) => by);

        expect(satisfied(tally(rules, running?.countersignatures ?? [], excluded))).toBe(true);
        expect(counted.every((one) => one.known && exclusionOf(one, excluded) === undefined)).toBe(true);
        expect(counted.every((one, index) => !counted.some((other, at) => at !== index && sameHuman(one, other)))).toBe(
          true,
        );
        expect((running?.countersignatures ?? []).every(({ binding }) => binding === running?.plan?.hash)).toBe(true);
      }),
      { numRuns: 2000, maxSkipsPerRun: 1000 },
    );
  });

  it('succeeds only with the commit that was found at the request', () => {
    fc.assert(
      fc.property(policy, fc.array(intent, { minLength: 5, maxLength: 30 }), (rules, intents) => {
        const { rows } = play(rules, intents);
        for (const row of rows.filter(({ state }) => state === 'succeeded')) expect(row.runSha).toBe(row.findings?.sha);
      }),
      { numRuns: 1000 },
    );
  });

  it('changes state only by an event that its table names, and steps the revision with it', () => {
    fc.assert(
      fc.property(policy, fc.array(intent, { maxLength: 25 }), (rules, intents) => {
        const { rows, events } = play(rules, intents);
        for (const [index, { event }] of events.entries()) {
          const before = rows[index - 1];
          const after = rows[index];
          expect(TABLE[event.type].from).toContain(before?.state ?? 'none');
          if (before !== undefined && after !== undefined && before.state !== after.state)
            expect(after.revision).toBe(before.revision + 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(STATE_NAMES)('can reach %s', (state) => {
    const leads = Object.entries(TABLE).filter(
      ([type, row]) =>
        row.to === state || (type === 'rollback-ended' && (state === 'failed' || state === 'rolled-back')),
    );

    expect(leads.length).toBeGreaterThan(0);
    expect(STATES[state].sentence).toMatch(/^[A-Z].*\.$/);
  });

  it.each(STATE_NAMES.filter((state) => STATES[state].ended))(
    'lets nothing but a rollback or a note happen after %s',
    (state: State) => {
      const possible = (Object.keys(TABLE) as DeploymentEvent['type'][]).filter((type) => allows(state, type));

      expect(
        possible.filter((type) => !['approval-denied', 'card-undelivered', 'rollback-began'].includes(type)),
      ).toEqual([]);
    },
  );

  it('throws when something is written that cannot happen', () => {
    expect(() => evolve(undefined, { type: 'expired' }, '', BOT)).toThrow(IllegalEvent);
  });
});
