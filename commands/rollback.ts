import { REASON_LIMIT } from '../src/domain/decide.ts';
import { runButton, tellPrivately } from './shared/answers.ts';
import { backTrain } from './shared/back-train.ts';
import { outcome, requested } from './shared/outcomes.ts';
import { print } from './shared/print.ts';
import { ownLock, targetLine } from './shared/rows.ts';
import {
  type Args,
  type CommandContext,
  type CommandSpec,
  command,
  ENVIRONMENT,
  REASON_FLAG,
  SERVICE,
  TRAIN,
} from './shared/spec.ts';

/** Brings a former version back. A rollback without a reason is answered with a question, which is its confirmation as well. */
export const rollback: CommandSpec = command({
  name: 'rollback',
  summary: 'Brings back the last good version, or a named one; the target stays locked until somebody unlocks it.',
  topic: 'deploying',
  examples: [
    'rollback web production --reason "checkout fails"',
    'rollback web production to D-1040 --reason "checkout fails"',
    'rollback T-7 --reason "checkout fails"',
  ],
  forms: [[SERVICE, ENVIRONMENT, { field: 'to', kind: 'to', needed: false, label: 'to' }], [TRAIN]],
  flags: [REASON_FLAG, { name: 'yes', field: 'yes' }],
  acts: true,
  async run(context, { deployment, service, environment, to, reason }) {
    if (deployment !== undefined) return backTrain(context, deployment, reason);
    if (service === undefined || environment === undefined) throw new TypeError('Neither form was filled in.');
    const wish = { service, environment, ...(to === undefined ? {} : { to }) };
    if (reason === undefined) return question(context, wish);
    const { caller, pressed } = context;
    const whole = { ...wish, reason, ...(pressed === undefined ? {} : { pressed }) };
    return outcome(await context.door.rollback(caller, whole), (done) => requested(context, done));
  },
});

async function question(
  { reading, catalog }: CommandContext,
  wish: Pick<Args, 'to'> & { service: string; environment: string },
) {
  const target = await reading.target(wish.service, wish.environment);
  const title = `Roll back ${wish.service} in ${wish.environment}?`;
  const ask = {
    title: 'Roll back',
    label: 'Why? The target stays locked afterwards.',
    submit: 'Roll Back',
    maxLength: REASON_LIMIT,
    required: true,
  };
  const back =
    wish.to === undefined ? 'The last good version before this one is brought back.' : `${wish.to} is brought back.`;
  return tellPrivately(
    'waiting',
    [title],
    [
      targetLine('Runs there now', { target, lock: ownLock(target) }, [], catalog),
      [`${back} Nothing happens until you say why.`],
    ],
    {
      buttons: [runButton('Roll Back', print(rollback, wish), { style: 'danger', ask })],
    },
  );
}
