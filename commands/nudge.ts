import { outcome, said } from './shared/outcomes.ts';
import { command, DEPLOYMENT } from './shared/spec.ts';

/** Reminds the approvers. */
export const nudge = command({
  name: 'nudge',
  summary: 'Reminds the approvers of a request, at most every ten minutes.',
  topic: 'deciding',
  examples: ['nudge D-1042'],
  forms: [[DEPLOYMENT]],
  acts: true,
  async run(context, { deployment }) {
    const answered = await context.door.act(context.caller, deployment, { verb: 'nudge' });
    return outcome(answered, (done) =>
      said(context, done, (id) => `The approvers of ${id} are told again.`, deployment),
    );
  },
});
