import type { Account } from './person.ts';

/** The part somebody had in a commit. `merger` is whoever merged the pull request that brought it. */
export const ROLES = ['author', 'co-author', 'committer', 'merger'] as const;
export type Role = (typeof ROLES)[number];

/** Somebody's hand in a commit, by the account the source system gives. */
export interface Hand {
  readonly role: Role;
  readonly account: Account;
  /** True for machine accounts (`web-flow`, `dependabot[bot]`): they are nobody's human and are not excluded. */
  readonly bot: boolean;
}

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly url: string;
  /** Plain words for customers, from a release-note section or label of the pull request. */
  readonly releaseNote?: string;
}

export interface Commit {
  readonly sha: string;
  readonly title: string;
  readonly url?: string;
  readonly at: string;
  readonly hands: readonly Hand[];
  readonly pullRequest?: PullRequest;
}

/** What a path stands for, when it deserves a second look. */
export type FileFlag = 'migration' | 'configuration';

export interface ChangedFile {
  readonly path: string;
  readonly flag?: FileFlag;
}

/**
 * The commits (base .. head]: what would change on the target. `complete` is false when the source could not give every commit
 * (too many, or the range is unreadable): then nobody can be cleared of authorship and the policy must refuse.
 */
export interface ChangeSet {
  readonly base?: string;
  readonly head: string;
  readonly commits: readonly Commit[];
  readonly files: readonly ChangedFile[];
  readonly filesTotal: number;
  /** More files changed than the source names. */
  readonly filesUnlisted?: true;
  readonly complete: boolean;
  /** `ahead`: head follows base. `behind`: head is older than base. `diverged`: neither (e.g. a force-push). */
  readonly direction: 'first' | 'same' | 'ahead' | 'behind' | 'diverged';
  readonly url?: string;
}

/** What the source system's checks say of a commit. */
export interface CheckStatus {
  readonly state: 'passed' | 'failed' | 'pending' | 'none' | 'unknown';
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
  /** Names of the failed ones, at most ten. */
  readonly failures: readonly string[];
  readonly url?: string;
}

/** A branch, tag or commit somebody may name, with the commit it stands for now. */
export interface Ref {
  readonly name: string;
  readonly sha: string;
  readonly kind: 'branch' | 'tag' | 'commit';
}

/** Seven characters are what people read aloud; machines get all forty. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
