import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationParts } from '../../bin/parts.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { LoadedWhole } from '../../src/config/watch.ts';
import { type ChatPart, PLACES, type Where } from './hands.ts';

/** What differs from story to story. */
export interface SettingsWish {
  readonly chats: readonly ChatPart[];
  /** Is there the web console as well? Engineers hear in its #deploys. */
  readonly console?: boolean;
  /** GitHub with GitHub Actions; or a repository and a command on this machine. */
  readonly code:
    | { readonly kind: 'github'; readonly url: string }
    | { readonly kind: 'local'; readonly folder: string; readonly command: string }
    | OwnCode;
  /** How many of the group must countersign; one unless said otherwise. */
  readonly count?: number;
  /** More lines of the configuration. */
  readonly more?: string;
  /** Seconds until a request expires. */
  readonly expires?: string;
  /** Places that the configuration has told of everything; all when absent. */
  readonly hear?: readonly Where[];
  /** Parts of the configuration that a story writes anew, each on the lines below its key. */
  readonly rules?: Partial<Readonly<Record<'groups' | 'approval' | 'environments' | 'targets', string>>>;
}

/** A source and a provider that a story writes itself. */
export interface OwnCode {
  readonly kind: 'own';
  /** By which name people's accounts there are configured, e.g. `gitlab`. */
  readonly accounts: string;
  /** What stands under `sources.code`, under `providers.runs`, and in the service's `pipeline` beside the provider. */
  readonly source: string;
  readonly provider: string;
  readonly pipeline: string;
  readonly repository: string;
}

/** Secrets are kept in files beside the configuration, as an operator would keep them. */
export function writeSecrets(home: string, secrets: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(home, `${name}.txt`), `${value}\n`);
}

const ENVIRONMENTS = `  staging: { approval: { rules: [] } }
  production: { title: live for customers, aliases: [prod], customerFacing: true }`;

/**
 * The configuration of all stories: Anna asks, Ben writes, Cleo and Dina approve, Sam only reads. In #deploys the engineers hear, in
 * #shop the line, in #everybody the company, in each chat.
 */
export function settingsText(wish: SettingsWish): string {
  const { chats, code, count = 1, expires = '60m', more = '', rules = {}, hear } = wish;
  const pages = wish.console === true;
  const host = code.kind === 'own' ? code.accounts : 'github';
  const accounts = (who: keyof ChatPart['accounts']) =>
    chats.map((one) => `${one.id}: ${one.accounts[who]}, `).join('');
  return `
chats:
${chats.map(({ id, settings }) => `  ${id}: ${settings}`).join('\n')}${pages ? '\n  console: { enabled: true }' : ''}
people:
  - { id: anna, name: Anna Lind, accounts: { ${accounts('anna')}${host}: anna, email: anna@example.com } }
  - { id: ben, name: Ben Okafor, accounts: { ${accounts('ben')}${host}: ben, email: ben@example.com } }
  - { id: cleo, name: Cleo Marsh, accounts: { ${accounts('cleo')}${host}: cleo, email: cleo@example.com } }
  - { id: dina, name: Dina Wolf, accounts: { ${accounts('dina')}${host}: dina, email: dina@example.com } }
  - { id: sam, name: Sam Reed, accounts: { ${accounts('sam')}email: sam@example.com } }
groups:
${rules.groups ?? '  platform: { people: [anna, ben, cleo, dina] }'}
${codeText(code)}
approval:
${rules.approval ?? `  { rules: [{ group: platform, count: ${count} }], expires: ${expires} }`}
environments:
${rules.environments ?? ENVIRONMENTS}
services:
  web:
    title: Acme Shop
    aliases: [shop]
    repository: { source: code, name: ${repositoryOf(code)} }
    contact: '#team-shop'
    pipeline: { provider: runs, ${pipelineOf(code)} }
    environments:
${rules.targets ?? "      { staging: {}, production: { url: 'https://shop.example.com' } }"}
announce:
${chats.map((one) => announcedIn(one, hear)).join('\n')}${pages ? "\n  - { place: 'console:#deploys', audience: engineering }" : ''}
${more}`;
}

function announcedIn({ id, channels }: ChatPart, hear: readonly Where[] = PLACES): string {
  const audiences = { deploys: 'engineering', shop: 'line', everybody: 'broadcast' };
  return hear.map((where) => `  - { place: '${id}:${channels[where]}', audience: ${audiences[where]} }`).join('\n');
}

function repositoryOf(code: SettingsWish['code']): string {
  if (code.kind === 'own') return code.repository;
  return code.kind === 'github' ? 'acme/web' : "'.'";
}

function pipelineOf(code: SettingsWish['code']): string {
  if (code.kind === 'own') return code.pipeline;
  return code.kind === 'github' ? 'workflow: deploy.yml' : `command: ${JSON.stringify(code.command)}`;
}

function codeText(code: SettingsWish['code']): string {
  if (code.kind === 'own') return `sources: { code: ${code.source} }\nproviders: { runs: ${code.provider} }`;
  if (code.kind === 'local') {
    return `sources: { code: { type: git, folder: ${JSON.stringify(code.folder)} } }
providers: { runs: { type: local, repositories: ${JSON.stringify(code.folder)} } }`;
  }
  const login = `apiUrl: '${code.url}', auth: { token: 'file:github.txt' }`;
  return `sources: { code: { type: github, ${login} } }
providers: { runs: { type: github-actions, ${login}, webhookSecret: 'file:hook.txt' } }`;
}

/** Read as the programme reads it; a fault in it is a fault of the test. */
export function loaded(text: string): LoadedWhole {
  const read = loadConfiguration(text, 'countersign.yaml', configurationParts());
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read;
}
