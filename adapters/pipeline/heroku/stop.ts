import { z } from 'zod';
import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { unless } from '../../shared/http/unless.ts';
import { below, type Context, partsOf, settingsOf } from './context.ts';
import { buildOf, releaseOf } from './reading.ts';
import { Dyno } from './schema.ts';

/** How Heroku's own `builds:cancel` does it: https://github.com/heroku/heroku-builds/blob/main/src/commands/builds/cancel.ts */
const CANCELLING = 'application/vnd.heroku+json; version=3.cancel-build';

/** Cancels a build that goes on, or stops the dyno of a release command. What has ended is left as it ended. */
export async function stop(context: Context, run: Run, request: StartRequest): Promise<void> {
  const { app } = settingsOf(request);
  const { kind, id } = partsOf(run);
  if (kind === 'release') return stopRelease(context, app, id, run);
  const build = await buildOf(context, app, id);
  if (build.status === 'pending') return cancel(context, app, id, run);
  if (build.status === 'succeeded' && build.release) return stopRelease(context, app, build.release.id, run);
}

async function cancel(context: Context, app: string, id: string, run: Run): Promise<void> {
  const headers = { accept: CANCELLING };
  const order = { what: `build ${id} of ${app}`, path: below(app, 'builds', id), method: 'DELETE', headers } as const;
  context.stopped.add(run.id);
  try {
    await context.heroku.send(order);
  } catch (error) {
    if (error instanceof PortFailure && error.details.inDoubt === true) throw error;
    context.stopped.delete(run.id);
    // It may have ended in between.
    if ((await buildOf(context, app, id)).status === 'pending') throw error;
  }
}

/** A release command runs in a dyno of its own; other releases are there at once. */
async function stopRelease(context: Context, app: string, id: string, run: Run): Promise<void> {
  if ((await releaseOf(context, app, id)).status !== 'pending') return;
  const dynos = await context.heroku.get({
    what: `the dynos of ${app}`,
    path: below(app, 'dynos'),
    form: z.array(Dyno),
  });
  const dyno = dynos.find(({ type, release }) => type === 'release' && release?.id === id);
  if (dyno === undefined) {
    const message = `Heroku shows no dyno that works on the release of ${app}, so there is nothing to stop yet. Try again.`;
    throw new PortFailure(message, { port: context.id, kind: 'refused', retryable: true, code: 'no-dyno' });
  }
  context.stopped.add(run.id);
  const path = below(app, 'dynos', dyno.id, 'actions', 'stop');
  await unless(['404'], () => context.heroku.send({ what: `the release dyno of ${app}`, path }));
}
