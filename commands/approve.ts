import { outcome, said } from './shared/outcomes.ts';
import { command, DEPLOYMENT } from './shared/spec.ts';

/** Countersigns a request. */
export const approve = command({
  name: 'approve',
  summary: 'Countersigns somebody else’s request.',
  topic: 'deciding',
  examples: ['approve D-1042'],
  forms: [[DEPLOYMENT]],
  acts: true,
  async run(context, { deployment }) {
    const { revision } = context;
    const wish = { verb: 'approve' as const, ...(revision === undefined ? {} : { revision }) };
    return outcome(await context.door.act(context.caller, deployment, wish), (done) =>
      said(context, done, (id) => `You have countersigned ${id}.`, deployment),
    );
  },
});
