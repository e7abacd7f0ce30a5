import { outcome, said } from './shared/outcomes.ts';
import { command, DEPLOYMENT, WHY } from './shared/spec.ts';

/** Says no to a request, with a reason for the requester. */
export const reject = command({
  name: 'reject',
  summary: 'Says no to a request and tells the requester why.',
  topic: 'deciding',
  examples: ['reject D-1042 the migration needs a review first'],
  forms: [[DEPLOYMENT, WHY]],
  acts: true,
  async run(context, { deployment, reason }) {
    const { revision } = context;
    const wish = { verb: 'reject' as const, reason, ...(revision === undefined ? {} : { revision }) };
    return outcome(await context.door.act(context.caller, deployment, wish), (done) =>
      said(context, done, (id) => `You have rejected ${id}.`, deployment),
    );
  },
});
