import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, remember, wanted } from './context.ts';
import { placeOf } from './find.ts';
import { Build } from './schema.ts';
import { isPipeline } from './snapshot.ts';

/** Each harder than the one before: https://www.jenkins.io/doc/book/using/aborting-a-build/. Only pipelines know the harder ones. */
const WAYS = ['stop', 'term', 'kill'] as const;
/** So long a build has to end before another wish is meant more seriously, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Takes the run out of the queue, or ends the build. One that has ended is let be. */
export async function stop(context: Context, run: Run, request: StartRequest): Promise<void> {
  const place = await placeOf(context, run, request);
  if (place.kind === 'cancelled') return;
  if (place.kind === 'build') return stopBuild(context, run, request, place.number);
  await context.jenkins
    .send({ what: `item ${run.id} of its queue`, path: 'queue/cancelItem', query: { id: run.id } })
    .catch(unlessGone);
  // It may have left the queue between the two.
  const after = await placeOf(context, run, request).catch(unlessGone);
  if (after?.kind === 'build') await stopBuild(context, run, request, after.number);
}

async function stopBuild(context: Context, run: Run, request: StartRequest, number: number): Promise<void> {
  const { job, what } = wanted(request);
  const build = await context.jenkins.get({
    what: `build ${number} of ${what}`,
    path: `${job}/${number}/api/json`,
    query: { tree: 'number,building,result,timestamp,duration' },
    form: Build,
  });
  if (!build.building) return;
  const now = context.tools.clock.now();
  const before = context.stops.get(run.id);
  const harder = before !== undefined && now - before.at >= PATIENCE_MS && isPipeline(build) ? 1 : 0;
  const how = Math.min((before?.how ?? 0) + harder, WAYS.length - 1);
  await context.jenkins.send({ what: `build ${number} of ${what}`, path: `${job}/${number}/${WAYS[how]}` });
  if (before === undefined || harder > 0) remember(context.stops, run.id, { at: now, how });
}

function unlessGone(error: unknown): undefined {
  if (error instanceof PortFailure && error.details.kind === 'not-found') return undefined;
  throw error;
}
