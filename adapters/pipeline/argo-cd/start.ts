import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { quieted, syncsByItself } from './automated.ts';
import { type Context, readApplication, refused, runOf, wanted } from './context.ts';
import { CORRELATION, currentOperation, initiatorOf, isBusy } from './operation.ts';
import { entryFor, rollBack } from './rollback.ts';
import type { Application } from './schema.ts';
import { type Place, placeOf } from './sources.ts';

/** How long an operation of somebody else's is waited for before asking again, in milliseconds. */
const BUSY_MS = 10_000;

/** Starts the sync of the approved commit, or gives the one that was started with this request before. */
export async function start(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  if (Object.keys(request.inputs ?? {}).length > 0) {
    const advice = 'Leave the inputs of this service out, or deploy it by another provider.';
    throw refused(
      context,
      'inputs',
      `Argo CD takes no inputs with a sync, so what was filled in would be lost. ${advice}`,
    );
  }
  const app = await readApplication(context, request);
  if (currentOperation(app, request)?.whose === 'ours') return runOf(context, request);
  if (isBusy(app)) throw busy(context, app, request);
  const place = placeOf(context, app, request);
  try {
    return await begun(context, app, request, place, fence);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    if (!/another operation is already in progress/i.test(error.message)) throw withAdvice(context, error);
    // Perhaps it is ours, begun by whoever else performs this start.
    const now = await readApplication(context, request);
    if (currentOperation(now, request)?.whose === 'ours') return runOf(context, request);
    throw busy(context, now, request);
  }
}

/**
 * The run that a start with this request made. It can be found as long as no other operation took its place: Argo CD keeps the last
 * one only.
 */
export async function findRun(context: Context, request: StartRequest): Promise<Run | undefined> {
  const app = await readApplication(context, request);
  return currentOperation(app, request)?.whose === 'ours' ? runOf(context, request) : undefined;
}

async function begun(
  context: Context,
  app: Application,
  request: StartRequest,
  place: Place,
  fence?: Fence,
): Promise<Run> {
  const { settings } = wanted(request);
  // What tracks the commit itself may go on syncing by itself; only Argo CD's own rollback is refused then.
  const quiet = place.pinned ? app : await quieted(context, app, request, place, fence);
  const goesBack = request.kind === 'rollback' && settings.rollback === 'history' && !syncsByItself(quiet);
  const entry = goesBack ? entryFor(quiet, request) : undefined;
  const back = entry === undefined ? undefined : await rollBack(context, quiet, request, entry, fence);
  return back ?? sync(context, quiet, request, place, fence);
}

/** Argo CD takes a whole commit as it is, without looking up any branch (`resolveRevision` of its server). */
async function sync(
  context: Context,
  app: Application,
  request: StartRequest,
  { positions }: Place,
  fence?: Fence,
): Promise<Run> {
  const { settings, what, path, which } = wanted(request);
  const { application, prune, strategy, syncOptions } = settings;
  const commit =
    positions === undefined
      ? { revision: request.sha }
      : // Counted from 1. The description says text, but the server reads with Go's plain JSON, which takes numbers alone.
        { revisions: positions.map(() => request.sha), sourcePositions: positions.map((position) => position + 1) };
  const { retry } = app.spec.syncPolicy ?? {};
  const json = {
    name: application,
    ...which,
    ...commit,
    // The application's own way to try again, but never with another commit than the approved one.
    ...(retry?.refresh === true ? { retryStrategy: { ...retry, refresh: false } } : {}),
    prune,
    dryRun: false,
    infos: infosOf(request),
    ...(strategy === 'apply' ? { strategy: { apply: {} } } : {}),
    ...(syncOptions === undefined ? {} : { syncOptions: { items: syncOptions } }),
  };
  await context.service.send({ what: `the sync of ${what}`, path: `${path}/sync`, json }, fence);
  return runOf(context, request);
}

/** What people see in Argo CD beside the operation. The first entry is what it is found again by. */
function infosOf({ correlation, deployment, requester, reason, url }: StartRequest) {
  const entries = { [CORRELATION]: correlation, deployment, requester, reason, url };
  return Object.entries(entries).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function busy(context: Context, app: Application, request: StartRequest): PortFailure {
  const { what } = wanted(request);
  const { operation } = app;
  const by = operation === null || operation === undefined ? '' : `, begun by ${initiatorOf(operation)}`;
  const message = `Argo CD is busy with another operation of ${what}${by}. Wait for its end, or end it there.`;
  return refused(context, 'busy', message, { retryable: true, retryAfterMs: BUSY_MS });
}

function withAdvice(context: Context, error: PortFailure): PortFailure {
  if (/sync window/i.test(error.message)) {
    const message = `${error.message} Wait for the sync window of its project, or allow manual syncs in it.`;
    return refused(context, 'sync-window', message);
  }
  return error;
}
