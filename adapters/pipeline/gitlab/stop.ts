import type { Run } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, wanted, wordsFor } from './context.ts';
import { jobsOf } from './jobs.ts';
import { Pipeline } from './schema.ts';
import { isHeldUp } from './snapshot.ts';
import { runState } from './words.ts';

/**
 * Cancels the pipeline. GitLab takes the wish for an ended one and does nothing; it also does nothing for one where every open job waits
 * for a person, so those jobs are cancelled one by one.
 */
export async function stop(context: Context, run: Run, request: StartRequest): Promise<void> {
  const { project } = wanted(context, request);
  const what = wordsFor(run, request);
  const answer = await context.gitlab.send({ what, path: `${project}/pipelines/${run.id}/cancel` });
  const { status } = context.gitlab.read({ what }, answer, Pipeline);
  if (runState(status) !== 'waiting') return;
  const waiting = (await jobsOf(context, run, request)).filter(
    (job) => isHeldUp(job) && job.downstream_pipeline === undefined,
  );
  await Promise.all(waiting.map(({ id }) => context.gitlab.send({ what, path: `${project}/jobs/${id}/cancel` })));
}
