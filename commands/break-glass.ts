import type { Reply } from '../src/ports/chat.ts';
import { runButton, tellPrivately } from './shared/answers.ts';
import { outcome, said } from './shared/outcomes.ts';
import { command, DEPLOYMENT, optional, WHY } from './shared/spec.ts';

/** Goes on without countersignatures in an emergency, in two steps. */
export const breakGlass = command({
  name: 'break-glass',
  summary: 'Lets a request go without countersignatures in an emergency, for people whom the configuration names.',
  topic: 'deciding',
  examples: ['break-glass D-1042 the shop is down and nobody answers'],
  forms: [[DEPLOYMENT, optional(WHY)]],
  flags: [{ name: 'yes', field: 'yes' }],
  acts: true,
  async run(context, { deployment, reason = '', yes }) {
    const wish = { verb: 'break-glass' as const, reason, confirmed: yes === true };
    const answered = await context.door.act(context.caller, deployment, wish);
    const unconfirmed = answered.kind === 'refused' && answered.refusals[0]?.code === 'glass-not-confirmed';
    if (unconfirmed) return question(deployment, reason);
    return outcome(answered, (done) =>
      said(context, done, (id) => `You broke the glass of ${id}. Everybody has been told.`),
    );
  },
});

/** What it means stands before the button, and the reason that everybody will read. */
function question(id: string, reason: string): Reply {
  const confirm = {
    title: `Break the glass of ${id}?`,
    text: `${id} goes on without the countersignatures that are still needed. Everybody is told, with your name and reason.`,
    yes: 'Break the Glass',
  };
  return tellPrivately(
    'bad',
    [`${id} would go on without the countersignatures that are still needed.`],
    [
      [`Your reason: ${reason}`],
      ['Everybody is told at once, and somebody else must review it afterwards. All other rules still count.'],
    ],
    { buttons: [runButton('Break the Glass', `break-glass ${id} --yes ${reason}`, { style: 'danger', confirm })] },
  );
}
