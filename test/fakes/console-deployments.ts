import { createHash } from 'node:crypto';
import type { ChangeSet, Commit } from '../../src/domain/change-set.ts';
import type { Deployment, Findings, State } from '../../src/domain/deployment.ts';
import type { DeploymentEvent } from '../../src/domain/event.ts';
import type { Person } from '../../src/domain/person.ts';
import { refusal } from '../../src/domain/refusal.ts';
import type { StepState } from '../../src/domain/run.ts';
import { ANNA, BEN, CHIARA, DEV } from './console-catalog.ts';

/** The moment at which the sample world stands still. */
export const NOW = '2026-11-20T10:42:00.000Z';

export function ago(minutes: number): string {
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

export function shaOf(number: number): string {
  return createHash('sha1').update(String(number)).digest('hex');
}

const TITLES = [
  ['Show the delivery date in the basket', ANNA],
  ['Cache product pictures for an hour', BEN],
  ['Add the delivery date to orders (migration)', ANNA],
] as const;

function commitOf([title, author]: readonly [string, Person], index: number): Commit {
  const sha = shaOf(7000 + index);
  const account = { system: 'github', id: author.id, name: author.name };
  return {
    sha,
    title,
    url: `https://github.com/acme/web/commit/${sha}`,
    at: ago(200 - index),
    hands: [{ role: 'author', account, bot: false }],
    pullRequest: {
      number: 481 + index,
      title,
      url: `https://github.com/acme/web/pull/${481 + index}`,
      releaseNote: title,
    },
  };
}

function findingsOf(number: number): Findings {
  const commits = TITLES.map(commitOf);
  const head = shaOf(number);
  const files = [
    { path: 'migrations/0042_add_delivery_date.sql', flag: 'migration' as const },
    { path: 'config/cache.yaml', flag: 'configuration' as const },
    { path: 'src/basket/summary.ts' },
  ];
  const changeSet: ChangeSet = {
    base: shaOf(number - 1),
    head,
    commits: commits.map((one, index) => (index === 0 ? { ...one, sha: head } : one)),
    files,
    filesTotal: 14,
    complete: true,
    direction: 'ahead',
    url: 'https://github.com/acme/web/compare/a...b',
  };
  return {
    sha: head,
    changeSet,
    commitsTotal: 3,
    peopleTotal: 2,
    checks: {
      state: 'passed',
      passed: 12,
      failed: 0,
      pending: 0,
      failures: [],
      url: 'https://github.com/acme/web/checks',
    },
    former: { deployment: 'D-1036', sha: shaOf(number - 1), since: ago(1500) },
    excluded: [
      { person: ANNA, parts: ['requester', 'author'], commits: ['1a2b3c4'] },
      { person: BEN, parts: ['author'], commits: ['5d6e7f8'] },
    ],
    eligible: [{ group: 'approvers', count: 1, may: [CHIARA, DEV], mayNot: [] }],
    warnings: ['Changes the database: 1 migration file', 'Changes the configuration: 1 file'],
    at: ago(20),
  };
}

const STEPS = [
  'Check out',
  'Build',
  'Unit tests',
  'Integration tests',
  'Push image',
  'Start new version',
  'Health check',
];

/** `done` steps have succeeded, the one behind them is in `state`. */
function stepsOf(done: number, state: StepState): Deployment['steps'] {
  return STEPS.map((name, index) => {
    const times = { startedAt: ago(9 - index), endedAt: ago(8.3 - index) };
    if (index < done) return { name, state: 'succeeded', ...times };
    return index === done ? { name, state, startedAt: ago(9 - index) } : { name, state: 'waiting' };
  });
}

interface Sample extends Partial<Deployment> {
  readonly number: number;
  readonly state: State;
}

function sample(wish: Sample): Deployment {
  const { number } = wish;
  return {
    id: `D-${number}`,
    version: 3,
    revision: 1,
    token: `token${number}`,
    kind: 'regular',
    service: 'web',
    environment: 'production',
    ref: 'main',
    requester: ANNA,
    reason: 'Delivery dates for the holiday season',
    requestedAt: ago(30),
    since: ago(12),
    findings: findingsOf(number),
    countersignatures: [],
    refusals: [],
    steps: [],
    ...wish,
  };
}

const signed = [
  {
    by: CHIARA,
    through: { system: 'console', id: 'chiara' },
    groups: ['approvers'],
    at: ago(11),
    binding: 'b'.repeat(64),
  },
] as const;
const run = { provider: 'actions', id: '918273', url: 'https://github.com/acme/web/actions/runs/918273' };

/** One deployment in every state, newest first. */
export const DEPLOYMENTS: readonly Deployment[] = [
  sample({
    number: 1049,
    state: 'requested',
    service: 'search',
    environment: 'staging',
    requester: DEV,
    ref: 'faster-index',
    since: ago(0),
  }),
  sample({ number: 1048, state: 'checking', service: 'api', environment: 'staging', requester: BEN, since: ago(1) }),
  sample({ number: 1047, state: 'awaiting-approval', expiresAt: ago(-42), since: ago(18) }),
  sample({
    number: 1046,
    state: 'queued',
    service: 'api',
    requester: BEN,
    countersignatures: signed,
    ref: 'v2.14.0',
    since: ago(4),
  }),
  sample({
    number: 1045,
    state: 'running',
    service: 'api',
    requester: DEV,
    countersignatures: signed,
    startedAt: ago(6),
    run,
    runState: 'running',
    steps: stepsOf(3, 'running'),
    expectedMs: 600_000,
    since: ago(6),
  }),
  sample({
    number: 1044,
    state: 'failed',
    environment: 'staging',
    requester: BEN,
    ref: 'new-checkout',
    startedAt: ago(60),
    endedAt: ago(55),
    run,
    runState: 'failed',
    steps: stepsOf(2, 'failed'),
    failure: refusal(
      'run-failed',
      'Unit tests failed: 2 of 318, first: "basket adds tax once".',
      'Look at the log, mend it and ask again.',
    ),
    since: ago(55),
  }),
  sample({
    number: 1043,
    state: 'rejected',
    requester: BEN,
    rejection: { by: CHIARA, reason: 'Please split the migration off first', at: ago(90) },
    since: ago(90),
  }),
  sample({
    number: 1042,
    state: 'succeeded',
    environment: 'staging',
    startedAt: ago(130),
    endedAt: ago(124),
    run,
    runState: 'succeeded',
    steps: stepsOf(7, 'succeeded'),
    since: ago(124),
  }),
  sample({ number: 1041, state: 'expired', requester: DEV, ref: 'v3.1.0', since: ago(300) }),
  sample({
    number: 1040,
    state: 'cancelled',
    service: 'search',
    environment: 'staging',
    cancellation: { by: DEV, reason: 'wrong branch', at: ago(400) },
    since: ago(400),
  }),
  sample({
    number: 1039,
    state: 'rolled-back',
    service: 'api',
    undoneBy: 'D-1040',
    startedAt: ago(700),
    endedAt: ago(690),
    since: ago(690),
  }),
  sample({
    number: 1038,
    state: 'refused',
    refusals: [
      refusal(
        'target-locked',
        'web in production is locked by Dev Patel: stocktaking.',
        'Wait, or ask Dev to unlock it.',
      ),
    ],
    since: ago(900),
  }),
  sample({
    number: 1036,
    state: 'succeeded',
    requester: DEV,
    countersignatures: signed,
    startedAt: ago(1510),
    endedAt: ago(1500),
    run,
    runState: 'succeeded',
    steps: stepsOf(7, 'succeeded'),
    since: ago(1500),
  }),
];

/** What a deployment that is awaiting approval has behind it. */
export function eventsOf(deployment: Deployment): readonly (readonly [DeploymentEvent, Person])[] {
  const { number, token, kind, service, environment, ref, requester, reason, findings } = deployment;
  const request = {
    number,
    token,
    kind,
    service,
    environment,
    ref,
    requester,
    ...(reason === undefined ? {} : { reason }),
  };
  const bot: Person = { id: 'countersign', name: 'Countersign', known: true, accounts: [] };
  const found: (readonly [DeploymentEvent, Person])[] =
    findings === undefined ? [] : [[{ type: 'findings-gathered', findings }, bot]];
  const denied = refusal(
    'requester-may-not-approve',
    'You asked for this deployment, so somebody else must countersign it.',
    'Ask @approvers.',
  );
  return [
    [{ type: 'requested', request }, requester],
    [{ type: 'checks-started' }, bot],
    ...found,
    [{ type: 'approval-denied', refusals: [denied] }, requester],
    ...deployment.countersignatures.map(
      (countersignature) => [{ type: 'countersigned', countersignature }, countersignature.by] as const,
    ),
    ...(deployment.run === undefined
      ? []
      : ([
          [{ type: 'dispatched' }, bot],
          [{ type: 'run-started', run: deployment.run }, bot],
        ] as const)),
  ];
}
