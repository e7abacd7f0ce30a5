import type { CheckStatus } from '../../../src/domain/change-set.ts';
import { type Judged, lookup, summary, type Verdict } from '../../shared/source/checks.ts';
import { OUR_TAGS } from '../../shared/source/ref-name.ts';
import type { Context } from './context.ts';
import { type CheckRun, CheckRuns, CheckSuites, CombinedStatus } from './schema.ts';

const PAGE = 100;
/** Pages of one list; a commit with more than a thousand checks is judged `unknown`. */
const MOST_PAGES = 10;

/** GitHub's words: https://docs.github.com/rest/checks/runs and /rest/commits/statuses. */
const CONCLUSIONS: Readonly<Record<string, Verdict>> = {
  success: 'passed',
  neutral: 'passed',
  skipped: 'ignored',
  failure: 'failed',
  timed_out: 'failed',
  cancelled: 'failed',
  action_required: 'failed',
  startup_failure: 'failed',
  stale: 'failed',
};
const RUNNING = ['queued', 'in_progress', 'waiting', 'requested', 'pending'];
const STATUSES: Readonly<Record<string, Verdict>> = {
  success: 'passed',
  failure: 'failed',
  error: 'failed',
  pending: 'pending',
};

/** Check runs and commit statuses together, the latest of each name. */
export async function checksOf(context: Context, sha: string): Promise<CheckStatus> {
  const [runs, suites, statuses] = await Promise.all([
    checkRuns(context, sha),
    checkSuites(context, sha),
    combined(context, sha),
  ]);
  // Our own runs are checks of the commit too: a failed deployment must not make the next one look untested.
  const ours = new Set(suites.items.filter((suite) => suite.head_branch?.startsWith(OUR_TAGS)).map(({ id }) => id));
  const others = runs.items.filter((run) => run.check_suite === null || !ours.has(run.check_suite.id));
  const verdicts = new Map<string, Judged>();
  for (const run of latest(others))
    verdicts.set(`run ${run.app?.id ?? ''} ${run.name}`, { name: run.name, verdict: verdictOf(run) });
  for (const { context: name, state } of statuses.items) {
    verdicts.set(`status ${name}`, { name, verdict: lookup(STATUSES, state) });
  }
  const whole = runs.whole && suites.whole && statuses.whole;
  return summary([...verdicts.values()], whole, `${context.github.webUrl}/${context.repository}/commit/${sha}/checks`);
}

/** A check that was repeated counts as it ended last. */
function latest(runs: readonly CheckRun[]): readonly CheckRun[] {
  return runs.toSorted(
    (one, other) => (one.started_at ?? '').localeCompare(other.started_at ?? '') || one.id - other.id,
  );
}

function verdictOf({ status, conclusion }: CheckRun): Verdict {
  if (status === 'completed') return lookup(CONCLUSIONS, conclusion ?? '');
  return RUNNING.includes(status) ? 'pending' : 'unknown';
}

interface Listed<Item> {
  readonly items: readonly Item[];
  readonly whole: boolean;
}

async function pages<Item>(
  ask: (page: number) => Promise<{ total: number; items: readonly Item[] }>,
): Promise<Listed<Item>> {
  const items: Item[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await ask(page);
    items.push(...found.items);
    if (items.length >= found.total || found.items.length === 0) return { items, whole: items.length >= found.total };
  }
  return { items, whole: false };
}

function checkRuns({ github, place, repository }: Context, sha: string): Promise<Listed<CheckRun>> {
  return pages(async (page) => {
    const { total_count: total, check_runs: items } = await github.get({
      what: `the checks of ${repository}`,
      route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
      parameters: { ...place, ref: sha, filter: 'latest', per_page: PAGE, page },
      form: CheckRuns,
      polled: true,
    });
    return { total, items };
  });
}

function checkSuites({ github, place, repository }: Context, sha: string) {
  return pages(async (page) => {
    const { total_count: total, check_suites: items } = await github.get({
      what: `the check suites of ${repository}`,
      route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-suites',
      parameters: { ...place, ref: sha, per_page: PAGE, page },
      form: CheckSuites,
      polled: true,
    });
    return { total, items };
  });
}

function combined({ github, place, repository }: Context, sha: string) {
  return pages(async (page) => {
    const { total_count: total, statuses: items } = await github.get({
      what: `the commit statuses of ${repository}`,
      route: 'GET /repos/{owner}/{repo}/commits/{ref}/status',
      parameters: { ...place, ref: sha, per_page: PAGE, page },
      form: CombinedStatus,
      polled: true,
    });
    return { total, items };
  });
}
