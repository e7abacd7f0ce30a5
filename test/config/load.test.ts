import { describe, expect, it } from 'vitest';
import { placeSchema } from '../../src/config/fields.ts';
import { faultText } from '../../src/config/load.ts';
import { changed, faultsOf, GOOD, load, loadWhole } from './parts.ts';

describe('a configuration without faults', () => {
  it('becomes a catalog with every default filled in', () => {
    const { catalog, configuration, warnings } = loadWhole(GOOD);

    expect(warnings).toEqual([]);
    expect(configuration).toMatchObject({ name: 'Countersign', web: { host: '127.0.0.1', port: 4400 } });
    expect(catalog.command).toBe('/deploy');
    expect(catalog.services['web']).toMatchObject({ id: 'web', title: 'Web shop', defaultRef: 'main', aliases: [] });
    expect(catalog.services['web']?.targets['production']).toEqual({
      environment: 'production',
      policy: { rules: [{ group: 'platform', count: 1 }], expiresMs: 3_600_000, checks: 'shown' },
      pipeline: { provider: 'machine', settings: { command: 'make deploy', env: {} } },
      customerFacing: true,
      rollbackOnFailure: false,
      timeoutMs: 3_600_000,
    });
  });

  it('keeps the order in which environments are written, unless one says its own', () => {
    const { catalog } = loadWhole(changed('  staging:\n', '  staging:\n    order: 7\n'));

    expect(catalog.environments['staging']?.order).toBe(7);
    expect(catalog.environments['production']).toEqual({
      id: 'production',
      title: 'live for customers',
      aliases: ['prod'],
      order: 1,
    });
  });

  it('ties people to their accounts, one or several in each system', () => {
    const { catalog } = loadWhole(GOOD);

    expect(catalog.people.all[0]).toEqual({
      id: 'anna',
      name: 'Anna',
      known: true,
      accounts: [
        { system: 'console', id: 'anna' },
        { system: 'email', id: 'anna@example.com' },
      ],
    });
  });

  it('takes each key of an approval from the nearest place that has it', () => {
    const text = changed(
      'environments: [staging, production]',
      'environments:\n      staging:\n      production: { approval: { expires: 2h }, timeout: 90s, url: https://shop.example.com }',
      changed('    approval: { rules: [] }', '    approval: { rules: [], checks: required }'),
    );

    const targets = loadWhole(text).catalog.services['web']?.targets;

    expect(targets?.['staging']?.policy).toEqual({ rules: [], expiresMs: 3_600_000, checks: 'required' });
    expect(targets?.['production']).toMatchObject({
      policy: { rules: [{ group: 'platform', count: 1 }], expiresMs: 7_200_000, checks: 'shown' },
      timeoutMs: 90_000,
      url: 'https://shop.example.com',
    });
  });

  it('lets a target change single settings of the pipeline, or take another provider', () => {
    const providers = changed(
      '  machine: { type: local }',
      '  machine: { type: local }\n  actions: { type: github-actions, auth: { token: env:T } }',
    );
    const text = changed(
      'environments: [staging, production]',
      `environments:
      staging: { pipeline: { env: { A: b } } }
      production: { pipeline: { provider: actions, workflow: deploy.yml } }`,
      providers,
    );

    const targets = loadWhole(text).catalog.services['web']?.targets;

    expect(targets?.['staging']?.pipeline).toEqual({
      provider: 'machine',
      settings: { command: 'make deploy', env: { A: 'b' } },
    });
    expect(targets?.['production']?.pipeline).toEqual({ provider: 'actions', settings: { workflow: 'deploy.yml' } });
  });

  it('knows all forms of a group', () => {
    const text = `${changed('groups:\n', 'groups:\n  ops: { slackUserGroup: S0123 }\n  sre: { chat: slack, id: S9 }\n  core: { team: acme/core, source: here }\n')}
chats:
  slack: { botToken: env:B, appToken: env:A }
`;

    const { groups } = loadWhole(text).catalog;

    expect(groups['ops']?.source).toEqual({ kind: 'chat', chat: 'slack', id: 'S0123' });
    expect(groups['sre']?.source).toEqual({ kind: 'chat', chat: 'slack', id: 'S9' });
    expect(groups['core']?.source).toEqual({ kind: 'team', source: 'here', id: 'acme/core' });
    expect(groups['platform']?.source).toEqual({ kind: 'people', people: ['anna', 'ben'] });
  });

  it('reads places of announcements with and without a workspace', () => {
    const text = `${GOOD}
baseUrl: https://deploy.example.com/
announce:
  - { place: 'console:#deploys', audience: broadcast, environment: production }
  - { place: 'console:home:#deploys', audience: line, service: web }
`;

    const { catalog } = loadWhole(text);

    expect(catalog.baseUrl).toBe('https://deploy.example.com');
    expect(catalog.subscriptions).toEqual([
      {
        place: { chat: 'console', tenant: '', channel: '#deploys' },
        audience: 'broadcast',
        service: '*',
        environment: 'production',
      },
      {
        place: { chat: 'console', tenant: 'home', channel: '#deploys' },
        audience: 'line',
        service: 'web',
        environment: '*',
      },
    ]);
  });

  it.each([
    ['slack:C0123456', 'slack', '', 'C0123456'],
    ['slack:T024BE7LD:C0123456', 'slack', 'T024BE7LD', 'C0123456'],
    ['teams:19:a1b2@thread.tacv2', 'teams', '', '19:a1b2@thread.tacv2'],
    ['teams:19:a1b2_c3@unq.gbl.spaces', 'teams', '', '19:a1b2_c3@unq.gbl.spaces'],
    [
      'teams:11112222-bbbb-3333-cccc-4444dddd5555:19:a1b2@thread.tacv2',
      'teams',
      '11112222-bbbb-3333-cccc-4444dddd5555',
      '19:a1b2@thread.tacv2',
    ],
  ])('reads the place %s', (text, chat, tenant, channel) => {
    expect(placeSchema.parse(text)).toEqual({ chat, tenant, channel });
  });

  it.each(['teams', 'teams:', 'teams:19:', 'slack:T1:C1:1', 'slack:C1 C2'])('takes "%s" for no place', (text) => {
    expect(placeSchema.safeParse(text).success).toBe(false);
  });

  it('allows a service with the name of a command', () => {
    const { catalog } = loadWhole(changed('  web:\n', '  status:\n'));

    expect(Object.keys(catalog.services)).toEqual(['status']);
  });

  it('follows anchors and aliases of YAML', () => {
    const text = changed('{ people: [anna, ben] }', '&team { people: [anna, ben] }\n  security: *team');

    expect(loadWhole(text).catalog.groups['security']?.source).toEqual({ kind: 'people', people: ['anna', 'ben'] });
  });
});

describe('the version of a catalog', () => {
  const version = loadWhole(GOOD).catalog.version;

  it.each([
    ['the number of approvers', '[{ group: platform }]', '[{ group: platform, count: 2 }]'],
    ['a member of a group', 'people: [anna, ben]', 'people: [anna]'],
    ['an account', 'console: ben', 'console: benjamin'],
    ['a setting of a pipeline', 'make deploy', 'make all'],
    ['a setting of a provider', '{ type: local }', '{ type: local, keep: 3 }'],
    ['a repository', 'name: web }', 'name: shop }'],
    ['what customers use', 'customerFacing: true', 'customerFacing: false'],
  ])('changes with %s', (_what, from, to) => {
    expect(loadWhole(changed(from, to)).catalog.version).not.toBe(version);
  });

  it.each([
    ['a title', 'Web shop', 'Shop'],
    ['an alias', '[prod]', '[prod, live]'],
    ['a comment', 'approval:\n', 'approval: # who\n'],
  ])('stays with %s', (_what, from, to) => {
    expect(loadWhole(changed(from, to)).catalog.version).toBe(version);
  });

  it('stays when people stand in another order', () => {
    const ben = '  - { id: ben, name: Ben, accounts: { console: ben } }\n';
    const text = changed('people:\n', `people:\n${ben}`, changed(ben, ''));

    expect(loadWhole(text).catalog.version).toBe(version);
  });
});

describe('faults', () => {
  it('come all at once, in the order of the file, each with its place and a remedy', () => {
    const text = `
nme: x
command: deploy
database: mysql://db/x
sources:
  here: { type: gti }
providers:
  machine: { type: local, keep: many }
people:
  - { id: Anna, name: Anna }
approval:
  expires: 60
  rules: [{ group: platfrm }]
groups:
  platform: { people: [ben] }
environments:
  production:
services:
  web:
    repository: { source: there, name: web }
    pipeline: { provider: machine, comand: x }
    environments: [prodution]
`;

    const faults = faultsOf(text).map(({ line, column, path }) => `${line}:${column} ${path}`);

    expect(faults).toEqual([
      '2:1 nme',
      '3:10 command',
      '4:11 database',
      '6:17 sources.here.type',
      '8:33 providers.machine.keep',
      '10:11 people[0].id',
      '12:12 approval.expires',
      '13:20 approval.rules[0].group',
      '15:24 groups.platform.people[0]',
      '20:27 services.web.repository.source',
      '21:5 services.web.pipeline.command',
      '21:36 services.web.pipeline.comand',
      '22:20 services.web.environments[0]',
    ]);
    expect(faultsOf(text).filter(({ message, remedy }) => message === '' || !/[.?]$/.test(remedy))).toEqual([]);
  });

  it('are printed as file, line, column, path, message and remedy', () => {
    const [fault] = faultsOf(changed('title: Web shop', 'titel: Web shop'));

    expect(fault && faultText('countersign.yaml', fault)).toBe(
      'countersign.yaml:24:5 services.web.titel: This key is unknown. Did you mean "title"?',
    );
  });

  it('of an empty file say how to begin', () => {
    expect(faultsOf('# nothing\n')).toEqual([
      {
        line: 1,
        column: 1,
        path: '(file)',
        message: 'The file holds no keys',
        remedy: 'Begin with countersign.example.yaml, and keep its keys at the left margin.',
      },
    ]);
  });

  it('never leave a faulty configuration usable', () => {
    expect(load(changed('title: Web shop', 'title: [Web shop]')).ok).toBe(false);
  });
});
