import type { Run, Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { RunWaits, StartRequest } from '../../../src/ports/pipeline.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, wanted } from './context.ts';
import { Deployments, Job } from './schema.ts';
import { isHeldUp, iso } from './snapshot.ts';

/** The longest comment that says something to people. */
const LONGEST_WORDS = 500;

/** What the pipeline waits for a person for: jobs that somebody must start, and deployments that somebody must approve. */
export function waitsOf(jobs: readonly Job[]): readonly Wait[] {
  return jobs.filter(isHeldUp).map((job) => {
    const since = iso(job.created_at);
    const { web_url: url } = job;
    return {
      id: String(job.id),
      name: job.name,
      // GitLab's interface cannot reject a job that only starts another pipeline.
      answerable: job.downstream_pipeline === undefined,
      ...(since === undefined ? {} : { since }),
      ...(url === null || url === undefined ? {} : { url }),
    };
  });
}

/**
 * Starts the job, or ends it and the pipeline. Where an environment is protected, its deployment is approved or rejected first. A job that
 * waits no more was answered already. Who decided stands in a variable of the job, in the approval and in a comment on the commit.
 */
export const answer = async (
  context: Context,
  ...[run, request, wait, verdict, words, fence]: Parameters<RunWaits['answer']>
): Promise<void> => {
  if ((await statusOf(context, request, wait)) !== 'manual') return;
  const said = clip(words, LONGEST_WORDS);
  const deployment = await blockedBy(context, request, wait);
  if (deployment !== undefined) await decide(context, request, deployment, verdict, said, fence);
  // Where several must approve, ours may not be the last approval: the job then goes on waiting.
  const goes = deployment === undefined || (await blockedBy(context, request, wait)) === undefined;
  if (verdict === 'reject') await end(context, run, request, wait, fence);
  else if (goes) await play(context, request, wait, said, fence);
  await comment(
    context,
    run,
    request,
    `${verdict === 'approve' ? 'Let through' : 'Rejected'}: "${wait.name}". ${said}`,
    fence,
  );
};

async function statusOf(context: Context, request: StartRequest, wait: Wait): Promise<string> {
  const { project } = wanted(context, request);
  const what = `job ${wait.id} of ${request.repository}`;
  return (await context.gitlab.get({ what, path: `${project}/jobs/${wait.id}`, form: Job })).status;
}

/** The deployment of the job that waits for approvals. Editions without approvals have none, or do not know the word. */
async function blockedBy(context: Context, request: StartRequest, wait: Wait): Promise<number | undefined> {
  const { project } = wanted(context, request);
  const question = {
    what: `the deployments of ${request.repository}`,
    path: `${project}/deployments`,
    query: { status: 'blocked', order_by: 'id', sort: 'desc', per_page: 100 },
    form: Deployments,
  };
  try {
    const found = await context.gitlab.get(question);
    return found.find(({ deployable }) => String(deployable?.id) === wait.id)?.id;
  } catch (error) {
    const kinds = ['not-found', 'forbidden', 'refused'];
    if (error instanceof PortFailure && kinds.includes(error.details.kind)) return undefined;
    throw error;
  }
}

/** Source: docs.gitlab.com/ci/environments/deployment_approvals, "Allow self-approval". */
const APPROVERS =
  'The account of the token must be among the approvers of the environment, and whoever starts a pipeline must be allowed to approve its deployments.';

async function decide(
  context: Context,
  request: StartRequest,
  deployment: number,
  verdict: 'approve' | 'reject',
  comment: string,
  fence?: Fence,
): Promise<void> {
  const { project } = wanted(context, request);
  const what = `the approval of deployment ${deployment} of ${request.repository}`;
  const status = verdict === 'approve' ? 'approved' : 'rejected';
  const path = `${project}/deployments/${deployment}/approval`;
  await context.gitlab.send({ what, path, json: { status, comment } }, fence).catch((error: unknown) => {
    if (!(error instanceof PortFailure) || error.details.port !== context.id || error.details.retryable) throw error;
    throw new PortFailure(`${error.message} ${APPROVERS}`, error.details);
  });
}

/** Where nobody may set variables, the job is started without the name: better than not at all, and the comment has it. */
async function play(context: Context, request: StartRequest, wait: Wait, words: string, fence?: Fence): Promise<void> {
  const { project, settings } = wanted(context, request);
  const order = { what: `job "${wait.name}" of ${request.repository}`, path: `${project}/jobs/${wait.id}/play` };
  const named = { job_variables_attributes: [{ key: 'COUNTERSIGN_APPROVED_BY', value: words }] };
  if (!settings.ownVariables) {
    await context.gitlab.send(order, fence);
    return;
  }
  try {
    await context.gitlab.send({ ...order, json: named }, fence);
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.kind !== 'forbidden') throw error;
    await context.gitlab.send(order, fence);
  }
}

async function end(context: Context, run: Run, request: StartRequest, wait: Wait, fence?: Fence): Promise<void> {
  const { project } = wanted(context, request);
  const what = `job "${wait.name}" of ${request.repository}`;
  // A rejected deployment has ended the job already; GitLab takes the wish all the same.
  await context.gitlab.send({ what, path: `${project}/jobs/${wait.id}/cancel` }, fence);
  await context.gitlab.send({ what, path: `${project}/pipelines/${run.id}/cancel` }, fence);
}

/** The answer stands; what only tells of it may fail. */
async function comment(context: Context, run: Run, request: StartRequest, words: string, fence?: Fence): Promise<void> {
  const { project } = wanted(context, request);
  const what = `a comment on commit ${request.sha.slice(0, 7)} of ${request.repository}`;
  const note = redact(`Countersign, ${request.deployment}, pipeline ${run.id}. ${words}`);
  const order = { what, path: `${project}/repository/commits/${request.sha}/comments`, json: { note } };
  await context.gitlab.send(order, fence).catch((error: unknown) => {
    if (!(error instanceof PortFailure)) throw error;
    context.tools.log.warn(
      { provider: context.id, run: run.id, reason: error.message },
      'the answer could not be noted at GitLab',
    );
  });
}
