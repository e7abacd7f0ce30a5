import { lockedReply } from './lock.ts';
import { command, ENVIRONMENT, FOR_FLAG, WHY } from './shared/spec.ts';

/** Closes an environment to all but hotfixes and rollbacks. */
export const freeze = command({
  name: 'freeze',
  summary: 'Closes an environment to everything but hotfixes and rollbacks.',
  topic: 'targets',
  examples: ['freeze production the sale is on', 'freeze production the sale is on --for 2d'],
  forms: [[ENVIRONMENT, WHY]],
  flags: [FOR_FLAG],
  acts: true,
  async run({ door, caller }, { environment, reason, forMs }) {
    const scope = { kind: 'environment' as const, environment };
    const wish = { scope, reason, mode: 'freeze' as const, ...(forMs === undefined ? {} : { forMs }) };
    return lockedReply(await door.lock(caller, wish), scope, 'freeze');
  },
});
