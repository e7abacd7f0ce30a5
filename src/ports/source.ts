import type { ChangeSet, CheckStatus, Ref } from '../domain/change-set.ts';
import type { Account } from '../domain/person.ts';
import type { Fence } from './fence.ts';

/** Where the code is kept. `repository` is named as the source names it. Every member may throw a PortFailure. */
export interface SourceHost {
  /** Key under `sources` of the configuration. */
  readonly id: string;
  /** The commit that a branch, tag or (abbreviated) SHA stands for now; nothing when there is none, or more than one. */
  resolve(repository: string, ref: string): Promise<Ref | undefined>;
  /**
   * The commits (base .. head] with everybody's hand in them. Without `base` (first deployment): the newest commits up to
   * a hundred, `direction: 'first'`. Commits that cannot all be read give `complete: false`, never a shorter list called whole.
   */
  changes(repository: string, base: string | undefined, head: string): Promise<ChangeSet>;
  checks(repository: string, sha: string): Promise<CheckStatus>;
  /** Branches and tags whose name contains `text`, newest first, at most `limit`. */
  refs(repository: string, text: string, limit: number): Promise<readonly Ref[]>;
}

/** Ability: the source keeps teams of people. */
export interface SourceTeams {
  team(id: string): Promise<readonly Account[]>;
}

/** Ability: the source gives a file as it was at a commit. */
export interface SourceFiles {
  /** Its text; nothing when there is no such file (or it is no text) in that commit. Throws a PortFailure when it cannot be read. */
  file(repository: string, sha: string, path: string): Promise<string | undefined>;
}

/** Ability: the source has its own form of CODEOWNERS files; without it they are read as GitHub reads them. */
export interface SourceOwners {
  readonly codeOwners: 'gitlab';
  /** Whoever stands behind `@name` of such a file, named without the sign. Throws a PortFailure when nobody can tell. */
  owner(name: string): Promise<readonly Account[]>;
}

/** Ability: something can be said on a pull request. */
export interface SourceComments {
  /**
   * Makes the one comment that begins with `marker` say these words (Markdown), and makes one where there is none. Safe to repeat.
   * @param pull number of the pull request, as change sets have it
   */
  comment(repository: string, pull: number, marker: string, words: string, fence?: Fence): Promise<void>;
}

export type Source = SourceHost &
  Partial<SourceTeams> &
  Partial<SourceFiles> &
  Partial<SourceOwners> &
  Partial<SourceComments>;
