import type { FakeExecution, FakePipeline, FakeStage, Json } from './world.ts';

/**
 * Bodies as Orca writes them. Source: recorded executions in the documentation of Armory's policy engine
 * (https://docs.armory.io/plugins/policy-engine/use/packages/) and in the tests of spinnaker/orca and spinnaker/spin.
 */
export function executionShape(execution: FakeExecution, expand = true): Json {
  const { pipeline, stages, ...rest } = execution;
  return {
    ...rest,
    type: 'PIPELINE',
    application: pipeline.application,
    name: pipeline.name,
    pipelineConfigId: pipeline.id,
    authentication: { allowedAccounts: [], user: 'countersign' },
    initialConfig: {},
    keepWaitingPipelines: false,
    limitConcurrent: true,
    notifications: [],
    origin: 'api',
    paused: null,
    partition: null,
    startTimeExpiry: null,
    systemNotifications: [],
    trigger: {
      isDryRun: false,
      isRebake: false,
      isStrategy: false,
      notifications: [],
      other: {},
      ...execution.trigger,
    },
    stages: stages.map((stage) => stageShape(stage, expand)),
  };
}

/** A search leaves out what stages know (`TaskController.unexpandPipelineExecutions` of Orca). */
function stageShape(stage: FakeStage, expand: boolean): Json {
  const common = {
    requisiteStageRefIds: [],
    scheduledTime: null,
    lastModified: null,
    startTimeExpiry: null,
    tasks: [],
  };
  return { ...common, ...stage, ...(expand ? {} : { context: {}, outputs: {} }) };
}

export function pipelineShape(pipeline: FakePipeline): Json {
  return { ...pipeline, index: 0, keepWaitingPipelines: false, limitConcurrent: true, stages: [], triggers: [] };
}

/** How Gate says no: the errors of Spring Boot, as kork-web writes them. */
export function refusalShape(status: number, message: string): Json {
  return { timestamp: new Date().toISOString(), status, error: 'Refused', message };
}

/** An event as Echo hands it on to a REST endpoint. Source: the readme of echo-rest, and `EchoNotifyingExecutionListener` of Orca. */
export function eventShape(execution: FakeExecution, type: string, eventId: string): Json {
  return {
    details: {
      source: 'orca',
      type,
      created: String(execution.buildTime),
      organization: null,
      project: null,
      application: execution.pipeline.application,
      _content_id: null,
    },
    content: { execution: executionShape(execution), executionId: execution.id },
    eventId,
  };
}
