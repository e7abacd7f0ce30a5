import { createInbox } from '../../commands/index.ts';
import type { Announcement, Button } from '../../src/domain/announcement.ts';
import type { Catalog, Environment, Place, Service, TargetSettings } from '../../src/domain/catalog.ts';
import { type Deployment, type Findings, isOpen } from '../../src/domain/deployment.ts';
import type { Entry } from '../../src/domain/event.ts';
import type { Account, Person } from '../../src/domain/person.ts';
import { emptyPersonBook, type PersonBook } from '../../src/domain/person-book.ts';
import type { Review } from '../../src/domain/review.ts';
import { emptyTarget, type PlaceBook, type Target } from '../../src/domain/target.ts';
import type { Inbox, Incoming, Input, Reply } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Reading } from '../../src/ports/reading.ts';
import { type DoorCall, type DoorScript, fakeDoor } from '../fakes/door.ts';

export const NOW = '2026-11-20T10:00:00.000Z';
export const PLACE: Place = { chat: 'console', tenant: 'local', channel: 'deploys' };

export const anna: Person = { id: 'anna', name: 'Anna', known: true, accounts: [{ system: 'console', id: 'anna' }] };
export const ben: Person = { id: 'ben', name: 'Ben', known: true, accounts: [{ system: 'console', id: 'ben' }] };

function target(environment: string, customerFacing: boolean): TargetSettings {
  return {
    environment,
    policy: { rules: customerFacing ? [{ group: 'platform', count: 1 }] : [], expiresMs: 3_600_000, checks: 'shown' },
    pipeline: { provider: 'local', settings: {} },
    customerFacing,
    rollbackOnFailure: false,
    timeoutMs: 3_600_000,
  };
}

export function service(id: string, aliases: readonly string[], environments: readonly string[]): Service {
  return {
    id,
    title: `The ${id}`,
    aliases,
    repository: { source: 'git', name: `acme/${id}` },
    defaultRef: 'main',
    targets: Object.fromEntries(environments.map((name) => [name, target(name, name === 'production')])),
    flags: { migration: [], configuration: [] },
  };
}

function environment(id: string, aliases: readonly string[], order: number): Environment {
  return { id, title: `the ${id} world`, aliases, order };
}

export const catalog: Catalog = {
  version: 'v1',
  services: {
    web: service('web', ['site'], ['staging', 'production']),
    shop: service('shop', [], ['staging', 'production']),
    status: service('status', [], ['staging']),
  },
  environments: {
    production: environment('production', ['prod'], 2),
    staging: environment('staging', ['stage'], 1),
    lab: environment('lab', [], 0),
  },
  groups: {
    platform: { id: 'platform', source: { kind: 'people', people: ['ben'] } },
    sre: { id: 'sre', source: { kind: 'chat', chat: 'slack', id: 'S1' } },
  },
  people: { all: [anna, ben] },
  subscriptions: [{ place: PLACE, audience: 'broadcast', service: '*', environment: 'production' }],
  baseUrl: 'https://deploy.example.com',
  command: '/deploy',
};

const SHA = '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d';

export const findings: Findings = {
  sha: SHA,
  changeSet: {
    head: SHA,
    commits: [
      {
        sha: SHA,
        title: 'Make the basket faster',
        at: NOW,
        hands: [{ role: 'author', account: { system: 'github', id: 'anna', name: 'Anna' }, bot: false }],
      },
    ],
    files: [{ path: 'src/basket.ts' }, { path: 'db/1.sql', flag: 'migration' }],
    filesTotal: 2,
    complete: true,
    direction: 'ahead',
  },
  commitsTotal: 1,
  peopleTotal: 1,
  checks: { state: 'passed', passed: 3, failed: 0, pending: 0, failures: [] },
  excluded: [{ person: anna, parts: ['requester', 'author'], commits: ['1a2b3c4'] }],
  eligible: [{ group: 'platform', count: 1, may: [ben], mayNot: [] }],
  warnings: ['It brings a database migration.'],
  at: NOW,
};

export function deployment(over: Partial<Deployment> = {}): Deployment {
  const number = over.number ?? 1042;
  return {
    id: `D-${number}`,
    number,
    version: 3,
    revision: 2,
    token: `token-${number}`,
    kind: 'regular',
    service: 'web',
    environment: 'production',
    ref: 'main',
    requester: anna,
    requestedAt: NOW,
    state: 'awaiting-approval',
    since: NOW,
    countersignatures: [],
    refusals: [],
    steps: [],
    findings,
    ...over,
  };
}

/** What stands in the rows. */
interface Shelf {
  deployments: readonly Deployment[];
  targets: readonly Target[];
  books: readonly PlaceBook[];
  logs?: string | Error;
  entries?: readonly Entry[];
  rollups?: Reading['rollups'];
  people?: readonly PersonBook[];
  reviews?: readonly Review[];
  troubles?: ReturnType<Reading['troubles']>;
  /** Thrown by every look at the rows. */
  failure?: Error;
}

function readingOf(shelf: Shelf, known: Catalog): Reading {
  const look = () => {
    if (shelf.failure !== undefined) throw shelf.failure;
    return shelf;
  };
  return {
    catalog: () => known,
    troubles: () => shelf.troubles ?? [],
    deployment: async (id) => look().deployments.find((one) => one.id === id),
    deploymentByToken: async (token) => look().deployments.find((one) => one.token === token),
    deploymentByRun: async () => undefined,
    deployments: async (query) =>
      look()
        .deployments.filter((one) => query.service === undefined || one.service === query.service)
        .filter((one) => query.environment === undefined || one.environment === query.environment)
        .filter((one) => query.states === undefined || query.states.includes(one.state))
        .filter((one) => query.open === undefined || isOpen(one))
        .toSorted((one, other) => other.number - one.number)
        .slice(0, query.limit),
    nextNumber: async () => 1,
    target: async (name, where) =>
      look().targets.find((one) => one.service === name && one.environment === where) ?? emptyTarget(name, where),
    targets: async () => look().targets,
    scopes: async () => [],
    personBook: async (id) => (look().people ?? []).find(({ person }) => person === id) ?? emptyPersonBook(id),
    personBooks: async () => look().people ?? [],
    review: async () => undefined,
    openReviews: async () => look().reviews ?? [],
    rollups: async (query) => look().rollups?.(query) ?? [],
    placeBooks: async () => look().books,
    entries: async ({ stream }) => (shelf.entries ?? []).filter((one) => one.stream === stream),
    listen: () => () => {},
    async logs() {
      if (shelf.logs instanceof Error) throw shelf.logs;
      return shelf.logs;
    },
  };
}

export interface World {
  readonly inbox: Inbox;
  readonly calls: DoorCall[];
  readonly script: DoorScript;
  readonly shelf: Shelf;
  readonly logged: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[];
  /** Somebody (Ben unless said otherwise) acts once. */
  say(input: Input | string, over?: Partial<Incoming>): Promise<Reply>;
}

export function world(parts: Partial<Parameters<typeof createInbox>[0]> = {}, known = catalog): World {
  const shelf: Shelf = { deployments: [deployment()], targets: [], books: [] };
  const { door, calls, script } = fakeDoor(known, deployment({ state: 'requested' }));
  const logged: World['logged'] = [];
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    logged.push({ level, fields, message });
  };
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const clock = { now: () => Date.parse(NOW), at: () => () => {} };
  const inbox = createInbox({ door, reading: readingOf(shelf, known), clock, log, ...parts });
  let keys = 0;
  const actor: Account = { system: 'console', id: 'ben', name: 'Ben' };
  return {
    inbox,
    calls,
    script,
    shelf,
    logged,
    say(input, over) {
      keys += 1;
      const said: Input = typeof input === 'string' ? { kind: 'text', text: input } : input;
      return inbox.receive({ key: `k${keys}`, place: PLACE, actor, external: false, input: said, ...over });
    },
  };
}

/** What was said privately; fails when it was anything else. */
export function told(reply: Reply): Announcement {
  if (reply.kind !== 'say' || reply.visibility !== 'private')
    throw new Error(`Not a private answer: ${JSON.stringify(reply)}`);
  return reply.announcement;
}

/** The codes of a refusal. */
export function codesOf(reply: Reply): readonly string[] {
  const [first] = told(reply).context;
  return typeof first === 'object' && first.kind === 'code' ? first.text.split(', ') : [];
}

/** All words of an announcement, as somebody would read them. */
export function wordsIn(announcement: Announcement): string {
  return JSON.stringify(announcement);
}

export function runLines(buttons: readonly Button[]): readonly string[] {
  return buttons.filter(({ verb }) => verb === 'run').map(({ value }) => value);
}
