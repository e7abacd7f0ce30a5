import { type Run, runEnded, type Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { RunWaits, StartRequest } from '../../../src/ports/pipeline.ts';
import { sendFenced } from '../../shared/github/fenced.ts';
import { type Context, wanted } from './context.ts';
import { type Job, type PendingDeployment, PendingDeployments, runState, type WorkflowRun } from './schema.ts';

/** The longest comment that says something to people. */
const LONGEST_WORDS = 500;

/**
 * The protected environments that the run waits for; asks nothing of GitHub while nothing waits.
 * https://docs.github.com/rest/actions/workflow-runs#get-pending-deployments-for-a-workflow-run
 */
export async function waitsOf(
  context: Context,
  request: StartRequest,
  run: WorkflowRun,
  jobs: readonly Job[],
): Promise<readonly Wait[]> {
  const held = jobs.filter(({ status }) => status === 'waiting');
  if (runEnded(runState(run.status, run.conclusion)) || (run.status !== 'waiting' && held.length === 0)) return [];
  const pending = await pendingOf(context, { provider: context.id, id: String(run.id) }, request).catch(noneTold);
  // A later job may wait for the same environment again, which is another question.
  const newest = Math.max(0, ...held.map(({ id }) => id));
  return pending.map((one) => waitOf(one, newest, run.html_url));
}

/**
 * Approves or rejects the environment, with the words as the comment of the review. What waits no more was answered already. GitHub
 * takes reviews of its users alone: the token must be of one whom the environment names as a reviewer.
 */
export const answer = async (
  context: Context,
  ...[run, request, wait, verdict, words, fence]: Parameters<RunWaits['answer']>
): Promise<void> => {
  const environment = Number(wait.id.split('-')[0]);
  const pending = await pendingOf(context, run, request);
  if (!pending.some((one) => one.environment.id === environment)) return;
  const order = {
    what: `the review of "${wait.name}" for run ${run.id} of ${request.repository}`,
    route: 'POST /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
    parameters: {
      ...wanted(context, request).place,
      run_id: run.id,
      environment_ids: [environment],
      state: verdict === 'approve' ? 'approved' : 'rejected',
      comment: clip(words, LONGEST_WORDS),
    },
  } as const;
  await sendFenced(context, order, fence);
};

function pendingOf(context: Context, run: Run, request: StartRequest): Promise<readonly PendingDeployment[]> {
  return context.github.get({
    what: `the protected environments of run ${run.id} of ${request.repository}`,
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
    parameters: { ...wanted(context, request).place, run_id: run.id },
    form: PendingDeployments,
    polled: true,
  });
}

/** Who may not read what is waited for can still follow the run itself. */
function noneTold(error: unknown): readonly PendingDeployment[] {
  if (error instanceof PortFailure && ['not-found', 'forbidden'].includes(error.details.kind)) return [];
  throw error;
}

/** A wait timer (in minutes) runs out by itself: nobody can answer it. */
function waitOf(pending: PendingDeployment, newestJob: number, url: string): Wait {
  const { environment, wait_timer: minutes, wait_timer_started_at: since, reviewers } = pending;
  const timed = reviewers.length === 0 && minutes > 0;
  const begun = Date.parse(since ?? '');
  return {
    id: newestJob === 0 ? String(environment.id) : `${environment.id}-${newestJob}`,
    name: timed ? `${environment.name} (a timer of ${minutes} min)` : environment.name,
    answerable: pending.current_user_can_approve && !timed,
    ...(Number.isNaN(begun) ? {} : { since: new Date(begun).toISOString() }),
    url,
  };
}
