import { randomUUID } from 'node:crypto';
import { resolved } from './resolved.ts';

export type Json = Record<string, unknown>;

/** A pipeline as people set it up: the body of `GET /applications/{application}/pipelineConfigs/{name}`. */
export interface FakePipeline {
  readonly id: string;
  readonly application: string;
  readonly name: string;
  disabled: boolean;
  readonly parameterConfig: { name: string; default?: string; required?: boolean }[];
  readonly expectedArtifacts: { readonly matchArtifact: Json }[];
}

export interface FakeStage {
  readonly id: string;
  readonly refId: string;
  readonly name: string;
  readonly type: string;
  status: string;
  startTime: number | null;
  endTime: number | null;
  parentStageId: string | null;
  syntheticStageOwner: string | null;
  readonly context: Json;
  readonly outputs: Json;
}

export interface FakeTrigger extends Json {
  correlationId: string | null;
  parameters: Json;
  artifacts: Json[];
  resolvedExpectedArtifacts: Json[];
}

export interface FakeExecution {
  readonly id: string;
  readonly pipeline: FakePipeline;
  readonly buildTime: number;
  status: string;
  startTime: number | null;
  endTime: number | null;
  canceled: boolean;
  canceledBy: string | null;
  cancellationReason: string | null;
  readonly trigger: FakeTrigger;
  readonly stages: FakeStage[];
}

export interface World {
  readonly pipelines: FakePipeline[];
  readonly executions: FakeExecution[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** Moods of this Spinnaker. */
export interface Quirks {
  /** The next runs are given this commit, whatever they were asked for. */
  otherSha?: string | undefined;
  /** Whoever judges has none of the roles that the stage asks for. */
  lacksRole: boolean;
  /** Whom Gate does not know it sends to its login page, as it does with OAuth; else it says 401. */
  loginPage: boolean;
}

export function addPipeline(
  world: World,
  application: string,
  name: string,
  parameters: readonly string[],
): FakePipeline {
  const pipeline: FakePipeline = {
    id: randomUUID(),
    application,
    name,
    disabled: false,
    parameterConfig: parameters.map((parameter) => ({ name: parameter, default: '' })),
    expectedArtifacts: [],
  };
  world.pipelines.push(pipeline);
  return pipeline;
}

const COMPLETE = ['SUCCEEDED', 'FAILED_CONTINUE', 'TERMINAL', 'CANCELED', 'STOPPED', 'SKIPPED'];

export function isComplete({ status }: { readonly status: string }): boolean {
  return COMPLETE.includes(status);
}

/**
 * Starts a run, as Orca does: `OperationsController.orchestrate` and `ExecutionLauncher`. One that is going on with the same correlation is
 * given back instead.
 */
export function orchestrate(world: World, quirks: Quirks, pipeline: FakePipeline, trigger: Json): FakeExecution {
  const correlationId = typeof trigger['correlationId'] === 'string' ? trigger['correlationId'] : null;
  const before = world.executions.find((one) => one.trigger.correlationId === correlationId && !isComplete(one));
  if (correlationId !== null && before !== undefined) return before;
  const given = { ...(trigger['parameters'] as Json | undefined) };
  if (quirks.otherSha !== undefined) given['countersign_sha'] = quirks.otherSha;
  const defaults = Object.fromEntries(pipeline.parameterConfig.map((one) => [one.name, one.default]));
  const artifacts = (trigger['artifacts'] ?? []) as Json[];
  const execution: FakeExecution = {
    id: ulid(world),
    pipeline,
    buildTime: world.now(),
    status: 'NOT_STARTED',
    startTime: null,
    endTime: null,
    canceled: false,
    canceledBy: null,
    cancellationReason: null,
    trigger: {
      ...trigger,
      correlationId,
      parameters: { ...defaults, ...given },
      artifacts,
      resolvedExpectedArtifacts: resolved(pipeline.expectedArtifacts, artifacts),
    },
    stages: [],
  };
  world.executions.push(execution);
  return execution;
}

/** Ids of Orca are ULIDs (https://github.com/ulid/spec); these only look like it. */
export function ulid(world: World): string {
  const stages = world.executions.reduce((sum, one) => sum + one.stages.length, 0);
  const text = `${world.executions.length}`.padStart(4, '0') + `${stages}`.padStart(4, '0');
  return `01HZX5N1DEPMVA5J${text}XY`;
}
