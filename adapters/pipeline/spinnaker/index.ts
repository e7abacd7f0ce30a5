import { type Run, runEnded, type Snapshot } from '../../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { Context } from './context.ts';
import { logOf } from './failure-words.ts';
import { createGate } from './gate.ts';
import { readWebhook } from './inbound.ts';
import { lookAt } from './look-at.ts';
import { Provider, Settings } from './schema.ts';
import { snapshotOf } from './snapshot.ts';
import { find, start } from './start.ts';
import { answer } from './waits.ts';
import { runState } from './words.ts';

/** Runs a pipeline of Spinnaker through Gate, with the approved commit as a parameter, and as a Git artifact where it is set up so. */
export const spinnaker: PipelineAdapter<Provider, Settings> = {
  type: 'spinnaker',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'Spinnaker',
    starts: '`POST /pipelines/{application}/{name}` of Gate',
    findsBy: '`correlationId` of the trigger, among the runs of the last 14 days',
    commit:
      'a parameter, read from the run: that it was told so; what it resolved or built, where a Git artifact or a CI build tells',
    follows: 'events of Echo, and asking',
    stops: 'cancels the run',
    logs: 'what the stages that failed did and said',
    rollsBack: 'another pipeline with the former commit, where one is named',
    inputs: 'parameters by the same name',
    waits: 'manual judgments, answered with our login; who decided stands in the comments',
    artifacts: 'container images with a digest, where `images` says so',
    login: 'bearer token, user and password, or client certificate; private authority',
    limits: 'what people type may not contain `${`, which Spinnaker would evaluate',
  },
  create,
};

const LOG_LINES = 200;

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  const gate = await createGate(id, provider, tools);
  const context: Context = { id, gate, tools, deck: provider.deckUrl?.replace(/\/+$/, '') };
  const { webhookSecret, webhookHeader: header } = provider;
  const secret = webhookSecret === undefined ? undefined : await tools.secrets.read(webhookSecret);
  return {
    id,
    pace: { firstMs: 5000, mostMs: 60_000 },
    start: (request, fence) => start(context, request, fence),
    find: (request) => find(context, request),
    look: (run, request) => look(context, run, request),
    stop: (run, request) => stop(context, run, request),
    logs: async (run, request) =>
      logOf(await lookAt(context, run, request))
        .split('\n')
        .slice(-LOG_LINES)
        .join('\n'),
    answer: (...all) => answer(context, ...all),
    ...(secret === undefined ? {} : { verify: (headers, body) => readWebhook({ secret, header }, headers, body) }),
  };
}

async function look(context: Context, run: Run, request: StartRequest): Promise<Snapshot> {
  const execution = await lookAt(context, run, request);
  const snapshot = snapshotOf(context, execution, request);
  if (snapshot.state === 'unknown') {
    const { status } = execution;
    context.tools.log.warn({ provider: context.id, run: run.id, status }, 'Spinnaker gives a run an unknown state');
  }
  return snapshot;
}

/** Orca would mark also a run that has ended as cancelled, so it is looked at first. */
async function stop(context: Context, run: Run, request: StartRequest): Promise<void> {
  if (runEnded(runState((await lookAt(context, run, request)).status))) return;
  await context.gate.send({
    method: 'PUT',
    what: `run ${run.id}`,
    path: `pipelines/${pathOf(run.id)}/cancel`,
    query: { reason: `Stopped by Countersign, ${request.deployment}.` },
  });
}
