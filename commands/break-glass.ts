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
    const [, code, rest] = (yes === true ? CONFIRMED.exec(reason) : null) ?? [];
    const why = rest ?? reason;
    const wish = { verb: 'break-glass' as const, reason: why, ...(code === undefined ? {} : { code }) };
    const answered = await context.door.act(context.caller, deployment, wish);
    if (answered.kind === 'refused' && answered.code !== undefined) return question(deployment, why, answered.code);
    return outcome(answered, (done) =>
      said(context, done, (id) => `You broke the glass of ${id}. Everybody has been told.`),
    );
  },
});

/** The code of the question stands before the reason. Without it, `--yes` is no confirmation: nobody has been shown anything. */
const CONFIRMED = /^code:(\S+)\s*(.*)$/s;

/** What it means stands before the button, and the reason that everybody will read. */
function question(id: string, reason: string, code: string): Reply {
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
    {
      buttons: [
        runButton('Break the Glass', `break-glass ${id} --yes code:${code} ${reason}`, { style: 'danger', confirm }),
      ],
    },
  );
}
