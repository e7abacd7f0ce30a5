import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { Jenkins } from './client.ts';
import { type Action, Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  readonly jenkins: Jenkins;
  readonly tools: AdapterTools;
  /** Numbers of builds by the numbers of their queue items, which Jenkins forgets after five minutes. */
  readonly numbers: Map<string, number>;
  /** When, in milliseconds since 1970, and how hard a run was last asked to end. */
  readonly stops: Map<string, { readonly at: number; readonly how: number }>;
}

/** A start request in Jenkins' own terms. */
export interface Wanted {
  readonly settings: Settings;
  /** Path of the job below the address of Jenkins, without a slash at either end. */
  readonly job: string;
  /** In words, for failures. */
  readonly what: string;
}

export function wanted(request: StartRequest): Wanted {
  const settings = Settings.parse(request.settings);
  // Each part is encoded as a whole: a branch that Jenkins calls `feature%2Fx` has `feature%252Fx` in its address.
  const job = settings.job
    .split('/')
    .map((part) => pathOf('job', part))
    .join('/');
  return { settings, job, what: `the job ${settings.job}` };
}

/** Where people see a build, or its job while there is none. */
export function pageOf({ jenkins }: Context, { job }: Wanted, number?: number): string {
  return `${jenkins.webUrl}/${job}/${number === undefined ? '' : `${number}/`}`;
}

/** A run is called by the number of its queue item from the beginning to the end: a build keeps it for ever. */
export function runOf(context: Context, request: StartRequest, queueId: number, number?: number): Run {
  if (number !== undefined) remember(context.numbers, String(queueId), number);
  return { provider: context.id, id: String(queueId), url: pageOf(context, wanted(request), number) };
}

/** Does a queue item or a build carry our id? */
export function isOurs(actions: readonly Action[], { settings }: Wanted, { correlation }: StartRequest): boolean {
  const parameters = actions.flatMap((action) => action.parameters ?? []);
  return parameters.some(({ name, value }) => name === settings.idParameter && value === correlation);
}

const MOST_REMEMBERED = 1000;

/** Keeps the newest. */
export function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  memory.delete(key);
  memory.set(key, value);
  const oldest = memory.keys().next();
  if (memory.size > MOST_REMEMBERED && !oldest.done) memory.delete(oldest.value);
}

export function refused({ id }: Context, code: string, message: string): PortFailure {
  return new PortFailure(message, { port: id, kind: 'refused', retryable: false, code });
}
