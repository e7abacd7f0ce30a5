import { accountWords } from '../src/domain/links.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { listed } from './shared/faults.ts';
import { command } from './shared/spec.ts';

/** Takes a link back. */
export const unlink = command({
  name: 'unlink',
  summary: 'Takes back what `link` tied to you in a chat; what the configuration says stays.',
  topic: 'people',
  examples: ['unlink teams'],
  forms: [[{ field: 'text', kind: 'word', needed: true, label: 'chat' }]],
  acts: true,
  async run({ door, caller }, { text }) {
    const answered = await door.unlink(caller, text);
    if (answered.kind === 'duplicate') return { kind: 'nothing' };
    if (answered.kind === 'refused') return refused(answered.refusals);
    return tellPrivately(
      'good',
      [`No longer yours: ${listed(answered.accounts.map(accountWords))}.`],
      [['Nobody can act as you through it any more. What it did before stays in the log as done by you.']],
    );
  },
});
