import { executionShape, pipelineShape } from './shapes.ts';
import {
  type FakeExecution,
  type FakePipeline,
  isComplete,
  type Json,
  orchestrate,
  type Quirks,
  type World,
} from './world.ts';

export interface Call {
  readonly world: World;
  readonly quirks: Quirks;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Who is logged in. */
  readonly user: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers; becomes Gate's own form of a refusal. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const ROUTES: readonly (readonly [method: string, template: string, handle: (call: Call) => Reply])[] = [
  ['GET', '/applications/{application}/executions/search', search],
  ['GET', '/applications/{application}/pipelineConfigs/{pipelineName}', (call) => ok(pipelineShape(pipelineOf(call)))],
  ['POST', '/pipelines/{application}/{pipelineNameOrId}', begin],
  ['GET', '/pipelines/{id}', (call) => ok(executionShape(executionOf(call)))],
  ['PUT', '/pipelines/{id}/cancel', cancel],
  ['PATCH', '/pipelines/{id}/stages/{stageId}', update],
];

function ok(body: unknown): Reply {
  return { status: 200, body };
}

function pipelineOf({ world, params }: Call): FakePipeline {
  const name = params['pipelineName'] ?? params['pipelineNameOrId'];
  const found = world.pipelines.find((one) => one.application === params['application'] && one.name === name);
  if (found === undefined) throw new Refused(404, `Pipeline config (id: ${name}) not found`);
  return found;
}

function executionOf({ world, params }: Call): FakeExecution {
  const found = world.executions.find(({ id }) => id === params['id']);
  if (found === undefined) throw new Refused(404, `Pipeline not found (id: ${params['id']})`);
  return found;
}

/** `PipelineController.invokePipelineConfig` and `PipelineService.trigger` of Gate. */
function begin(call: Call): Reply {
  const pipeline = pipelineOf(call);
  const trigger = (call.body ?? {}) as Json;
  const given = (trigger['parameters'] ?? {}) as Json;
  const missing = pipeline.parameterConfig.find(
    (one) => one.required === true && one.default === undefined && given[one.name] === undefined,
  );
  if (missing !== undefined) throw new Refused(400, `Required parameter ${missing.name} is missing`);
  const { id } = orchestrate(call.world, call.quirks, pipeline, trigger);
  return { status: 202, body: { ref: `/pipelines/${id}` } };
}

/** `TaskController.searchForPipelinesByTrigger` of Orca: newest first, and texts fit without regard to case or as a pattern. */
function search({ world, params, query }: Call): Reply {
  const sought = JSON.parse(Buffer.from(query.get('trigger') ?? 'e30=', 'base64').toString()) as Json;
  const types = query.get('triggerTypes')?.split(',');
  const since = Number(query.get('triggerTimeStartBoundary') ?? 0);
  const fits = ({ pipeline, trigger, buildTime }: FakeExecution) =>
    pipeline.application === params['application'] &&
    pipeline.name === (query.get('pipelineName') ?? pipeline.name) &&
    (types?.includes(String(trigger['type'])) ?? true) &&
    buildTime >= since &&
    Object.entries(sought).every(([key, value]) => matches(trigger[key], value));
  const from = Number(query.get('startIndex') ?? 0);
  const found = world.executions.filter(fits).toReversed();
  return ok(found.slice(from, from + Number(query.get('size') ?? 10)).map((one) => executionShape(one, false)));
}

function matches(value: unknown, wish: unknown): boolean {
  if (typeof value !== 'string' || typeof wish !== 'string') return value === wish;
  return value.toLowerCase() === wish.toLowerCase() || new RegExp(`^(?:${wish})$`).test(value);
}

/** Also a run that has ended is marked as cancelled, though its state stays (`ExecutionRepository.cancel` of Orca). */
function cancel(call: Call): Reply {
  const execution = executionOf(call);
  const reason = call.query.get('reason');
  Object.assign(execution, { canceled: true, canceledBy: call.user, cancellationReason: reason });
  if (!isComplete(execution)) end(call.world, execution, 'CANCELED');
  return { status: 200 };
}

export function end(world: World, execution: FakeExecution, status: string): void {
  execution.startTime ??= world.now();
  Object.assign(execution, { status, endTime: world.now() });
  for (const stage of execution.stages) {
    if (isComplete(stage)) continue;
    Object.assign(stage, { status: status === 'SUCCEEDED' ? status : 'CANCELED', endTime: world.now() });
  }
}

/** `TaskController.updatePipelineStage` of Orca, and what `ManualJudgmentStage` makes of it. */
function update(call: Call): Reply {
  const execution = executionOf(call);
  const stage = execution.stages.find(({ id }) => id === call.params['stageId']);
  if (stage === undefined) return ok(executionShape(execution));
  Object.assign(stage.context, call.body, { lastModifiedBy: call.user });
  if (stage.type === 'manualJudgment' && stage.status === 'RUNNING') judge(call, execution, stage.context);
  return ok(executionShape(execution));

  function judge({ world, quirks }: Call, run: FakeExecution, context: Json): void {
    if (quirks.lacksRole) {
      context['judgmentStatus'] = '';
      return;
    }
    if (stage === undefined) return;
    const stopped = context['judgmentStatus'] === 'stop';
    Object.assign(stage, { status: stopped ? 'TERMINAL' : 'SUCCEEDED', endTime: world.now() });
    if (stopped) end(world, run, 'TERMINAL');
  }
}
