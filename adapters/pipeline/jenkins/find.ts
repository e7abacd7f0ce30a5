import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { type Context, isOurs, remember, runOf, wanted } from './context.ts';
import { AllBuilds, Builds, QueueItem, QueueItems } from './schema.ts';

const PARAMETERS = 'actions[parameters[name,value]]';
const LISTED = `number,queueId,${PARAMETERS}`;
const NEWEST = 100;
const MOST = 1000;

/** Where a run is at the moment. */
export type Place =
  | { readonly kind: 'queued'; readonly item: QueueItem }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'build'; readonly number: number };

/**
 * The run that a start with this request made: in the queue, or else among the newest builds. In this order, because a build is there
 * before its item leaves the queue. Of several builds with our id the first is ours; the others are repetitions by hand.
 */
export async function findRun(context: Context, request: StartRequest): Promise<Run | undefined> {
  const mine = wanted(request);
  const { items } = await context.jenkins.get({
    what: 'its queue',
    path: 'queue/api/json',
    query: { tree: `items[id,${PARAMETERS}]` },
    form: QueueItems,
  });
  const item = items.find(({ actions }) => isOurs(actions, mine, request));
  if (item !== undefined) return runOf(context, request, item.id);
  const { builds } = await context.jenkins.get({
    what: mine.what,
    path: `${mine.job}/api/json`,
    query: { tree: `builds[${LISTED}]{0,${NEWEST}}` },
    form: Builds,
  });
  const build = builds.findLast(({ actions }) => isOurs(actions, mine, request));
  return build?.queueId === undefined ? undefined : runOf(context, request, build.queueId, build.number);
}

/**
 * Where a run is. Jenkins forgets queue items five minutes after they have left the queue, and a restarted program has forgotten the
 * numbers of builds; then the build is looked for among the builds. Throws a PortFailure `not-found`.
 */
export async function placeOf(context: Context, run: Run, request: StartRequest): Promise<Place> {
  const known = context.numbers.get(run.id);
  if (known !== undefined) return { kind: 'build', number: known };
  const item = await itemOf(context, run, request);
  if (item !== undefined && item.executable == null) {
    return item.cancelled === true ? { kind: 'cancelled' } : { kind: 'queued', item };
  }
  const number = item?.executable?.number ?? (await numberOf(context, run, request));
  if (number === undefined) {
    const message = `Jenkins no longer knows the run ${run.id} of ${wanted(request).what}.`;
    throw new PortFailure(message, { port: context.id, kind: 'not-found', retryable: false, code: 'lost' });
  }
  remember(context.numbers, run.id, number);
  return { kind: 'build', number };
}

/** An item without our id is none of ours: a Jenkins that was set up anew counts from the beginning again. */
async function itemOf(context: Context, run: Run, request: StartRequest): Promise<QueueItem | undefined> {
  const tree = `id,blocked,buildable,stuck,why,cancelled,executable[number],${PARAMETERS}`;
  const item = await orNothing(
    context.jenkins.get({
      what: `item ${run.id} of its queue`,
      path: `queue/item/${encodeURIComponent(run.id)}/api/json`,
      query: { tree },
      form: QueueItem,
    }),
  );
  return item !== undefined && isOurs(item.actions, wanted(request), request) ? item : undefined;
}

/** First among the newest builds; the list of all makes Jenkins read them from its disk. */
async function numberOf({ jenkins }: Context, run: Run, request: StartRequest): Promise<number | undefined> {
  const mine = wanted(request);
  const asked = { what: mine.what, path: `${mine.job}/api/json` };
  const fits = (one: { queueId?: number | undefined; actions: QueueItem['actions'] }) =>
    String(one.queueId) === run.id && isOurs(one.actions, mine, request);
  const newest = { tree: `builds[${LISTED}]{0,${NEWEST}}` };
  const { builds } = await jenkins.get({ ...asked, query: newest, form: Builds });
  const found = builds.find(fits)?.number;
  if (found !== undefined || builds.length < NEWEST) return found;
  const older = { tree: `allBuilds[${LISTED}]{${NEWEST},${MOST}}` };
  const { allBuilds } = await jenkins.get({ ...asked, query: older, form: AllBuilds });
  return allBuilds.find(fits)?.number;
}
