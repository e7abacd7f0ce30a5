import { answer } from './shared/answers.ts';
import { findingsCard, previewCard } from './shared/preview.ts';
import { withDeployment } from './shared/rows.ts';
import { command, DEPLOYMENT, ENVIRONMENT, SERVICE_REF } from './shared/spec.ts';

/** Shows what would change, or what a deployment changes. */
export const diff = command({
  name: 'diff',
  summary: 'Shows what would change on a target and who could approve it, or what a deployment changes.',
  topic: 'looking',
  examples: ['diff web production', 'diff web@feature/login staging', 'diff D-1042'],
  forms: [[SERVICE_REF, { ...ENVIRONMENT, filler: 'to' }], [DEPLOYMENT]],
  acts: false,
  async run(context, args) {
    if (args.deployment !== undefined) {
      return withDeployment(context, args.deployment, async (found) => answer(findingsCard(context, found)));
    }
    const { service, environment, ref } = args;
    const wish = { service, environment, ...(ref === undefined ? {} : { ref }) };
    return answer(previewCard(context, wish, await context.door.preview(context.caller, wish)));
  },
});
