import { stringify } from 'yaml';
import { BEN, DANA, DEMO_PEOPLE, DEMO_PLATFORM } from './people.ts';
import type { DemoSetup } from './setup.ts';

const HEAD = `# The demo of Countersign: one service, two environments, five people.
# It may be edited while Countersign runs. Remove it, and it is written anew at the next start.
`;

/** The text of a \`countersign.yaml\` for the demo. */
export function demoConfiguration(setup: DemoSetup): string {
  const { staging, production } = setup.environments;
  return (
    HEAD +
    stringify({
      name: 'Countersign demo',
      people: DEMO_PEOPLE.map(({ id, name, email }) => ({ id, name, accounts: { console: [id], email: [email] } })),
      groups: { platform: { people: DEMO_PLATFORM.map(({ id }) => id) } },
      access: {
        ...{ deploy: '*', cancel: '*', rollback: '*', lock: '*' },
        ...{ hotfix: ['platform'], override: ['platform'], steal: ['platform'] },
      },
      sources: { local: { type: 'git' } },
      providers: { local: { type: 'local' } },
      environments: {
        staging: { title: 'the rehearsal', aliases: ['stage'], order: 1 },
        production: {
          title: 'live for customers',
          aliases: ['prod', 'live'],
          order: 2,
          customerFacing: true,
          approval: {
            rules: [{ group: 'platform', count: 1 }],
            expires: '60m',
            checks: 'shown',
            breakGlass: [DANA.id],
          },
        },
      },
      services: {
        shop: {
          title: 'Demo shop',
          team: 'shop',
          repository: { source: 'local', name: setup.repository },
          defaultRef: 'main',
          contact: BEN.name,
          pipeline: { provider: 'local', command: [...setup.command] },
          environments: {
            staging: { url: staging.url, timeout: '5m' },
            production: { url: production.url, timeout: '5m' },
          },
        },
      },
      announce: [
        { place: 'console:#deploys', audience: 'engineering' },
        { place: 'console:#deploy-log', audience: 'line' },
        { place: 'console:#announcements', audience: 'broadcast', environment: 'production' },
      ],
    })
  );
}
