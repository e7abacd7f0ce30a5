import type { Service, SourceConfiguration } from '@aws-sdk/client-apprunner';
import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, runOf, wanted } from './context.ts';
import { busy } from './failure.ts';
import { wantedImage } from './image.ts';
import type { Operation } from './schema.ts';

/** Tag of the service that says which start was the last, and after which operation: App Runner itself takes no word of ours. */
const MARK = 'countersign-start';
const NOTHING_BEFORE = 'none';
const DEPLOYING = ['UPDATE_SERVICE', 'START_DEPLOYMENT'];

/** Gives the service the image of the approved commit. Says first, in a tag of the service, that it is about to. */
export async function start(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  refuseInputs(context, request);
  const there = await find(context, request);
  if (there !== undefined) return there;
  const { settings, client } = wanted(context, request);
  const service = await client.service(settings.service);
  const source = sourceOf(context, request, service);
  const [before] = await client.operations(settings.service);
  const mark = `${request.correlation} ${before?.Id ?? NOTHING_BEFORE}`;
  await client.setTag(settings.service, MARK, mark, fence).catch((error: unknown) => {
    if (!(error instanceof PortFailure) || error.details.inDoubt !== true) throw error;
    // A tag that was perhaps set is no run that was perhaps started.
    throw new PortFailure(error.message, { ...error.details, inDoubt: false });
  });
  const image = wantedImage(request);
  // An update that changes nothing would start nothing.
  const same = source.ImageRepository?.ImageIdentifier === image;
  const operation = same
    ? await client.deploy(settings.service, fence)
    : await client.update(settings.service, withImage(source, image), fence);
  if (operation !== undefined) return runOf(context, operation, settings);
  return (await find(context, request)) ?? notNamed(context);
}

/** The first deployment after the one that the tag names, while the tag is ours. Whether a person started it meanwhile nobody can tell. */
export async function find(context: Context, request: StartRequest): Promise<Run | undefined> {
  const { settings, client } = wanted(context, request);
  const mark = await client.tag(settings.service, MARK);
  const [correlation, before] = (mark ?? '').split(' ');
  if (correlation !== request.correlation || before === undefined) return undefined;
  const operations = await client.operations(settings.service);
  const found = operations
    .slice(0, endOf(operations, before))
    .findLast(({ Type }) => Type !== undefined && DEPLOYING.includes(Type));
  return found === undefined ? undefined : runOf(context, found.Id, settings);
}

/** Operations come newest first; those before this index are newer than the one named. */
function endOf(operations: readonly Operation[], before: string): number {
  const at = operations.findIndex(({ Id }) => Id === before);
  return at === -1 && before === NOTHING_BEFORE ? operations.length : Math.max(0, at);
}

/** The source of the service as it is. Throws a PortFailure where an approved image cannot be given to it. */
function sourceOf(context: Context, request: StartRequest, service: Service): SourceConfiguration {
  const { settings } = wanted(context, request);
  const source = service.SourceConfiguration;
  const name = service.ServiceName ?? settings.service;
  const refuse = (code: string, message: string) =>
    new PortFailure(message, { port: context.id, kind: 'refused', retryable: false, code });
  if (source?.ImageRepository === undefined) {
    const message = `${name} is built from a branch, and App Runner takes no commit for that. Let it run a container image instead.`;
    throw refuse('code-service', message);
  }
  if (source.AutoDeploymentsEnabled === true && settings.automaticDeployments === 'refuse') {
    const message = `${name} also deploys by itself whenever its tag moves, which nobody approves. Switch automatic deployments off, or set automaticDeployments to leave.`;
    throw refuse('automatic-deployments', message);
  }
  if (service.Status === 'OPERATION_IN_PROGRESS') throw busy(context.id);
  if (service.Status !== 'RUNNING' && service.Status !== 'CREATE_FAILED') {
    throw refuse(
      'not-running',
      `${name} is ${service.Status ?? 'in no known state'}, so nothing can be deployed to it. Resume it first.`,
    );
  }
  return source;
}

/** Everything else stays as it is: the port, the variables and the role of the service. */
function withImage(source: SourceConfiguration, image: string): SourceConfiguration {
  const { ImageRepository } = source;
  return ImageRepository === undefined
    ? source
    : { ...source, ImageRepository: { ...ImageRepository, ImageIdentifier: image } };
}

function refuseInputs({ id }: Context, { inputs, service }: StartRequest): void {
  if (Object.keys(inputs ?? {}).length === 0) return;
  const message = `App Runner takes no inputs with a deployment, so ${service} cannot have any. Take them out of the service, or keep them as variables in App Runner.`;
  throw new PortFailure(message, { port: id, kind: 'refused', retryable: false, code: 'no-inputs' });
}

/** Seen with real services: https://github.com/aws/apprunner-roadmap/issues/139 */
function notNamed({ id }: Context): never {
  const message = 'App Runner took the deployment, but does not show the operation yet.';
  throw new PortFailure(message, { port: id, kind: 'timeout', retryable: true, inDoubt: true, code: 'not-listed' });
}
