import type { Run } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, wanted, wordsFor } from './context.ts';
import { type Job, Jobs } from './schema.ts';

/** Pages of a hundred jobs; what lies beyond is not shown as steps, while the pipeline's own state still counts. */
const MOST_PAGES = 5;

/** Jobs and bridges of a pipeline as they stand, without those that were tried again, in the order in which the pipeline has them. */
export async function jobsOf(context: Context, run: Run, request: StartRequest): Promise<readonly Job[]> {
  const [jobs, bridges] = await Promise.all([
    list(context, run, request, 'jobs'),
    list(context, run, request, 'bridges'),
  ]);
  return [...jobs, ...bridges].toSorted((one, other) => one.id - other.id);
}

async function list(
  context: Context,
  run: Run,
  request: StartRequest,
  kind: 'jobs' | 'bridges',
): Promise<readonly Job[]> {
  const { project } = wanted(context, request);
  const question = {
    what: `the jobs of ${wordsFor(run, request)}`,
    path: `${project}/pipelines/${run.id}/${kind}`,
    form: Jobs,
    polled: true,
  };
  return (await context.gitlab.list(question, MOST_PAGES)).items;
}
