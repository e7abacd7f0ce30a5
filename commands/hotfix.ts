import { refused } from './shared/answers.ts';
import { outcome, requested } from './shared/outcomes.ts';
import { scheduledAt } from './shared/scheduled.ts';
import {
  AT_FLAG,
  command,
  ENVIRONMENT,
  INPUT_FLAG,
  OVERRIDE_FLAG,
  optional,
  REASON_FLAG,
  SERVICE_REF,
  WHY,
} from './shared/spec.ts';

/** Asks for a deployment that goes before others and through a freeze, and leaves a review. */
export const hotfix = command({
  name: 'hotfix',
  summary: 'Asks for a deployment that mends an incident: it goes before others and through a freeze, and is reviewed.',
  topic: 'deploying',
  examples: [
    'hotfix web production --incident https://incidents.example.com/7 --reason "checkout fails"',
    'hotfix web@1a2b3c4 production checkout fails --incident https://incidents.example.com/7',
  ],
  forms: [[SERVICE_REF, { ...ENVIRONMENT, filler: 'to' }, optional({ ...WHY, field: 'text' })]],
  flags: [
    REASON_FLAG,
    { name: 'incident', field: 'incident', value: 'https://…' },
    INPUT_FLAG,
    AT_FLAG,
    OVERRIDE_FLAG,
    { name: 'yes', field: 'yes' },
  ],
  acts: true,
  async run(context, { service, environment, ref, reason, text, incident, inputs, at, override }) {
    const why = reason ?? text;
    const scheduled = scheduledAt(context, at);
    if ('code' in scheduled) return refused([scheduled]);
    const wish = {
      ...{ kind: 'hotfix' as const, service, environment },
      ...(ref === undefined ? {} : { ref }),
      ...(why === undefined ? {} : { reason: why }),
      ...(incident === undefined ? {} : { incident }),
      ...(inputs === undefined ? {} : { inputs }),
      ...(override === undefined ? {} : { override }),
      ...scheduled,
    };
    return outcome(await context.door.request(context.caller, wish), (done) => requested(context, done));
  },
});
