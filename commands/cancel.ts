import { leadOf } from '../src/domain/train.ts';
import { outcome, said } from './shared/outcomes.ts';
import { command, DEPLOYMENT, optional, WHY } from './shared/spec.ts';

/** Calls a deployment off, before or while it runs. */
export const cancel = command({
  name: 'cancel',
  summary: 'Calls a deployment off; a run that has begun is asked to stop.',
  topic: 'deploying',
  examples: ['cancel D-1042', 'cancel D-1042 wrong branch'],
  forms: [[DEPLOYMENT, optional(WHY)]],
  acts: true,
  async run(context, { deployment, reason }) {
    const wish = { verb: 'cancel' as const, ...(reason === undefined ? {} : { reason }) };
    return outcome(await context.door.act(context.caller, deployment, wish), (done) =>
      said(
        context,
        done,
        (id) =>
          leadOf(id) !== undefined
            ? `You have called off ${id}: what had not begun never will, and what runs has been asked to stop.`
            : done.state === 'cancelled'
              ? `You have cancelled ${id}.`
              : `The run of ${id} has been asked to stop.`,
        deployment,
      ),
    );
  },
});
