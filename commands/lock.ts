import { tellPrivately } from './shared/answers.ts';
import { outcomeOf } from './shared/outcomes.ts';
import { command, ENVIRONMENT, SERVICE, WHY } from './shared/spec.ts';

/** Closes a target. */
export const lock = command({
  name: 'lock',
  summary: 'Closes a target to new deployments, with a reason that everybody sees.',
  topic: 'targets',
  examples: ['lock web production the index is being rebuilt'],
  forms: [[SERVICE, ENVIRONMENT, WHY]],
  acts: true,
  async run({ door, caller }, { service, environment, reason }) {
    return outcomeOf(await door.lock(caller, service, environment, reason), () =>
      tellPrivately(
        'waiting',
        [`${service} in ${environment} is locked: ${reason}`],
        [['Open it again with ', { kind: 'code', text: `unlock ${service} ${environment}` }, '.']],
      ),
    );
  },
});
