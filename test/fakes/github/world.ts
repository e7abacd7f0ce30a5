import { createHash } from 'node:crypto';

/** Somebody as git and GitHub know them. Without `login`, GitHub knows no user for the address. */
export interface FakePerson {
  readonly name: string;
  readonly email: string;
  readonly login?: string;
  readonly bot?: boolean;
}

export interface FakeCommit {
  readonly sha: string;
  readonly message: string;
  readonly author: FakePerson;
  readonly committer: FakePerson;
  readonly coAuthors: readonly FakePerson[];
  readonly parents: readonly string[];
  readonly at: string;
  readonly files: readonly string[];
}

export interface FakePull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly author: FakePerson;
  /** SHAs of the pull request's own commits. */
  readonly commits: readonly string[];
  /** SHAs that stand for it in the history: its own, or what a squash or rebase made of them. */
  readonly landed: readonly string[];
  readonly mergeCommit?: string;
  readonly mergedBy?: FakePerson;
}

export interface FakeCheck {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly suite?: number;
}

export interface FakeStep {
  readonly name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  startedAt?: string;
  completedAt?: string;
}

export interface FakeJob {
  readonly id: number;
  readonly name: string;
  status: string;
  conclusion: string | null;
  startedAt?: string;
  completedAt?: string;
  readonly steps: FakeStep[];
  log: string;
}

export interface FakeArtifact {
  readonly id: number;
  readonly name: string;
  /** Null before upload-artifact v4. */
  readonly digest: string | null;
}

/** An environment whose protection rules hold a job up. */
export interface FakePending {
  readonly id: number;
  readonly name: string;
  /** In minutes; 0 for none. */
  readonly timer: number;
  /** Logins of the required reviewers. */
  readonly reviewers: readonly string[];
}

export interface FakeReview {
  readonly environment: string;
  readonly state: string;
  readonly comment: string;
}

export interface FakeRun {
  readonly id: number;
  readonly workflow: string;
  readonly branch: string;
  readonly sha: string;
  readonly title: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** What set it off; `workflow_dispatch` when absent. */
  readonly event?: string;
  /** Who started it, if not the token's owner. */
  readonly actor?: FakePerson;
  status: string;
  conclusion: string | null;
  readonly createdAt: string;
  updatedAt: string;
  readonly jobs: FakeJob[];
  readonly artifacts: FakeArtifact[];
  /** Protected environments that jobs wait for, and what people said. */
  readonly pending: FakePending[];
  readonly reviews: FakeReview[];
  /** How often it was listed for, and asked about. */
  listings: number;
  looks: number;
  lost: boolean;
}

export interface FakeDeployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly payload: unknown;
  readonly description: string;
  readonly statuses: {
    readonly id: number;
    readonly state: string;
    readonly description: string;
    readonly url: string;
  }[];
}

export interface FakeRepository {
  readonly name: string;
  readonly commits: Map<string, FakeCommit>;
  readonly branches: Map<string, string>;
  readonly tags: Map<string, { readonly sha: string; readonly annotated: boolean }>;
  readonly pulls: FakePull[];
  readonly checks: Map<string, FakeCheck[]>;
  readonly statuses: Map<string, { readonly context: string; readonly state: string }[]>;
  /** Declared inputs by workflow file. */
  readonly workflows: Map<string, readonly string[]>;
  readonly runs: FakeRun[];
  readonly deployments: FakeDeployment[];
  readonly comments: FakeComment[];
}

/** What was said on a pull request. */
export interface FakeComment {
  readonly id: number;
  readonly pull: number;
  body: string;
}

export const BEN: FakePerson = { name: 'Ben Okafor', email: 'ben@example.com', login: 'ben' };
export const ANNA: FakePerson = { name: 'Anna Lind', email: 'anna@example.com', login: 'anna' };
export const WEB_FLOW: FakePerson = { name: 'GitHub', email: 'noreply@github.com', login: 'web-flow' };

export interface CommitWish {
  readonly message?: string;
  readonly author?: FakePerson;
  readonly committer?: FakePerson;
  readonly coAuthors?: readonly FakePerson[];
  readonly parents?: readonly string[];
  readonly files?: readonly string[];
  /** Branch that moves to the commit; `main` unless said otherwise, false for none. */
  readonly branch?: string | false;
}

/** All that the fake remembers; a clock of its own steps a minute with each commit, so that order is certain. */
export interface World {
  readonly repositories: Map<string, FakeRepository>;
  readonly teams: Map<string, readonly FakePerson[]>;
  readonly nextId: () => number;
}

export function createWorld(): World {
  let last = 1000;
  return {
    repositories: new Map(),
    teams: new Map(),
    nextId: () => {
      last += 1;
      return last;
    },
  };
}

export function addRepository(world: World, name: string): FakeRepository {
  const repository: FakeRepository = {
    name,
    commits: new Map(),
    branches: new Map(),
    tags: new Map(),
    pulls: [],
    checks: new Map(),
    statuses: new Map(),
    workflows: new Map([['deploy.yml', ['countersign_id']]]),
    runs: [],
    deployments: [],
    comments: [],
  };
  world.repositories.set(name, repository);
  return repository;
}

export function addCommit(repository: FakeRepository, wish: CommitWish = {}): string {
  const count = repository.commits.size;
  const { message = `Change ${count + 1}`, author = BEN, coAuthors = [], branch = 'main' } = wish;
  const tip = branch === false ? undefined : (repository.branches.get(branch) ?? repository.branches.get('main'));
  const parents = wish.parents ?? (tip === undefined ? [] : [tip]);
  const sha = createHash('sha1').update(`${repository.name} ${count} ${message} ${parents.join()}`).digest('hex');
  const at = new Date(Date.UTC(2026, 8, 1, 8, count)).toISOString();
  const files = wish.files ?? ['src/app.ts'];
  repository.commits.set(sha, {
    sha,
    message,
    author,
    committer: wish.committer ?? author,
    coAuthors,
    parents,
    at,
    files,
  });
  if (branch !== false) repository.branches.set(branch, sha);
  return sha;
}

export function addPull(repository: FakeRepository, pull: Partial<FakePull> & Pick<FakePull, 'landed'>): FakePull {
  const number = pull.number ?? repository.pulls.length + 1;
  const added: FakePull = {
    number,
    title: `Pull request ${number}`,
    body: '',
    labels: [],
    author: BEN,
    commits: pull.landed,
    ...pull,
  };
  repository.pulls.push(added);
  return added;
}

/** Everything reachable from a commit, itself included. */
export function ancestors(repository: FakeRepository, sha: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [sha];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(repository.commits.get(next)?.parents ?? []));
  }
  return seen;
}

/** Commits reachable from `head` and not from `base`, oldest first. */
export function between(repository: FakeRepository, base: string, head: string): readonly FakeCommit[] {
  const known = ancestors(repository, base);
  const reach = ancestors(repository, head);
  // The map keeps the order of making, in which parents come first.
  return [...repository.commits.values()].filter(({ sha }) => reach.has(sha) && !known.has(sha));
}

/** The commit behind a branch, tag, or whole or abbreviated SHA. */
export function commitOf(repository: FakeRepository, ref: string): FakeCommit | undefined {
  const sha = repository.branches.get(ref) ?? repository.tags.get(ref)?.sha;
  if (sha !== undefined) return repository.commits.get(sha);
  const fitting = /^[0-9a-f]{4,40}$/i.test(ref)
    ? [...repository.commits.keys()].filter((one) => one.startsWith(ref.toLowerCase()))
    : [];
  return fitting.length === 1 ? repository.commits.get(fitting[0] ?? '') : undefined;
}
