import { type GitLab, projectPath } from '../../shared/gitlab/client.ts';

/** One project, and how to ask about it. */
export interface Context {
  readonly gitlab: GitLab;
  /** `acme/web`, for words. */
  readonly repository: string;
  /** `projects/acme%2Fweb` */
  readonly project: string;
}

export function contextOf(id: string, gitlab: GitLab, repository: string): Context {
  return { gitlab, repository, project: projectPath(id, repository) };
}
