import { tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { command, ENVIRONMENT, optional, SERVICE, WHY } from './shared/spec.ts';

/** Opens a target again. */
export const unlock = command({
  name: 'unlock',
  summary: 'Opens a locked target again.',
  topic: 'targets',
  examples: ['unlock web production', 'unlock web production the index is whole again'],
  forms: [[SERVICE, ENVIRONMENT, optional(WHY)]],
  acts: true,
  async run({ door, caller }, { service, environment, reason }) {
    return outcomeOf(await door.unlock(caller, service, environment, reason), () =>
      tellPrivately('good', [`${service} in ${environment} is open for deployments again.`]),
    );
  },
});
