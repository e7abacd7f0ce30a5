import type { Catalog, Policy } from '../../src/domain/catalog.ts';
import type { ChangeSet, Commit, Hand } from '../../src/domain/change-set.ts';
import type { Deployment, Findings, State } from '../../src/domain/deployment.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/machine.ts';
import { BOT, type Person } from '../../src/domain/person.ts';
import { type Plan, planFor } from '../../src/domain/plan.ts';
import { type Countersignature, excludedFrom } from '../../src/domain/policy.ts';
import { refusal } from '../../src/domain/refusal.ts';

/** Where a story of these tests begins: 2026-11-21, 09:00 UTC. */
const NINE = Date.parse('2026-11-21T09:00:00.000Z');
export const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f80912345678';
export const OLD = '9'.repeat(40);

export function at(minutes: number): string {
  return new Date(NINE + minutes * 60_000).toISOString();
}

export function human(id: string, ...more: Person['accounts']): Person {
  return { id, name: id[0]?.toUpperCase() + id.slice(1), known: true, accounts: [slack(id), email(id), ...more] };
}

export function slack(id: string) {
  return { system: 'slack', tenant: 'T1', id: `U-${id}` };
}

export function email(id: string) {
  return { system: 'email', id: `${id}@example.com` };
}

export const ANNA = human('anna');
export const BEN = human('ben');
export const CLEO = human('cleo');
export const DANA = human('dana');

export const POLICY: Policy = { rules: [{ group: 'platform', count: 1 }], expiresMs: 3_600_000, checks: 'shown' };

export const CATALOG: Catalog = {
  version: 'v1',
  services: {
    web: {
      id: 'web',
      title: 'Web shop',
      aliases: [],
      repository: { source: 'code', name: 'acme/web' },
      defaultRef: 'main',
      contact: '#web-team',
      targets: {
        production: {
          environment: 'production',
          policy: POLICY,
          pipeline: { provider: 'runner', settings: { job: 'deploy' } },
          url: 'https://shop.example',
          customerFacing: true,
          rollbackOnFailure: false,
          timeoutMs: 600_000,
        },
      },
      flags: { migration: [], configuration: [] },
    },
  },
  environments: { production: { id: 'production', title: 'live for customers', aliases: [], order: 2 } },
  groups: { platform: { id: 'platform', source: { kind: 'people', people: ['ben', 'cleo', 'dana'] } } },
  people: { all: [ANNA, BEN, CLEO, DANA] },
  subscriptions: [],
  baseUrl: 'https://bot.example',
  command: '/deploy',
};

export function hand(id: string, role: Hand['role'] = 'author', bot = false): Hand {
  return { role, account: { ...email(id), name: id }, bot };
}

export function commit(hands: readonly Hand[], more: Partial<Commit> = {}): Commit {
  return { sha: SHA, title: 'Make the basket bigger', at: at(-60), hands, ...more };
}

export function changeSet(commits: readonly Commit[], more: Partial<ChangeSet> = {}): ChangeSet {
  return { base: OLD, head: SHA, commits, files: [], filesTotal: 0, complete: true, direction: 'ahead', ...more };
}

export function findings(more: Partial<Findings> = {}): Findings {
  const changes = more.changeSet ?? changeSet([commit([hand('ben')])]);
  const excluded = excludedFrom(ANNA, changes, CATALOG.people);
  return {
    sha: SHA,
    changeSet: changes,
    commitsTotal: changes.commits.length,
    peopleTotal: 1,
    checks: { state: 'passed', passed: 3, failed: 0, pending: 0, failures: [] },
    former: { deployment: 'D-1', sha: OLD, since: at(-600) },
    excluded,
    eligible: [{ group: 'platform', count: 1, may: [CLEO, DANA], mayNot: excluded.slice(1, 2) }],
    warnings: [],
    at: at(0),
    ...more,
  };
}

export function plan(more: Partial<Parameters<typeof planFor>[0]> = {}): Plan {
  const service = CATALOG.services['web'];
  const target = service?.targets['production'];
  if (service === undefined || target === undefined) throw new Error('The sample has lost its service.');
  return planFor({ kind: 'regular', service, target, sha: SHA, gates: ['reason-given'], groups: [], ...more });
}

export function signed(by: Person, groups: readonly string[] = ['platform'], binding = plan().hash): Countersignature {
  return { by, through: slack(by.id), groups, at: at(5), binding };
}

export type Told = readonly [event: DeploymentEvent, minutes: number, by?: Person];

const REQUEST = { number: 2, token: 'tok', service: 'web', environment: 'production', ref: 'main', requester: ANNA };

export function asking(kind: 'regular' | 'rollback' = 'regular'): readonly Told[] {
  const more = kind === 'rollback' ? { undoes: 'D-1', restores: 'D-0' } : {};
  return [
    [{ type: 'requested', request: { ...REQUEST, ...more, kind, reason: 'Sale starts' } }, 0, ANNA],
    [{ type: 'checks-started' }, 0, ANNA],
  ];
}

const ASKED: readonly Told[] = [
  ...asking(),
  [{ type: 'findings-gathered', findings: findings() }, 1],
  [{ type: 'approval-asked', plan: plan(), expiresAt: at(61) }, 1],
];
const QUEUED: readonly Told[] = [
  ...ASKED,
  [{ type: 'countersigned', countersignature: signed(CLEO) }, 5, CLEO],
  [{ type: 'queued', plan: plan() }, 5, CLEO],
];
const RUNNING: readonly Told[] = [
  ...QUEUED,
  [{ type: 'dispatched', expectedMs: 240_000 }, 5],
  [{ type: 'run-started', run: { provider: 'runner', id: '77', url: 'https://ci.example/77' } }, 5],
  [{ type: 'progressed', runState: 'running', steps: steps('succeeded', 'running', 'waiting'), sha: SHA }, 6],
];
const SUCCEEDED: readonly Told[] = [...RUNNING, [{ type: 'succeeded', sha: SHA }, 9]];
const UNDOING: readonly Told[] = [...SUCCEEDED, [{ type: 'rollback-began', by: 'D-3' }, 20]];
const FAILURE = refusal('run-failed', 'npm test failed', 'Look at the log, mend it, then use Retry.');
const REFUSED = refusal('already-running-there', 'This very commit already runs there.', 'Name another branch.');

/** A way into every state. */
export const WAYS: Readonly<Record<State, readonly Told[]>> = {
  requested: asking().slice(0, 1),
  checking: asking(),
  'awaiting-approval': ASKED,
  queued: QUEUED,
  running: RUNNING,
  'rolling-back': UNDOING,
  succeeded: SUCCEEDED,
  failed: [...RUNNING, [{ type: 'failed', failure: FAILURE }, 9]],
  'rolled-back': [...UNDOING, [{ type: 'rollback-ended', by: 'D-3', outcome: 'rolled-back' }, 25]],
  refused: [...asking(), [{ type: 'refused', refusals: [REFUSED] }, 1]],
  rejected: [...ASKED, [{ type: 'rejected', reason: 'Not on Friday' }, 5, CLEO]],
  expired: [...ASKED, [{ type: 'expired' }, 61]],
  cancelled: [...ASKED, [{ type: 'cancelled', reason: 'Not today' }, 5, ANNA]],
};

export function told(story: readonly Told[]): Deployment {
  let row: Deployment | undefined;
  for (const [event, minutes, by] of story) row = evolve(row, event, at(minutes), by ?? BOT);
  if (row === undefined) throw new Error('A story needs an event.');
  return row;
}

export function inState(state: State, more: Partial<Deployment> = {}): Deployment {
  return { ...told(WAYS[state]), ...more };
}

export function steps(...states: readonly ('waiting' | 'running' | 'succeeded' | 'failed' | 'skipped')[]) {
  const names = ['Build', 'Unit tests', 'Roll out'];
  return states.map((state, index) => ({ name: names[index] ?? `Step ${index + 1}`, state }));
}
