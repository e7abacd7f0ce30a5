import { counted, type Text } from '../src/domain/text.ts';
import { pageOf, tellPrivately } from './shared/answers.ts';
import { environmentsOf } from './shared/names.ts';
import { command } from './shared/spec.ts';
import { takenNames } from './shared/takes.ts';

/** Lists what can be deployed. */
export const services = command({
  name: 'services',
  summary: 'Lists the services that can be deployed, and where to.',
  topic: 'looking',
  examples: ['services'],
  forms: [[]],
  acts: false,
  async run({ catalog }) {
    const all = Object.values(catalog.services).sort((one, other) => one.id.localeCompare(other.id));
    if (all.length === 0)
      return tellPrivately(
        'neutral',
        ['No service is configured yet.'],
        [['An operator adds services to the configuration file.']],
      );
    const items = all.map((service): Text => {
      const also = service.aliases.length === 0 ? '' : ` · also ${service.aliases.join(', ')}`;
      const where = environmentsOf(catalog, service)
        .map(({ id }) => id)
        .join(', ');
      return [
        { kind: 'strong', text: service.id },
        ` · ${service.title}${also} · ${where} · usually `,
        { kind: 'code', text: service.defaultRef },
        takes(takenNames(service)),
      ];
    });
    return tellPrivately('neutral', [`${counted(all.length, 'service')} can be deployed.`], [], {
      sections: [{ title: 'Services', items: items.slice(0, 50), total: items.length, ...pageOf(catalog, '/') }],
    });
  },
});

function takes(names: readonly string[]): string {
  return names.length === 0 ? '' : ` · takes ${names.join(', ')}`;
}
