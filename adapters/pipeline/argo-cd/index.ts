import type { Run, Snapshot } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { restored } from './automated.ts';
import { type Context, createContext, readApplication, refused, runOf, wanted } from './context.ts';
import { readWebhook } from './inbound.ts';
import { logs } from './logs.ts';
import { currentOperation, isBusy } from './operation.ts';
import { Provider, Settings } from './schema.ts';
import { snapshotOf, superseded } from './snapshot.ts';
import { placeOf } from './sources.ts';
import { findRun, start } from './start.ts';
import { abortAll, answer } from './waits.ts';

/** Syncs an application of Argo CD to the approved commit, and follows it until it is healthy. */
export const argoCd: PipelineAdapter<Provider, Settings> = {
  type: 'argo-cd',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'Argo CD',
    starts: 'a sync of the application',
    findsBy: 'an entry of the operation',
    commit: 'the sync is given the commit; read from its result',
    follows: 'Argo CD Notifications, and asking; done when healthy',
    stops: 'ends the operation, sends paused Rollouts back; what is applied stays',
    logs: 'the hook that failed, or the pods that are degraded',
    rollsBack: "Argo CD's own history, else a sync to the former commit",
    waits: 'paused Rollouts, answered from here',
    artifacts: 'images that the manifests name by digest',
    login: 'token of a project role or an account',
    limits: "the manifests are in the service's repository; no inputs",
  },
  create,
};

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  const context = await createContext(id, provider, tools);
  const secret = provider.webhookSecret === undefined ? undefined : await tools.secrets.read(provider.webhookSecret);
  return {
    id,
    pace: { firstMs: 3000, mostMs: 30_000 },
    start: (request, fence) => start(context, request, fence),
    find: (request) => findRun(context, request),
    look: (run, request) => look(context, run, request),
    stop: (run, request) => stop(context, run, request),
    logs: (_run, request) => logs(context, request),
    tidy: (run, request) => tidy(context, run, request),
    answer: (run, request, wait, verdict, words, fence) => answer(context, run, request, wait, verdict, words, fence),
    ...(secret === undefined ? {} : { verify: (headers, body) => readWebhook(secret, headers, body) }),
  };
}

async function look(context: Context, run: Run, request: StartRequest): Promise<Snapshot> {
  if (run.id !== runOf(context, request).id) throw unknownRun(context, run, request);
  const app = await readApplication(context, request);
  const current = currentOperation(app, request);
  if (current === undefined) throw unknownRun(context, run, request);
  if (current.whose === 'foreign') return superseded(context, current, request);
  const snapshot = snapshotOf(context, app, current, placeOf(context, app, request), request);
  if (snapshot.state === 'unknown')
    context.tools.log.warn(
      { provider: context.id, run: run.id, said: snapshot.warning },
      'Argo CD gives a run an unknown state',
    );
  return snapshot;
}

/** Only our own operation is ended. After its end, Rollouts that are paused go back; whatever else was applied stays. */
async function stop(context: Context, run: Run, request: StartRequest): Promise<void> {
  const { what, path, which } = wanted(request);
  if (!(await isRunning(context, request))) return abortAll(context, run, request);
  try {
    const order = {
      what: `the operation of ${what}`,
      path: `${path}/operation`,
      query: which,
      method: 'DELETE',
    } as const;
    await context.service.send(order);
  } catch (error) {
    if (!(error instanceof PortFailure) || !/no operation is in progress/i.test(error.message)) throw error;
    // Said also of an operation that was not taken up yet, which will begin in a moment.
    if (await isRunning(context, request))
      throw refused(context, 'not-begun', `Argo CD has not begun the operation of ${what} yet.`, { retryable: true });
  }
}

async function isRunning(context: Context, request: StartRequest): Promise<boolean> {
  const app = await readApplication(context, request);
  return isBusy(app) && currentOperation(app, request)?.whose === 'ours';
}

/** Nothing of a sync is left behind; what there is to do is to let the application sync by itself again, where the target wants that. */
async function tidy(context: Context, run: Run, request: StartRequest): Promise<void> {
  if (!wanted(request).settings.restoreAutomatedSync) return;
  const app = await readApplication(context, request);
  const current = currentOperation(app, request);
  if (current?.whose !== 'ours' || run.id !== runOf(context, request).id) return;
  const place = placeOf(context, app, request);
  if (snapshotOf(context, app, current, place, request).state !== 'succeeded') return;
  await restored(context, app, request, place);
}

function unknownRun({ id }: Context, run: Run, request: StartRequest): PortFailure {
  const message = `Argo CD no longer knows the operation ${run.id} of ${wanted(request).what}.`;
  return new PortFailure(message, { port: id, kind: 'not-found', retryable: false, code: 'no-operation' });
}
