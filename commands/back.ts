import { refused, tellPrivately } from './shared/answers.ts';
import { command } from './shared/spec.ts';

/** Takes one's word back. */
export const back = command({
  name: 'back',
  summary: 'Decides in person again, after `away`.',
  topic: 'people',
  examples: ['back'],
  forms: [[]],
  acts: true,
  async run({ door, caller }) {
    const answered = await door.back(caller);
    if (answered.kind === 'duplicate') return { kind: 'nothing' };
    if (answered.kind === 'refused') return refused(answered.refusals);
    const { to } = answered.delegation;
    return tellPrivately('good', ['You decide in person again.'], [[`${to.name} has been told.`]]);
  },
});
