import type { Ref } from '../../../src/domain/change-set.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import { PLAIN_NAME, SHA_LIKE } from '../../shared/source/ref-name.ts';
import type { Context } from './context.ts';
import { Commit, GitRef, GitTag } from './schema.ts';

/** A name that stands for two different commits stands for none: guessing would deploy the wrong one. */
export async function resolveRef(context: Context, ref: string): Promise<Ref | undefined> {
  if (!PLAIN_NAME.test(ref)) return undefined;
  const [branch, tag, commit] = await Promise.all([
    named(context, `heads/${ref}`),
    named(context, `tags/${ref}`),
    SHA_LIKE.test(ref) ? commitSha(context, ref) : undefined,
  ]);
  const found: Ref[] = [];
  if (branch !== undefined) found.push({ name: ref, sha: branch, kind: 'branch' });
  if (tag !== undefined) found.push({ name: ref, sha: tag, kind: 'tag' });
  if (commit !== undefined) found.push({ name: ref, sha: commit, kind: 'commit' });
  return new Set(found.map(({ sha }) => sha)).size === 1 ? found[0] : undefined;
}

async function named({ github, place, repository }: Context, ref: string): Promise<string | undefined> {
  const what = `${ref} in ${repository}`;
  const found = await orNothing(
    github.get({ what, route: 'GET /repos/{owner}/{repo}/git/ref/{ref}', parameters: { ...place, ref }, form: GitRef }),
  );
  if (found?.object.type !== 'tag') return found?.object.sha;
  const inner = await github.get({
    what,
    route: 'GET /repos/{owner}/{repo}/git/tags/{tag_sha}',
    parameters: { ...place, tag_sha: found.object.sha },
    form: GitTag,
  });
  return inner.object.type === 'commit' ? inner.object.sha : undefined;
}

/** GitHub answers 422 both to an unknown and to an ambiguous abbreviation. A branch of that name answers here too: not counted. */
async function commitSha({ github, place, repository }: Context, ref: string): Promise<string | undefined> {
  const found = await orNothing(
    github.get({
      what: `commit ${ref} of ${repository}`,
      route: 'GET /repos/{owner}/{repo}/commits/{ref}',
      parameters: { ...place, ref },
      form: Commit,
    }),
  );
  return found?.sha.startsWith(ref.toLowerCase()) ? found.sha : undefined;
}

async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const known = error instanceof PortFailure && (error.details.kind === 'not-found' || error.details.code === '422');
    if (known) return undefined;
    throw error;
  }
}
