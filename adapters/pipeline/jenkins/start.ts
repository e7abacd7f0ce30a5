import { artifactLines } from '../../../src/domain/artifact.ts';
import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, refused, runOf, type Wanted, wanted } from './context.ts';
import { findRun } from './find.ts';
import { Job } from './schema.ts';

type Fields = Readonly<Record<string, string>>;
type Definition = NonNullable<NonNullable<Job['property'][number]>['parameterDefinitions']>[number];

/**
 * Starts the job, unless a run of this request is there. Jenkins passes silently over parameters that a job does not declare, so
 * they are looked at first: a run without the commit or our id must not be.
 */
export async function start(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  const found = await findRun(context, request);
  if (found !== undefined) return found;
  const mine = wanted(request);
  const job = await context.jenkins.get({
    what: mine.what,
    path: `${mine.job}/api/json`,
    query: { tree: 'buildable,property[parameterDefinitions[name,type,choices]]' },
    form: Job,
  });
  if (job.buildable === false) {
    throw refused(context, 'disabled', `Jenkins does not run ${mine.what}: it is disabled. Enable it, then try again.`);
  }
  const fields = declared(context, mine, job, request);
  const { headers } = await context.jenkins.send(
    { what: mine.what, path: `${mine.job}/buildWithParameters`, query: { delay: '0sec' }, fields },
    fence,
  );
  // https://www.jenkins.io/doc/book/using/remote-access-api/: the queue item stands in `Location`.
  const [, item] = /\/queue\/item\/(\d+)/.exec(String(headers['location'])) ?? [];
  if (item !== undefined) return runOf(context, request, Number(item));
  const message = `Jenkins took the start of ${mine.what}, but does not say where it put it.`;
  throw new PortFailure(message, {
    port: context.id,
    kind: 'misbehaved',
    retryable: true,
    inDoubt: true,
    code: 'no-queue-item',
  });
}

/** What the job is given, all of it declared there. */
function declared(context: Context, mine: Wanted, job: Job, request: StartRequest): Fields {
  const definitions = job.property.flatMap((property) => property?.parameterDefinitions ?? []);
  const names = definitions.map(({ name }) => name);
  const needed = neededFields(mine, request);
  const missing = Object.keys(needed).filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const one = missing.length === 1;
    const message = `${mine.what} does not declare the ${one ? 'parameter' : 'parameters'} ${missing.join(', ')}. Add ${one ? 'it' : 'them'} to the job as text; what a Jenkinsfile declares counts after its first run.`;
    throw refused(context, 'parameters', `${message.charAt(0).toUpperCase()}${message.slice(1)}`);
  }
  const stray = definitions.find((one) => strays(one, needed));
  if (stray !== undefined) {
    const message = `The job ${mine.settings.job} takes for ${stray.name} only ${stray.choices?.join(', ')}.`;
    throw refused(context, 'choice', message);
  }
  const facts = Object.entries(factsOf(request)).filter(([name]) => names.includes(name));
  return { ...Object.fromEntries(facts), ...needed };
}

function strays({ name, choices }: Definition, fields: Fields): boolean {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return value !== undefined && choices !== undefined && !choices.includes(value);
}

function neededFields({ settings }: Wanted, request: StartRequest): Fields {
  const { artifactsParameter, commitParameter, idParameter, parameters } = settings;
  return {
    ...parameters,
    ...request.inputs,
    ...(artifactsParameter === undefined ? {} : { [artifactsParameter]: artifactLines(request.artifacts ?? []) }),
    [commitParameter]: request.sha,
    [idParameter]: request.correlation,
  };
}

/** Given to a job that declares them, under the names that a command on this machine finds them by. */
function factsOf(request: StartRequest): Fields {
  return {
    COUNTERSIGN_DEPLOYMENT: request.deployment,
    COUNTERSIGN_SERVICE: request.service,
    COUNTERSIGN_ENVIRONMENT: request.environment,
    COUNTERSIGN_KIND: request.kind,
    COUNTERSIGN_REQUESTER: request.requester,
    ...(request.reason === undefined ? {} : { COUNTERSIGN_REASON: request.reason }),
    ...(request.url === undefined ? {} : { COUNTERSIGN_URL: request.url }),
  };
}
