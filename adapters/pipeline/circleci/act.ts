import type { Run, Wait } from '../../../src/domain/run.ts';
import { runEnded } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { Context } from './context.ts';
import { jobsOf, pipelineOf, workflowsOf } from './read.ts';
import { Workflow, workflowState } from './schema.ts';

/**
 * Cancels every workflow that is not over. Throws a PortFailure to be tried again while the pipeline has none yet: CircleCI cancels
 * workflows alone, and what is not there would begin afterwards.
 */
export async function stop(context: Context, run: Run): Promise<void> {
  const pipeline = await pipelineOf(context, run);
  const workflows = await workflowsOf(context, run);
  const preparing = pipeline.state === 'pending' || pipeline.state === 'setup-pending';
  if (preparing && workflows.length === 0) {
    const message = 'CircleCI is still preparing the pipeline, and can only stop what has begun.';
    throw new PortFailure(message, { port: context.id, kind: 'timeout', retryable: true, code: 'not-prepared' });
  }
  for (const { id, status } of workflows) if (!runEnded(workflowState(status))) await cancel(context, id);
}

/**
 * Approves, or cancels the workflow: CircleCI knows no other no. It takes no words with it; its own record names the user of the
 * token, so who decided stands on our card and in our log alone.
 */
export async function answer(
  context: Context,
  wait: Wait,
  verdict: 'approve' | 'reject',
  fence?: Fence,
): Promise<void> {
  const [workflow = '', request = ''] = wait.id.split('/');
  const open = async () =>
    (await jobsOf(context, workflow)).some(
      ({ approval_request_id, status }) => approval_request_id === request && status === 'on_hold',
    );
  if (!(await open())) return;
  if (verdict === 'reject') return cancel(context, workflow, fence);
  const order = { what: `the approval "${wait.name}"`, path: pathOf('workflow', workflow, 'approve', request) };
  await unlessOver(open, () => context.circleci.send(order, fence));
}

async function cancel(context: Context, workflow: string, fence?: Fence): Promise<void> {
  const what = `workflow ${workflow}`;
  const open = async () => {
    const now = await context.circleci.get({ what, path: pathOf('workflow', workflow), form: Workflow });
    return !runEnded(workflowState(now.status));
  };
  await unlessOver(open, () => context.circleci.send({ what, path: pathOf('workflow', workflow, 'cancel') }, fence));
}

/** A refusal counts only when there is still something to be done: somebody else may have been faster. */
async function unlessOver(open: () => Promise<boolean>, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.retryable || (await open())) throw error;
  }
}
