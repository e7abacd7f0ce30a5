import type { GitHub } from '../../shared/github/client.ts';
import { ownerAndName } from '../../shared/github/repository.ts';

/** One repository, and how to ask about it. */
export interface Context {
  readonly github: GitHub;
  /** `acme/web`, for words. */
  readonly repository: string;
  readonly place: { readonly owner: string; readonly repo: string };
}

export function contextOf(id: string, github: GitHub, repository: string): Context {
  return { github, repository, place: ownerAndName(id, repository) };
}
