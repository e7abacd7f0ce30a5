import { describe, expect, it } from 'vitest';
import { changed, faultsOf, GOOD, loadWhole } from './parts.ts';

/** Path, message and remedy in one line; what people read. */
function wordsOf(text: string): readonly string[] {
  return faultsOf(text).map(({ path, message, remedy }) => `${path}: ${message}. ${remedy}`);
}

describe('a fault of the schema', () => {
  it.each([
    [
      'an unknown key near a known one',
      'title: Web shop',
      'titel: Web shop',
      'services.web.titel: This key is unknown. Did you mean "title"?',
    ],
    [
      'a word near an allowed one',
      'type: git }',
      'type: gti }',
      'sources.here.type: This is not one of: github, git. Did you mean "git"?',
    ],
    [
      'text that was read as a number',
      'console: ben',
      'console: 0815',
      'people[1].accounts.console: This should be text or a list, not a number. Put the value in quotes.',
    ],
    [
      'a value that was forgotten',
      'title: Web shop',
      'title:',
      'services.web.title: This is empty. Give it a value, or remove the key.',
    ],
    [
      'a length of time without a unit',
      'customerFacing: true',
      'timeout: "60"',
      'environments.production.timeout: This is not a length of time. Write a whole number and a unit, e.g. 90s, 60m, 2h, 1d or 1w.',
    ],
    [
      'a key that is missing',
      'repository: { source: here, name: web }',
      'contact: Anna',
      'services.web.repository: "repository" is missing. It means: Where the code is kept.',
    ],
    [
      'an id with capitals',
      '  web:\n',
      '  Web:\n',
      'services.Web: This is not an id. Use at most 40 lower-case letters, digits and hyphens, beginning with a letter.',
    ],
    [
      'a number out of bounds',
      '{ group: platform }',
      '{ group: platform, count: 0 }',
      'approval.rules[0].count: This is out of bounds. Use at least 1.',
    ],
    [
      'a mapping where a list belongs',
      'aliases: [prod]',
      'aliases: { prod: 1 }',
      'environments.production.aliases: This should be a list, not a mapping. It means: Other names that people may type.',
    ],
    [
      'a setting of a provider',
      'type: local }',
      'type: local, kep: 3 }',
      'providers.machine.kep: This key is unknown. Did you mean "keep"?',
    ],
    [
      'a setting of a pipeline',
      'command: make deploy',
      'command: 3',
      'services.web.pipeline.command: This should be text, not a number. Put the value in quotes.',
    ],
    [
      'a form of group that nobody knows',
      '{ people: [anna, ben] }',
      '{ peple: [anna] }',
      'groups.platform.peple: This key is unknown. Did you mean "people"?',
    ],
  ])('names the place and the remedy of %s', (_what, from, to, expected) => {
    expect(wordsOf(changed(from, to))).toContain(expected);
  });

  it.each([
    ['postgres://user@db', 'This address names no database'],
    ['mysql://db/x', 'This database is unknown'],
  ])('refuses the database %s in plain words', (database, message) => {
    expect(faultsOf(`${GOOD}database: ${database}\n`)).toMatchObject([{ path: 'database', message }]);
  });

  it.each(['data/log.db', 'postgres://user@db/x', 'postgresql://db:5433/x?sslmode=require', 'env:DATABASE'])(
    'takes the database %s',
    (database) => {
      expect(faultsOf(`${GOOD}database: ${database}\n`)).toEqual([]);
    },
  );

  it.each(['deploy', '/Deploy', '/', '/a b', `/${'a'.repeat(32)}`])('refuses the command %s', (command) => {
    expect(faultsOf(`${GOOD}command: "${command}"\n`)).toMatchObject([{ path: 'command' }]);
  });
});

describe('half a Slack configuration', () => {
  it.each([
    ['no token at all', '{}', ['chats.slack.botToken']],
    ['a bot token alone', '{ botToken: env:B }', ['chats.slack.appToken']],
    ['an app token alone', '{ appToken: env:A }', ['chats.slack.botToken']],
    ['nothing behind the key', '', ['chats.slack']],
  ])('is refused with %s', (_what, slack, paths) => {
    expect(faultsOf(`${GOOD}chats:\n  slack: ${slack}\n`).map(({ path }) => path)).toEqual(paths);
  });

  it('says what is missing and what to do', () => {
    expect(wordsOf(`${GOOD}chats:\n  slack: { botToken: env:B }\n`)).toEqual([
      'chats.slack.appToken: "appToken" is needed in Socket Mode. Create one and refer to it.',
    ]);
  });
});

describe('a secret in the file', () => {
  // Put together here, so that no scanner takes the test itself for a leak.
  const slackToken = ['xoxb', '1234567890', 'abcdefghijkl'].join('-');
  const githubToken = ['ghp', 'A'.repeat(36)].join('_');
  const plain = 'correct horse battery staple';

  it.each([
    [
      'a Slack token',
      `chats: { slack: { botToken: ${slackToken}, appToken: env:A } }`,
      slackToken,
      'chats.slack.botToken',
    ],
    ['a token under a harmless name', `name: ${githubToken}`, githubToken, 'name'],
    [
      'a password under a telling name',
      `chats: { slack: { botToken: env:B, signingSecret: ${plain} } }`,
      plain,
      'chats.slack.signingSecret',
    ],
    ['a password in an address', 'baseUrl: https://anna:geheim@deploy.example.com', 'geheim', 'baseUrl'],
    [
      'a token as database',
      `database: postgres://bot:${plain.replaceAll(' ', '')}@db/x`,
      plain.replaceAll(' ', ''),
      'database',
    ],
  ])('is found: %s; and never repeated', (_what, line, secret, path) => {
    const faults = faultsOf(`${GOOD}${line}\n`);

    expect(faults).toMatchObject([{ path }]);
    expect(faults[0]?.remedy).toMatch(/env:[A-Z_]+ or file:/);
    expect(JSON.stringify(faults)).not.toContain(secret);
  });

  it('is not taken for one when it is a reference', () => {
    expect(faultsOf(`${GOOD}chats: { slack: { botToken: env:B, appToken: file:app-token } }\n`)).toEqual([]);
  });

  it('is not repeated when a name is given that looks like one', () => {
    const faults = faultsOf(changed('group: platform', `group: ${githubToken}`));

    expect(faults.map(({ path }) => path)).toEqual(['approval.rules[0].group']);
    expect(JSON.stringify(faults)).not.toContain(githubToken);
  });
});

describe('names that refer to nothing', () => {
  it.each([
    [
      'a group',
      'group: platform',
      'group: platfrm',
      'approval.rules[0].group: There is no group "platfrm". Did you mean "platform"?',
    ],
    [
      'a source',
      'source: here',
      'source: there',
      'services.web.repository.source: There is no source "there". Did you mean "here"?',
    ],
    [
      'a provider',
      'provider: machine',
      'provider: jenkins',
      'services.web.pipeline.provider: There is no provider "jenkins". Known here: machine.',
    ],
    [
      'a person',
      '[anna, ben]',
      '[anna, bne]',
      'groups.platform.people[1]: There is no person "bne". Did you mean "ben"?',
    ],
    [
      'an environment of a list',
      '[staging, production]',
      '[stagin]',
      'services.web.environments[0]: There is no environment "stagin". Did you mean "staging"?',
    ],
    [
      'an environment of a mapping',
      '[staging, production]',
      '{ stagin: {} }',
      'services.web.environments.stagin: There is no environment "stagin". Did you mean "staging"?',
    ],
  ])('are named: %s', (_what, from, to, expected) => {
    expect(wordsOf(changed(from, to))).toEqual([expected]);
  });

  it('are named in announcements', () => {
    const text = `${GOOD}announce:\n  - { place: 'slak:C1', audience: line, service: wbe, environment: live }\n`;

    expect(wordsOf(text)).toEqual([
      'announce[0].place: There is no chat "slak". Did you mean "slack"?',
      'announce[0].service: There is no service "wbe". Did you mean "web"?',
      'announce[0].environment: There is no environment "live". Known here: staging, production.',
    ]);
  });

  it('are named for groups of a chat that is not configured', () => {
    expect(wordsOf(changed('{ people: [anna, ben] }', '{ slackUserGroup: S012 }'))).toEqual([
      'groups.platform.slackUserGroup: The chat "slack" keeps this group but is not configured. Add `slack` under `chats`.',
    ]);
  });

  it('do not count as missing when they are only at fault themselves', () => {
    const text = changed('type: git }', 'type: git, folder: 3 }', changed('{ people: [anna, ben] }', '{ people: 7 }'));

    expect(faultsOf(text).map(({ path }) => path)).toEqual(['sources.here.folder', 'groups.platform.people']);
  });

  it('are found at their own line below entries that are at fault', () => {
    const text = changed('  - id: anna\n', '  - { id: Carl, name: Carl }\n  - { id: dora }\n  - id: anna\n');
    const faults = faultsOf(changed('accounts: { console: ben }', 'accounts: { console: anna }', text));

    expect(faults.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '7 people[0].id',
      '8 people[1].name',
      '12 people[3].accounts.console',
    ]);
  });
});

describe('rules and names that cannot work', () => {
  it.each([
    [
      'more countersignatures than people',
      '{ group: platform }',
      '{ group: platform, count: 3 }',
      'approval.rules[0].count: 3 of "platform" are needed, but the group has only 2. Ask for fewer, or add people to the group.',
    ],
    [
      'one account of two people',
      'console: ben',
      'console: anna',
      'people[1].accounts.console: This console account already belongs to "anna". One account is one human: leave it with one of the two.',
    ],
    [
      'an e-mail address in other letters',
      'console: ben',
      'email: ANNA@example.com',
      'people[1].accounts.email: This email account already belongs to "anna". One account is one human: leave it with one of the two.',
    ],
    [
      'two people of one id',
      'id: ben',
      'id: anna',
      'people[1].id: There are two people with the id "anna". Choose another name.',
    ],
    [
      'an alias that is an id',
      '[prod]',
      '[staging]',
      'environments.production.aliases[0]: The name "staging" already stands for "staging". Choose another name.',
    ],
    [
      'an alias twice',
      '[prod]',
      '[prod, prod]',
      'environments.production.aliases[1]: The name "prod" already stands for "production". Choose another name.',
    ],
  ])('are refused: %s', (_what, from, to, expected) => {
    expect(wordsOf(changed(from, to))).toContain(expected);
  });

  it('are refused: a service without environments, and one without a pipeline', () => {
    expect(faultsOf(changed('[staging, production]', '[]'))).toMatchObject([{ path: 'services.web.environments' }]);
    expect(faultsOf(changed('[staging, production]', '{}'))).toMatchObject([{ path: 'services.web.environments' }]);
    expect(faultsOf(changed('    pipeline: { provider: machine, command: make deploy }\n', ''))).toMatchObject([
      { path: 'services.web.pipeline', message: '"pipeline" is missing' },
    ]);
  });
});

describe('a warning, not a fault', () => {
  it('is given for customers without a countersignature', () => {
    const { warnings } = loadWhole(changed('  rules: [{ group: platform }]', '  rules: []'));

    expect(warnings).toMatchObject([
      {
        path: 'services.web.environments',
        message: 'Customers use "web" in "production", but nobody needs to countersign',
      },
    ]);
  });

  it('is given for an account of a system that nobody knows', () => {
    const { warnings } = loadWhole(changed('console: ben', 'githbu: ben'));

    expect(warnings).toMatchObject([{ line: 10, path: 'people[1].accounts.githbu', remedy: 'Did you mean "github"?' }]);
  });

  it('is given for an announcement in a chat that is not configured', () => {
    const { warnings } = loadWhole(`${GOOD}announce: [{ place: 'slack:C1', audience: line }]\n`);

    expect(warnings).toMatchObject([{ path: 'announce[0].place' }]);
  });
});

describe('YAML that is at fault', () => {
  it('is reported together with the faults of the schema when the content is still clear', () => {
    const text = changed('title: Web shop', 'titel: Web shop\n    contact: Anna\n    contact: Ben');

    expect(faultsOf(text).map(({ line, message }) => `${line} ${message}`)).toEqual([
      '24 This key is unknown',
      '26 This key stands here twice',
    ]);
  });

  it('is reported with the faults above it, and without guesses about what stands below', () => {
    const text = `nme: x
groups:
  platform: { people: [anna
services:
  web: { environments: [nowhere] }
`;

    const lines = faultsOf(text).map(({ line }) => line);

    expect(lines).toContain(1);
    expect(lines.some((line) => line >= 4)).toBe(true);
    expect(faultsOf(text).filter(({ message }) => /missing|There is no/.test(message))).toEqual([]);
  });

  it.each([
    ['a tab', 'name: x\nweb:\n\tport: 1\n', 3],
    ['several documents', `${GOOD}---\nname: x\n`, 28],
    ['an anchor that is not there', `${GOOD}name: *nothing\n`, 28],
    ['a list instead of keys', '- a\n- b\n', 1],
    ['one word', 'hello\n', 1],
  ])('is reported with its line: %s', (_what, text, line) => {
    expect(faultsOf(text)).toContainEqual(expect.objectContaining({ line }));
  });

  it('cannot make the programme run out of memory by anchors upon anchors', () => {
    const level = (index: number) =>
      `a${index}: &a${index} [${Array(10)
        .fill(`*a${index - 1}`)
        .join(', ')}]`;
    const bomb = ['a0: &a0 [x]', ...Array.from({ length: 9 }, (_, index) => level(index + 1))].join('\n');

    expect(faultsOf(bomb)).toMatchObject([{ message: 'The file refers to its own anchors too often' }]);
  });
});
