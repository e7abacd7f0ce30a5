import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import { bounded } from '../../shared/http/bounded.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { Context } from './context.ts';
import { Job, Pipeline, Workflow } from './schema.ts';

/** Pages of workflows, and of jobs of one workflow; what lies beyond is not shown, while the workflow's own state still counts. */
const MOST_PAGES = 5;
const AT_ONCE = 4;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A workflow as it stands, with its jobs. */
export interface Part {
  readonly workflow: Workflow;
  readonly jobs: readonly Job[];
}

/** Throws a PortFailure `not-found` for what CircleCI does not know. */
export function pipelineOf({ id, circleci }: Context, run: Run): Promise<Pipeline> {
  if (!UUID.test(run.id)) {
    const message = `CircleCI has no pipeline ${run.id}: its ids look otherwise.`;
    throw new PortFailure(message, { port: id, kind: 'not-found', retryable: false });
  }
  const path = pathOf('pipeline', run.id);
  return circleci.get({ what: `pipeline ${run.id}`, path, form: Pipeline, polled: true });
}

/** The newest workflow of each name: one that was started again stands beside the one before. */
export async function workflowsOf({ circleci }: Context, run: Run): Promise<readonly Workflow[]> {
  const question = { what: `the workflows of pipeline ${run.id}`, path: pathOf('pipeline', run.id, 'workflow') };
  const all = await circleci.list({ ...question, item: Workflow }, MOST_PAGES);
  const oldestFirst = all.toSorted((one, other) => Date.parse(one.created_at) - Date.parse(other.created_at));
  return [...new Map(oldestFirst.map((workflow) => [workflow.name, workflow])).values()];
}

export function jobsOf({ circleci }: Context, workflow: string): Promise<readonly Job[]> {
  const question = { what: `the jobs of workflow ${workflow}`, path: pathOf('workflow', workflow, 'job') };
  return circleci.list({ ...question, item: Job }, MOST_PAGES);
}

export function partsOf(context: Context, workflows: readonly Workflow[]): Promise<readonly Part[]> {
  return bounded(workflows, AT_ONCE, async (workflow) => ({ workflow, jobs: await jobsOf(context, workflow.id) }));
}
