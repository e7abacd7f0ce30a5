import { orNothing } from '../../shared/http/or-nothing.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { textOf } from '../../shared/source/text-of.ts';
import type { Context } from './context.ts';
import { Commit, RepositoryFile } from './schema.ts';

/** The text of a file in a commit; nothing when there is none there, or it is no text. */
export async function fileAt(
  { gitlab, project, repository }: Context,
  sha: string,
  path: string,
): Promise<string | undefined> {
  const found = await orNothing(
    gitlab.get({
      what: `${path} of ${repository}`,
      path: `${project}/repository/files/${pathOf(path)}`,
      query: { ref: sha },
      form: RepositoryFile,
    }),
  );
  if (found !== undefined) return textOf(Buffer.from(found.content, found.encoding === 'base64' ? 'base64' : 'utf8'));
  // The same answer comes for a commit that is not there or not shown to us: then nobody can tell what is not in it.
  await gitlab.get({
    what: `the commit ${sha} of ${repository}`,
    path: `${project}/repository/commits/${pathOf(sha)}`,
    form: Commit,
  });
  return undefined;
}
