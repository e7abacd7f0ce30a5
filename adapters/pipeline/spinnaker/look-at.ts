import type { Run } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { type Context, wanted } from './context.ts';
import { Execution } from './shapes.ts';

/** A run with all of its stages, as Spinnaker has it now. */
export function lookAt({ gate }: Context, run: Run, request: StartRequest): Promise<Execution> {
  const { application } = wanted(request);
  return gate.get({ what: `run ${run.id} of ${application}`, path: `pipelines/${pathOf(run.id)}`, form: Execution });
}
