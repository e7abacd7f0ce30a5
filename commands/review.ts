import { refused, tellPrivately } from './shared/answers.ts';
import { command, DEPLOYMENT, WHY } from './shared/spec.ts';

/** Closes the review that a hotfix, an override or a broken glass left. */
export const review = command({
  name: 'review',
  summary: 'Says that you looked at a hotfix, an override or a broken glass afterwards, and what you found.',
  topic: 'deciding',
  examples: ['review D-1042 the fix is right; a test was added'],
  forms: [[DEPLOYMENT, WHY]],
  acts: true,
  async run({ door, caller }, { deployment, reason }) {
    const answered = await door.review(caller, deployment, reason);
    if (answered.kind === 'duplicate') return { kind: 'nothing' };
    if (answered.kind === 'refused') return refused(answered.refusals);
    return tellPrivately('good', [`The review of ${deployment} is closed: ${reason}`], [['Thank you for looking.']]);
  },
});
