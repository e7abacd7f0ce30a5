import { orNothing } from '../../shared/http/or-nothing.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { Context } from './context.ts';
import { RepositoryFile } from './schema.ts';

/** The text of a file in a commit; nothing when there is none there. */
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
  if (found === undefined) return undefined;
  return found.encoding === 'base64' ? Buffer.from(found.content, 'base64').toString('utf8') : found.content;
}
