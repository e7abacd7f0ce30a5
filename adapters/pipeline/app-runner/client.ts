import {
  AppRunnerClient,
  DescribeServiceCommand,
  ListOperationsCommand,
  ListTagsForResourceCommand,
  type Service,
  type SourceConfiguration,
  StartDeploymentCommand,
  TagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-apprunner';
import { z } from 'zod';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import { unwrapped } from '../../shared/http/fenced-fetch.ts';
import { translated } from './failure.ts';
import { Operation, type Provider } from './schema.ts';

/** App Runner in one region, with every fault told as a PortFailure. Nothing is repeated by itself; the courier repeats. */
export interface AppRunner {
  service(arn: string): Promise<Service>;
  /** Newest first, as App Runner gives them. */
  operations(arn: string): Promise<readonly Operation[]>;
  tag(arn: string, key: string): Promise<string | undefined>;
  setTag(arn: string, key: string, value: string, fence?: Fence): Promise<void>;
  /** The id of the operation, where App Runner names it. */
  update(arn: string, source: SourceConfiguration, fence?: Fence): Promise<string | undefined>;
  /** Deploys the image of the present configuration again. */
  deploy(arn: string, fence?: Fence): Promise<string | undefined>;
}

/** How long App Runner has for one answer, in milliseconds. */
const PATIENCE_MS = 10_000;
/** The most that one page may hold, and pages beyond which nothing is looked for. */
const PAGE = 20;
const MOST_PAGES = 10;

const LIST = { what: 'the operations of the service', writes: false };
const SERVICE = { what: 'the service', writes: false };
const TAGS = { what: 'the tags of the service', writes: false };
const DEPLOYMENT = { what: 'a deployment', writes: true };

export function createAppRunner(id: string, { endpoint }: Provider, region: string, clock: Clock): AppRunner {
  const client = new AppRunnerClient({ region, maxAttempts: 1, ...(endpoint === undefined ? {} : { endpoint }) });
  const call = createCall(id, clock);

  async function operations(arn: string): Promise<readonly Operation[]> {
    const all: Operation[] = [];
    let NextToken: string | undefined;
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const command = new ListOperationsCommand({ ServiceArn: arn, MaxResults: PAGE, NextToken });
      const found = await call(LIST, (options) => client.send(command, options));
      const read = z.array(Operation).safeParse(found.OperationSummaryList ?? []);
      if (!read.success) throw translated({ port: id, ...LIST, now: clock.now() }, new SyntaxError(), false);
      all.push(...read.data);
      NextToken = found.NextToken;
      if (NextToken === undefined || NextToken === '') break;
    }
    return all;
  }

  return {
    operations,
    async service(arn) {
      const command = new DescribeServiceCommand({ ServiceArn: arn });
      const { Service } = await call(SERVICE, (options) => client.send(command, options));
      if (Service !== undefined) return Service;
      throw translated({ port: id, ...SERVICE, now: clock.now() }, new SyntaxError(), false);
    },
    async tag(arn, key) {
      const command = new ListTagsForResourceCommand({ ResourceArn: arn });
      const { Tags } = await call(TAGS, (options) => client.send(command, options));
      return Tags?.find(({ Key }) => Key === key)?.Value;
    },
    async setTag(arn, Key, Value, fence) {
      const command = new TagResourceCommand({ ResourceArn: arn, Tags: [{ Key, Value }] });
      const behind = { stack: command.middlewareStack as Stack, fence };
      await call({ ...TAGS, writes: true }, (options) => client.send(command, options), behind);
    },
    async update(arn, SourceConfiguration, fence) {
      const command = new UpdateServiceCommand({ ServiceArn: arn, SourceConfiguration });
      const behind = { stack: command.middlewareStack as Stack, fence };
      return (await call(DEPLOYMENT, (options) => client.send(command, options), behind)).OperationId;
    },
    async deploy(arn, fence) {
      const command = new StartDeploymentCommand({ ServiceArn: arn });
      const behind = { stack: command.middlewareStack as Stack, fence };
      return (await call(DEPLOYMENT, (options) => client.send(command, options), behind)).OperationId;
    },
  };
}

/** Makes one call of the SDK, within its time. The fence is asked after signing, right before the bytes are handed to the network. */
function createCall(port: string, clock: Clock) {
  return async function call<T>(
    trying: { readonly what: string; readonly writes: boolean },
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
    behind?: { readonly stack: Stack; readonly fence: Fence | undefined },
  ): Promise<T> {
    const attempt = async () => {
      const controller = new AbortController();
      const relax = clock.at(clock.now() + PATIENCE_MS, () => controller.abort());
      try {
        return await send({ abortSignal: controller.signal });
      } catch (error) {
        throw translated({ port, ...trying, now: clock.now() }, error, controller.signal.aborted);
      } finally {
        relax();
      }
    };
    if (behind?.fence === undefined) return attempt();
    const { stack, fence } = behind;
    return unwrapped(fence, (asked) => {
      const middleware: Middleware = (next) => (args) => {
        try {
          asked();
        } catch {
          // The SDK writes into the errors that it meets; the fence's own is given back untouched.
          throw new Error('the fence has fallen');
        }
        return next(args);
      };
      stack.add(middleware, { step: 'deserialize', priority: 'low', name: 'countersignFence' });
      return attempt();
    });
  };
}

type Middleware = (next: (args: unknown) => Promise<unknown>) => (args: unknown) => Promise<unknown>;

/** As much of a command's middleware stack as the fence needs; the SDK types each command's by its own input and output. */
interface Stack {
  add(
    middleware: Middleware,
    options: { readonly step: 'deserialize'; readonly priority: 'low'; readonly name: string },
  ): void;
}
