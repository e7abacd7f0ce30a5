import type { CheckStatus } from '../../../src/domain/change-set.ts';
import { type Judged, lookup, summary, type Verdict } from '../../shared/source/checks.ts';
import { OUR_TAGS } from '../../shared/source/ref-name.ts';
import type { Context } from './context.ts';
import { Pipelines, Statuses } from './schema.ts';

/** Pages of a hundred; a commit with more checks than that is judged `unknown`. */
const MOST_PAGES = 10;

/** Words of jobs, pipelines and reported statuses: `Ci::HasStatus::AVAILABLE_STATUSES` of GitLab. */
const WORDS: Readonly<Record<string, Verdict>> = {
  success: 'passed',
  skipped: 'ignored',
  failed: 'failed',
  canceled: 'failed',
  canceling: 'pending',
  created: 'pending',
  waiting_for_resource: 'pending',
  preparing: 'pending',
  waiting_for_callback: 'pending',
  pending: 'pending',
  running: 'pending',
  scheduled: 'pending',
  // What comes after a job that a person must start has not run: GitLab, too, does not take such a pipeline for one that succeeded.
  manual: 'pending',
};

type Status = (typeof Statuses)['_output'][number];

/** Jobs and reported statuses, the latest of each name and ref; and pipelines, where they say more than their jobs. */
export async function checksOf(context: Context, sha: string): Promise<CheckStatus> {
  const { gitlab, project, repository } = context;
  const what = `the checks of ${repository}`;
  const [statuses, pipelines] = await Promise.all([
    gitlab.list(
      { what, path: `${project}/repository/commits/${sha}/statuses`, form: Statuses, polled: true },
      MOST_PAGES,
    ),
    gitlab.list({ what, path: `${project}/pipelines`, query: { sha }, form: Pipelines, polled: true }, MOST_PAGES),
  ]);
  // Our own runs are checks of the commit too: a failed deployment must not make the next one look untested.
  const theirs = statuses.items.filter(({ ref }) => !ref?.startsWith(OUR_TAGS));
  const judged = [...latest(theirs, ({ name, ref }) => `${ref ?? ''} ${name}`).values()].map(judge);
  const newest = latest(
    pipelines.items.filter(({ ref }) => !ref?.startsWith(OUR_TAGS)),
    ({ ref, source }) => `${ref ?? ''} ${source ?? ''}`,
  );
  const wholes = [...newest.values()].map(
    ({ id, status }): Judged => ({ name: `pipeline ${id}`, verdict: lookup(WORDS, status) }),
  );
  const told = new Set(judged.map(({ verdict }) => verdict));
  const more = wholes.filter(({ verdict }) => !told.has(verdict) && (verdict !== 'passed' || judged.length === 0));
  const url = `${gitlab.webUrl}/${repository}/-/commit/${sha}/pipelines`;
  return summary([...judged, ...more], statuses.whole && pipelines.whole, url);
}

/** A job that may fail, or be left for later, says nothing against the commit. */
function judge({ name, status, allow_failure }: Status): Judged {
  const verdict = lookup(WORDS, status);
  const mayDoSo = allow_failure === true && (verdict === 'failed' || status === 'manual');
  return { name, verdict: mayDoSo ? 'ignored' : verdict };
}

function latest<Item extends { readonly id: number }>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, Item> {
  return new Map(items.toSorted((one, other) => one.id - other.id).map((item) => [keyOf(item), item]));
}
