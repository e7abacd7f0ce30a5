import { PortFailure } from '../../../src/ports/failure.ts';
import { textOf } from '../../shared/source/text-of.ts';
import type { Context } from './context.ts';
import { Commit, Content } from './schema.ts';

/** The text of a file in a commit; nothing when there is none there, or it is no text. `id`: of the port, for failures. */
export async function fileAt(
  id: string,
  { github, place, repository }: Context,
  sha: string,
  path: string,
): Promise<string | undefined> {
  const found = await contentAt();
  if (found === undefined || Array.isArray(found) || found.type !== 'file') return undefined;
  if (found.encoding === 'base64') return textOf(Buffer.from(found.content ?? '', 'base64'));
  // There is one, so nobody may be told that there is none.
  const message = `${path} of ${repository} is larger than the megabyte that GitHub gives.`;
  throw new PortFailure(message, { port: id, kind: 'misbehaved', retryable: false, code: 'file-too-large' });

  async function contentAt(): Promise<Content | undefined> {
    try {
      return await github.get({
        what: `${path} of ${repository}`,
        route: 'GET /repos/{owner}/{repo}/contents/{path}',
        parameters: { ...place, path, ref: sha },
        form: Content,
      });
    } catch (error) {
      if (!(error instanceof PortFailure) || error.details.kind !== 'not-found') throw error;
      await commitThere();
      return undefined;
    }
  }

  /** The same answer comes for a commit that is not there or not shown to us: then nobody can tell what is not in it. */
  async function commitThere(): Promise<void> {
    await github.get({
      what: `the commit ${sha} of ${repository}`,
      route: 'GET /repos/{owner}/{repo}/commits/{ref}',
      parameters: { ...place, ref: sha },
      form: Commit,
    });
  }
}
