import { outcome, requested } from './shared/outcomes.ts';
import { command, DEPLOYMENT } from './shared/spec.ts';

/** Asks again for what has ended without success. */
export const retry = command({
  name: 'retry',
  summary: 'Asks again for a deployment that has ended without success, as a new one.',
  topic: 'deploying',
  examples: ['retry D-1042'],
  forms: [[DEPLOYMENT]],
  acts: true,
  async run(context, { deployment }) {
    return outcome(await context.door.retry(context.caller, deployment), (done) => requested(context, done));
  },
});
