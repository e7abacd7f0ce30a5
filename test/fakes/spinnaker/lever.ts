import type { Postman } from './echo.ts';
import { end } from './routes.ts';
import { type FakeExecution, type FakeStage, isComplete, type Json, ulid, type World } from './world.ts';

/** What a test does in place of the stages. Each of these tells Echo's endpoint, if there is one. */
export interface RunLever {
  readonly execution: FakeExecution;
  /** Begins a stage, or brings it into a state of Orca's. */
  stage(
    name: string,
    status?: string,
    more?: Partial<Omit<FakeStage, 'context'>> & { readonly context?: Json },
  ): Promise<FakeStage>;
  succeed(): Promise<void>;
  end(status: string): Promise<void>;
  /** Any word, also one that Orca does not have. */
  word(status: string): void;
  /** From now on Orca knows nothing of it. */
  lose(): void;
}

export function leverOf(world: World, postman: Postman, execution: FakeExecution): RunLever {
  async function stop(status: string): Promise<void> {
    end(world, execution, status);
    await postman.tell(execution, `orca:pipeline:${status === 'SUCCEEDED' ? 'complete' : 'failed'}`);
  }
  return {
    execution,
    async stage(name, status = 'RUNNING', more = {}) {
      const stage = begun(world, execution, name, more);
      stage.status = status;
      Object.assign(stage.context, more.context);
      Object.assign(stage.outputs, more.outputs);
      if (isComplete(stage)) stage.endTime = world.now();
      await postman.tell(execution, `orca:stage:${isComplete(stage) ? 'complete' : 'starting'}`);
      return stage;
    },
    succeed: () => stop('SUCCEEDED'),
    end: stop,
    word(status) {
      execution.status = status;
    },
    lose() {
      world.executions.splice(world.executions.indexOf(execution), 1);
    },
  };
}

function begun(
  world: World,
  execution: FakeExecution,
  name: string,
  { context: _context, outputs: _outputs, ...more }: Partial<FakeStage>,
): FakeStage {
  if (execution.status === 'NOT_STARTED') Object.assign(execution, { status: 'RUNNING', startTime: world.now() });
  const found = execution.stages.find((one) => one.name === name);
  if (found !== undefined) return Object.assign(found, more);
  const stage: FakeStage = {
    id: `${ulid(world)}S`,
    refId: String(execution.stages.length + 1),
    name,
    type: 'deployManifest',
    status: 'NOT_STARTED',
    startTime: world.now(),
    endTime: null,
    parentStageId: null,
    syntheticStageOwner: null,
    context: {},
    outputs: {},
    ...more,
  };
  execution.stages.push(stage);
  return stage;
}
