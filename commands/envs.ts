import { counted } from '../src/domain/text.ts';
import { tellPrivately } from './shared/answers.ts';
import { targetLine, targetsOf } from './shared/rows.ts';
import { command, SERVICE } from './shared/spec.ts';
import { takesText } from './shared/takes.ts';

/** Lists the environments of a service. */
export const envs = command({
  name: 'envs',
  aliases: ['environments'],
  summary: 'Lists the environments of a service: what runs there, who must approve, whether it is locked.',
  topic: 'looking',
  examples: ['envs web'],
  forms: [[SERVICE]],
  acts: false,
  async run(context, { service }) {
    const rows = await targetsOf(context, { service });
    const items = rows.map(({ environment, target, lock, open, service: { targets } }) => {
      const rules = targets[environment]?.policy.rules ?? [];
      const needs = rules.map(({ count, group }) => `${count} of @${group}`).join(' and ') || 'no approval';
      const title = context.catalog.environments[environment]?.title ?? environment;
      const takes = takesText(targets[environment]?.inputs);
      return [
        ...targetLine(environment, { target, lock }, open, context.catalog),
        ` · ${title} · needs ${needs}`,
        ...takes,
      ];
    });
    return tellPrivately('neutral', [`${service} has ${counted(items.length, 'environment')}.`], [], {
      sections: [{ title: 'On the road to production', items, total: items.length }],
    });
  },
});
