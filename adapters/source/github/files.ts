import { PortFailure } from '../../../src/ports/failure.ts';
import type { Context } from './context.ts';
import { Content } from './schema.ts';

/** The text of a file in a commit; nothing when there is none there. `id`: of the port, for failures. */
export async function fileAt(
  id: string,
  { github, place, repository }: Context,
  sha: string,
  path: string,
): Promise<string | undefined> {
  const found = await contentAt();
  if (found === undefined || Array.isArray(found) || found.type !== 'file') return undefined;
  if (found.encoding === 'base64') return Buffer.from(found.content ?? '', 'base64').toString('utf8');
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
      if (error instanceof PortFailure && error.details.kind === 'not-found') return undefined;
      throw error;
    }
  }
}
