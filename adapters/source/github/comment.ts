import type { Fence } from '../../../src/ports/fence.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import { sendFenced } from '../../shared/github/fenced.ts';
import type { Context } from './context.ts';
import { IssueComments } from './schema.ts';

const PAGE = 100;
/** A pull request with more comments than this gets a new one. */
const MOST_PAGES = 10;

/**
 * Makes the one comment that begins with the marker say these words. Pull requests are issues to this part of the interface:
 * https://docs.github.com/rest/issues/comments
 */
export async function comment(
  context: Context,
  tools: AdapterTools,
  { pull, marker, words }: { readonly pull: number; readonly marker: string; readonly words: string },
  fence?: Fence,
): Promise<void> {
  const { place, repository } = context;
  const what = `a comment on pull request #${pull} of ${repository}`;
  const body = `${marker}\n${words}`;
  const former = await findComment(context, pull, marker);
  if (former?.body === body) return;
  const order =
    former === undefined
      ? ({
          what,
          route: 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
          parameters: { ...place, issue_number: pull, body },
        } as const)
      : ({
          what,
          route: 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
          parameters: { ...place, comment_id: former.id, body },
        } as const);
  await sendFenced({ github: context.github, tools }, order, fence);
}

async function findComment({ github, place, repository }: Context, pull: number, marker: string) {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await github.get({
      what: `the comments on pull request #${pull} of ${repository}`,
      route: 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      parameters: { ...place, issue_number: pull, per_page: PAGE, page },
      form: IssueComments,
    });
    const own = found.find(({ body }) => body?.startsWith(marker) === true);
    if (own !== undefined || found.length < PAGE) return own;
  }
  return undefined;
}
