import type { Snapshot } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { redact } from '../../shared/http/redact.ts';
import type { Wanted } from './context.ts';
import type { Action } from './schema.ts';

/**
 * The commit that a build checked out, as the git plugin tells it in its `BuildData`, one for each repository: also for shared
 * libraries, so only that of the service's own repository counts. Where it was checked out at several commits, the one that was not
 * approved is said, because nobody can tell which of them was deployed.
 */
export function commitOf(
  actions: readonly Action[],
  { settings }: Wanted,
  request: StartRequest,
): Pick<Snapshot, 'sha' | 'warning'> {
  const checkouts = actions.flatMap(({ lastBuiltRevision, remoteUrls = [] }) =>
    lastBuiltRevision == null ? [] : [{ sha: lastBuiltRevision.SHA1, remotes: remoteUrls }],
  );
  const fitting = checkouts.filter(({ remotes }) =>
    remotes.some((remote) =>
      settings.remote === undefined ? isNamed(remote, request.repository) : plain(remote) === plain(settings.remote),
    ),
  );
  const [first] = fitting;
  if (first !== undefined) return { sha: (fitting.find(({ sha }) => sha !== request.sha) ?? first).sha };
  if (checkouts.length === 0) return {};
  const remotes = checkouts.flatMap((one) => one.remotes.map((remote) => redact(plain(remote))));
  const warning = `The build checked out ${remotes.join(', ')}, none of which is known as ${request.repository}. Name its address with remote.`;
  return { warning };
}

/** `acme/web` is the end of `https://github.com/acme/web.git` and of `git@github.com:acme/web`. */
function isNamed(remote: string, repository: string): boolean {
  const [address, name] = [plain(remote), plain(repository)];
  return address === name || address.endsWith(`/${name}`) || address.endsWith(`:${name}`);
}

/** Without what two spellings of one address may differ in, and without a login that stands in it. */
function plain(address: string): string {
  return address
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/:\/\/[^/@]*@/, '://')
    .toLowerCase();
}
