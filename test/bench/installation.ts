import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FakeSlack } from '../fakes/slack/index.ts';
import { startFakeSlack } from '../fakes/slack/index.ts';

export const ANNA = 'U1';
export const CLEO = 'U3';
export const SERVICES = ['web', 'api', 'billing', 'search', 'mail'] as const;
export const ENVIRONMENTS = ['staging', 'production'] as const;
/** A service that was deployed a few times long ago. */
export const DORMANT = 'legacy';

/** A folder of its own for a configuration, its secrets and its data. */
export interface Home {
  readonly folder: string;
  remove(): void;
}

export function makeHome(secrets: Readonly<Record<string, string>> = {}): Home {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder, `${name}.txt`), `${value}\n`);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Anna asks, Cleo approves; they are in every channel. */
export async function peopledSlack(channels: readonly string[]): Promise<FakeSlack> {
  const slack = await startFakeSlack();
  for (const [id, name] of Object.entries({ [ANNA]: 'anna', U2: 'ben', [CLEO]: 'cleo' })) {
    slack.addUser({ id, name, email: `${name}@example.com` });
  }
  for (const id of channels) slack.addChannel({ id, members: [ANNA, 'U2', CLEO] });
  return slack;
}

export function slackSecrets({ world }: FakeSlack): Readonly<Record<string, string>> {
  return { bot: world.botToken, signing: world.signingSecret };
}

/** `chats:` for a Slack that calls us; without it, the console is the only chat. */
export function slackLines(slack: FakeSlack): string {
  const settings = `mode: http, botToken: 'file:bot.txt', signingSecret: 'file:signing.txt', team: ${slack.world.team}`;
  return `chats: { slack: { ${settings}, apiUrl: '${slack.apiUrl}' } }\n`;
}

const PEOPLE = `
people:
  - { id: anna, name: Anna Lind, accounts: { slack: U1, github: anna, email: anna@example.com } }
  - { id: ben, name: Ben Okafor, accounts: { slack: U2, github: ben, email: ben@example.com } }
  - { id: cleo, name: Cleo Marsh, accounts: { slack: U3, github: cleo, email: cleo@example.com } }
groups: { platform: { people: [anna, ben, cleo] } }
approval: { rules: [{ group: platform }], expires: 24h }
`;

/** Six services with two targets each, on commands of this machine; nothing outside is asked. */
export function localText(chats = ''): string {
  const services = [...SERVICES, DORMANT].map(
    (id) =>
      `  ${id}: { repository: { source: code, name: ${id} }, pipeline: { provider: runs, command: 'true' }, environments: { staging: {}, production: {} } }`,
  );
  return `${chats}${PEOPLE}
sources: { code: { type: git, folder: '.' } }
providers: { runs: { type: local, repositories: '.' } }
environments: { staging: { approval: { rules: [] } }, production: { customerFacing: true } }
services:
${services.join('\n')}
`;
}

/**
 * So many services on GitHub, each with a provider and a channel of its own: GitHub asks its clients to write once a second and
 * Slack asks for one message a second and channel, and neither wait is what is to be measured.
 * @param placeOf where the deployments of a service are told of, by its number; absent: its channel in Slack
 */
export function githubText(chats: string, githubUrl: string, count: number, placeOf = slackPlace): string {
  const login = `apiUrl: '${githubUrl}', auth: { token: 'file:github.txt' }`;
  const numbers = Array.from({ length: count }, (_, index) => index);
  return `${chats}${PEOPLE}
sources: { code: { type: github, ${login} } }
providers:
${numbers.map((n) => `  runs${n}: { type: github-actions, ${login} }`).join('\n')}
environments: { production: { customerFacing: true } }
services:
${numbers.map((n) => `  s${n}: { repository: { source: code, name: acme/web }, pipeline: { provider: runs${n}, workflow: deploy.yml }, environments: { production: {} } }`).join('\n')}
announce:
${numbers.map((n) => `  - { place: '${placeOf(n)}', audience: engineering, service: s${n} }`).join('\n')}
`;
}

function slackPlace(n: number): string {
  return `slack:${channelOf(n)}`;
}

export function channelOf(n: number): string {
  return `C${100 + n}`;
}
