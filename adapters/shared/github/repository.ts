import { PortFailure } from '../../../src/ports/failure.ts';

/** `acme/web` as GitHub's addresses want it. Throws a PortFailure for anything else. */
export function ownerAndName(port: string, repository: string): { readonly owner: string; readonly repo: string } {
  const [, owner, repo] = /^([\w.-]+)\/([\w.-]+)$/.exec(repository) ?? [];
  if (owner !== undefined && repo !== undefined) return { owner, repo };
  const message = `"${repository}" is not a repository on GitHub. Write it as owner/name, for example acme/web.`;
  throw new PortFailure(message, { port, kind: 'not-found', retryable: false, code: 'repository-name' });
}
