import type { Ref } from '../../../src/domain/change-set.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { PLAIN_NAME, SHA_LIKE } from '../../shared/source/ref-name.ts';
import type { Context } from './context.ts';
import { Commit, RefAnswer } from './schema.ts';

/** A name that stands for two different commits stands for none: guessing would deploy the wrong one. */
export async function resolveRef(context: Context, ref: string): Promise<Ref | undefined> {
  if (!PLAIN_NAME.test(ref)) return undefined;
  const [branch, tag, commit] = await Promise.all([
    named(context, 'branches', ref),
    named(context, 'tags', ref),
    SHA_LIKE.test(ref) ? commitSha(context, ref) : undefined,
  ]);
  const found: Ref[] = [];
  if (branch !== undefined) found.push({ name: ref, sha: branch, kind: 'branch' });
  if (tag !== undefined) found.push({ name: ref, sha: tag, kind: 'tag' });
  if (commit !== undefined) found.push({ name: ref, sha: commit, kind: 'commit' });
  return new Set(found.map(({ sha }) => sha)).size === 1 ? found[0] : undefined;
}

/** Of a tag the commit, whether it is annotated or not. */
async function named(
  { gitlab, project, repository }: Context,
  kind: 'branches' | 'tags',
  ref: string,
): Promise<string | undefined> {
  const path = `${project}/repository/${kind}/${pathOf(ref)}`;
  const found = await orNothing(gitlab.get({ what: `${ref} in ${repository}`, path, form: RefAnswer }));
  // GitLab may find a name in other letters where its file system does.
  return found?.name === ref ? found.commit?.id : undefined;
}

/** An ambiguous abbreviation is unknown. A branch of that name answers here too: not counted. */
async function commitSha({ gitlab, project, repository }: Context, ref: string): Promise<string | undefined> {
  const sha = ref.toLowerCase();
  const path = `${project}/repository/commits/${sha}`;
  const found = await orNothing(gitlab.get({ what: `commit ${ref} of ${repository}`, path, form: Commit }));
  return found?.id.startsWith(sha) ? found.id : undefined;
}
