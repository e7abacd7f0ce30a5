import { answer, refused } from './shared/answers.ts';
import { askedInForm } from './shared/asked-in-form.ts';
import { outcome, requested } from './shared/outcomes.ts';
import { previewCard } from './shared/preview.ts';
import { scheduledAt } from './shared/scheduled.ts';
import { AT_FLAG, command, ENVIRONMENT, INPUT_FLAG, OVERRIDE_FLAG, REASON_FLAG, SERVICE_REF } from './shared/spec.ts';

/**
 * Asks for a deployment. `--yes` is understood and changes nothing: it may only skip a dialog where no customer is concerned, and a
 * typed request has no dialog at all, since a target that customers use waits for a second person anyway.
 */
export const run = command({
  name: 'run',
  aliases: ['deploy'],
  summary: 'Asks for a service to be deployed; the word run may be left out unless the service bears a command’s name.',
  topic: 'deploying',
  examples: [
    'web staging',
    'web@feature/login to production --reason "customers wait for it"',
    'web@1a2b3c4 production --dry-run',
    'web production --reason "spring sale" --at "tomorrow 9:00"',
    'web staging --input region=eu --input note="first try"',
  ],
  forms: [[SERVICE_REF, { ...ENVIRONMENT, filler: 'to' }]],
  flags: [
    REASON_FLAG,
    INPUT_FLAG,
    AT_FLAG,
    OVERRIDE_FLAG,
    { name: 'dry-run', field: 'dryRun' },
    { name: 'yes', field: 'yes' },
  ],
  verbless: true,
  acts: ({ dryRun }) => dryRun !== true,
  async run(context, { service, environment, ref, reason, inputs, at, override, dryRun }) {
    const scheduled = scheduledAt(context, at);
    if ('code' in scheduled) return refused([scheduled]);
    const wish = {
      service,
      environment,
      ...(ref === undefined ? {} : { ref }),
      ...(reason === undefined ? {} : { reason }),
      ...(inputs === undefined ? {} : { inputs }),
      ...(override === undefined ? {} : { override }),
      ...scheduled,
    };
    if (dryRun === true) {
      return answer(previewCard(context, wish, await context.door.preview(context.caller, wish)));
    }
    const answered = await context.door.request(context.caller, wish);
    if (answered.kind === 'refused') {
      return (await askedInForm(context, wish, answered.refusals)) ?? refused(answered.refusals);
    }
    return outcome(answered, (deployment) => requested(context, deployment));
  },
});
