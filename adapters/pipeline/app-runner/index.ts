import { type Run, runEnded, type Snapshot } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Pipeline, StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools, PipelineAdapter } from '../../shared/adapter.ts';
import type { AppRunner } from './client.ts';
import { type Context, pageOf, wanted } from './context.ts';
import { type Operation, Provider, Settings, stateOf } from './schema.ts';
import { snapshotOf } from './snapshot.ts';

/** Gives a service of AWS App Runner the image of the approved commit, and follows the operation. */
export const appRunner: PipelineAdapter<Provider, Settings> = {
  type: 'app-runner',
  provider: Provider,
  settings: Settings,
  abilities: {
    title: 'AWS App Runner',
    starts: '`UpdateService` with the image, or `StartDeployment` where it is the present one',
    findsBy:
      'a tag of the service that names our id and the operation before; a deployment by a person in that moment looks alike',
    commit: 'the tag of the image, or the digest that the approval binds; read from the service',
    follows: 'asking for the operation',
    stops: 'cannot: App Runner stops no operation',
    artifacts: 'the digest that the service runs by',
    rollsBack: 'the former image, with the configuration of today',
    login: 'as the AWS SDK finds it: environment, profile, role',
    limits:
      'Container images only: of services that are built from a branch App Runner tells no commit. No inputs, and logs only on its own page. AWS takes no new customers for App Runner since 31 March 2026',
  },
  create,
};

async function create(id: string, provider: Provider, tools: AdapterTools): Promise<Pipeline> {
  // Only who deploys to App Runner pays for loading the SDK.
  const [{ createAppRunner }, { find, start }] = await Promise.all([import('./client.ts'), import('./start.ts')]);
  const regions = new Map<string, AppRunner>();
  const context: Context = {
    id,
    tools,
    in(region) {
      const client = regions.get(region) ?? createAppRunner(id, provider, region, tools.clock);
      regions.set(region, client);
      return client;
    },
  };
  return {
    id,
    pace: { firstMs: 10_000, mostMs: 60_000 },
    start: (request, fence) => start(context, request, fence),
    find: (request) => find(context, request),
    look: (run, request) => look(context, run, request),
    stop: (run, request) => stop(context, run, request),
  };
}

async function look(context: Context, run: Run, request: StartRequest): Promise<Snapshot> {
  const { settings, client } = wanted(context, request);
  const { operation, newest } = await operationOf(context, run, request);
  const service = newest ? await client.service(settings.service) : undefined;
  const image = service?.SourceConfiguration?.ImageRepository?.ImageIdentifier;
  const snapshot = snapshotOf(request, operation, image, pageOf(settings));
  if (snapshot.state === 'unknown') {
    const words = { provider: context.id, run: run.id, status: operation.Status };
    context.tools.log.warn(words, 'App Runner gives an operation an unknown state');
  }
  return snapshot;
}

/** App Runner takes no operation back: https://github.com/aws/apprunner-roadmap/issues/49. Pausing would take the service off the air. */
async function stop(context: Context, run: Run, request: StartRequest): Promise<void> {
  const { operation } = await operationOf(context, run, request);
  if (runEnded(stateOf(operation.Status))) return;
  const message = 'App Runner cannot stop a deployment that has begun. It ends by itself; roll back then.';
  throw new PortFailure(message, { port: context.id, kind: 'refused', retryable: false, code: 'cannot-stop' });
}

async function operationOf(
  context: Context,
  run: Run,
  request: StartRequest,
): Promise<{ readonly operation: Operation; readonly newest: boolean }> {
  const { settings, client } = wanted(context, request);
  const operations = await client.operations(settings.service);
  const at = operations.findIndex(({ Id }) => Id === run.id);
  const operation = operations[at];
  if (operation !== undefined) return { operation, newest: at === 0 };
  const message = `App Runner does not know the operation ${run.id} of ${request.service}.`;
  throw new PortFailure(message, { port: context.id, kind: 'not-found', retryable: false, code: 'no-operation' });
}
