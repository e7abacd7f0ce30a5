import type { Catalog, Service, TargetSettings } from '../../src/domain/catalog.ts';
import type { Person } from '../../src/domain/person.ts';

/** A small company to look at the console with: five people, three services, two environments. */
function person(id: string, name: string): Person {
  const accounts = [
    { system: 'console', id },
    { system: 'github', id },
  ];
  return { id, name, known: true, accounts };
}

export const ANNA = person('anna', 'Anna Keller');
export const BEN = person('ben', 'Ben Okafor');
export const CHIARA = person('chiara', 'Chiara Rossi');
export const DEV = person('dev', 'Dev Patel');
const SAM = person('sam', 'Sam Lindqvist');

function target(environment: string, service: string): TargetSettings {
  const live = environment === 'production';
  return {
    environment,
    policy: {
      rules: live ? [{ group: 'approvers', count: 1 }] : [],
      expiresMs: 3_600_000,
      checks: live ? 'required' : 'shown',
    },
    pipeline: { provider: 'actions', settings: {} },
    url: live ? `https://${service}.example.com` : `https://${service}.staging.example.com`,
    customerFacing: live,
    rollbackOnFailure: false,
    timeoutMs: 1_800_000,
  };
}

function service(id: string, title: string, environments: readonly string[]): Service {
  return {
    id,
    title,
    aliases: [],
    repository: { source: 'github', name: `acme/${id}` },
    defaultRef: 'main',
    contact: '#ask-web',
    targets: Object.fromEntries(environments.map((environment) => [environment, target(environment, id)])),
    flags: { migration: ['migrations/**'], configuration: ['config/**'] },
  };
}

const place = (channel: string) => ({ chat: 'console', tenant: 'local', channel });

export const CATALOG: Catalog = {
  version: 'c0ffee00'.repeat(8),
  services: {
    web: service('web', 'Web shop', ['staging', 'production']),
    api: service('api', 'Customer API', ['staging', 'production']),
    search: service('search', 'Product search', ['staging']),
  },
  environments: {
    staging: { id: 'staging', title: 'for trying out', aliases: ['stage'], order: 1 },
    production: { id: 'production', title: 'live for customers', aliases: ['prod'], order: 2 },
  },
  groups: {
    approvers: { id: 'approvers', source: { kind: 'people', people: ['chiara', 'dev'] } },
    engineers: { id: 'engineers', source: { kind: 'people', people: ['anna', 'ben'] } },
    support: { id: 'support', source: { kind: 'people', people: ['sam'] } },
  },
  people: { all: [ANNA, BEN, CHIARA, DEV, SAM] },
  subscriptions: [
    { place: place('#deploys'), audience: 'engineering', service: '*', environment: '*' },
    { place: place('#announcements'), audience: 'broadcast', service: '*', environment: 'production' },
  ],
  baseUrl: 'http://127.0.0.1:4400',
  command: '/deploy',
};
