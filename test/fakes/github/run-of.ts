import { type Call, Refused } from './calls.ts';
import type { FakeRepository, FakeRun } from './world.ts';

/** The run that the address names. */
export function runOf(call: Call, repository: FakeRepository): FakeRun {
  const run = repository.runs.find(({ id }) => String(id) === call.params['run_id']);
  if (run === undefined || run.lost) throw new Refused(404, 'Not Found');
  return run;
}
