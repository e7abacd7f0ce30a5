import { describe, expect, it } from 'vitest';
import { changed, faultsOf, GOOD, loadWhole } from './parts.ts';

/** Path, message and remedy in one line; what people read. */
function wordsOf(text: string): readonly string[] {
  return faultsOf(text).map(({ path, message, remedy }) => `${path}: ${message}. ${remedy}`);
}

const MAPPED = changed(
  '    environments: [staging, production]\n',
  `    environments:
      staging: {}
      production: {}
`,
);

describe('approval', () => {
  it.each([
    [
      'a group of a further rule that is not there',
      'further: [{ when: { first: true }, rules: [{ group: platfrm }] }]',
      'approval.further[0].rules[0].group: There is no group "platfrm". Did you mean "platform"?',
    ],
    [
      'a further rule that nobody could meet',
      'further: [{ when: { first: true }, rules: [{ group: platform, count: 3 }] }]',
      'approval.further[0].rules[0].count: 3 of "platform" are needed, but the group has only 2. Ask for fewer, or add people to the group.',
    ],
    [
      'further rules without a condition',
      'further: [{ when: {}, rules: [{ group: platform }] }]',
      'approval.further[0].when: This names no condition. Name one of files, migrations, first, commits, kinds, or write the rules under `rules`.',
    ],
    [
      'further rules for rollbacks, which ask nobody',
      'further: [{ when: { kinds: [rollback] }, rules: [{ group: platform }] }]',
      'approval.further[0].when.kinds[0]: This is not one of: regular, hotfix. Known here: regular, hotfix.',
    ],
    [
      'a condition that nobody knows',
      'further: [{ when: { first: true, file: [a] }, rules: [{ group: platform }] }]',
      'approval.further[0].when.file: This key is unknown. Did you mean "files"?',
    ],
    [
      'further rules without a rule',
      'further: [{ when: { first: true }, rules: [] }]',
      'approval.further[0].rules: This is out of bounds. Use at least 1 entries.',
    ],
    [
      'code owners that a narrower place would take back',
      'codeOwners: false',
      'approval.codeOwners: This is not one of: true. Known here: true.',
    ],
    [
      'an escalation to a group that is not there',
      'escalations: [{ after: 20m, to: nobody }]',
      'approval.escalations[0].to: There is no group "nobody". Known here: platform.',
    ],
    [
      'somebody who may break the glass and is not there',
      'breakGlass: [anna, bne]',
      'approval.breakGlass[1]: There is no person "bne". Did you mean "ben"?',
    ],
  ])('is refused with %s', (_what, words, expected) => {
    expect(wordsOf(changed('approval:\n', `approval:\n  ${words}\n`))).toEqual([expected]);
  });

  it('is looked at in a service, at its own line', () => {
    const text = changed('    title: Web shop\n', '    title: Web shop\n    approval: { breakGlass: [carl] }\n');

    expect(faultsOf(text)).toMatchObject([{ line: 25, column: 30, path: 'services.web.approval.breakGlass[0]' }]);
  });

  it('cannot ask for two of a rotation, where one has the turn', () => {
    const text = changed(
      '{ people: [anna, ben] }',
      '{ rotation: [anna, ben], from: 2026-01-05T09:00Z, turn: 1w }',
      changed('[{ group: platform }]', '[{ group: platform, count: 2 }]'),
    );

    expect(faultsOf(text)).toMatchObject([{ path: 'approval.rules[0].count' }]);
  });

  it('is warned of an escalation that comes when the request is closed', () => {
    const late =
      'approval:\n  expires: 30m\n  escalations: [{ after: 10m, to: platform }, { after: 30m, to: platform }]\n';
    const { warnings } = loadWhole(changed('approval:\n', late));

    expect(warnings).toMatchObject([{ path: 'approval.escalations[1].after', line: 15 }]);
  });
});

describe('access', () => {
  it.each([
    [
      'a group that is not there',
      'deploy: [platfrm]',
      'access.deploy[0]: There is no group "platfrm". Did you mean "platform"?',
    ],
    ['a right that nobody knows', 'deplyo: [platform]', 'access.deplyo: This key is unknown. Did you mean "deploy"?'],
    [
      'a group without its list',
      'deploy: platform',
      "access.deploy: This is not a list of groups. Write [group], or '*' for everybody known.",
    ],
  ])('is refused with %s', (_what, words, expected) => {
    expect(wordsOf(`${GOOD}access: { ${words} }\n`)).toEqual([expected]);
  });

  it('is looked at in environments, services and targets', () => {
    const bad = 'access: { steal: [x] }';
    const environment = changed('    customerFacing: true\n', `    customerFacing: true\n    ${bad}\n`, MAPPED);
    const service = changed('    title: Web shop\n', `    title: Web shop\n    ${bad}\n`, environment);
    const text = changed('      production: {}\n', `      production: { ${bad} }\n`, service);

    expect(faultsOf(text).map(({ path }) => path)).toEqual([
      'environments.production.access.steal[0]',
      'services.web.access.steal[0]',
      'services.web.environments.production.access.steal[0]',
    ]);
  });

  it('gives no warning where nobody said who may deploy to customers', () => {
    expect(loadWhole(GOOD).warnings).toEqual([]);
  });
});

describe('a group', () => {
  it.each([
    [
      '{ rotation: [anna, bne], from: 2026-01-05T09:00Z, turn: 1w }',
      'groups.platform.rotation[1]: There is no person "bne". Did you mean "ben"?',
    ],
    [
      '{ rotation: [anna], from: 2026-01-05, turn: 1w }',
      'groups.platform.from: This is not a moment. Write date, time and Z for UTC, e.g. 2026-01-05T09:00Z.',
    ],
    [
      '{ rotation: [anna], from: 2026-01-05T09:00Z }',
      'groups.platform.turn: "turn" is missing. It means: How long a turn is, e.g. `1w`.',
    ],
    [
      "{ calendar: 'https://calendar.example.com/secret.ics' }",
      'groups.platform.calendar: This is not a reference to a secret. Put it into an environment variable or file and write env:NAME or file:path.',
    ],
    [
      '{ entraGroup: platform }',
      'groups.platform.entraGroup: This is not the object id of a group. Copy it from the page of the group in Entra.',
    ],
    [
      "{ teamsRoster: 'General' }",
      'groups.platform.teamsRoster: This is not the id of a channel. Write it as Teams gives it, e.g. 19:abc@thread.tacv2.',
    ],
    [
      '{ entraGroup: 99998888-dddd-4444-eeee-7777ffff0000 }',
      'groups.platform.entraGroup: The chat "teams" keeps this group but is not configured. Known here: slack, console.',
    ],
    [
      "{ teamsRoster: '19:a@thread.tacv2' }",
      'groups.platform.teamsRoster: The chat "teams" keeps this group but is not configured. Known here: slack, console.',
    ],
  ])('is refused: %s', (group, expected) => {
    expect(wordsOf(changed('{ people: [anna, ben] }', group))).toEqual([expected]);
  });
});

describe('the order of environments', () => {
  const following = (environment: string, own: string, text = MAPPED) =>
    changed(`      ${environment}: {}\n`, `      ${environment}: { after: ${own} }\n`, text);

  it.each([
    [
      'an environment that is not there',
      following('production', '[stagin]'),
      'services.web.environments.production.after[0]: There is no environment "stagin". Did you mean "staging"?',
    ],
    [
      'one that is not there, with its bake',
      following('production', '[{ environment: stagin, bake: 1h }]'),
      'services.web.environments.production.after[0].environment: There is no environment "stagin". Did you mean "staging"?',
    ],
    [
      'one where the service does not run',
      changed('[staging, production]', '[production]', changed('    customerFacing: true\n', '    after: [staging]\n')),
      'environments.production.after[0]: "web" comes to "production" after "staging", but does not run in "staging". Add "staging" to the environments of "web", or write `after: []` for its "production".',
    ],
    [
      'itself',
      following('production', '[production]'),
      'services.web.environments.production.after[0]: "production" waits for itself. Nothing could ever be deployed there: remove one of the steps.',
    ],
    [
      'an artifact that is asked for in another word',
      following('production', '[{ environment: staging, artifact: maybe }]'),
      'services.web.environments.production.after[0].artifact: This is not one of: required. Known here: required.',
    ],
    [
      'a bake without a unit',
      following('production', '[{ environment: staging, bake: "30" }]'),
      'services.web.environments.production.after[0].bake: This is not a length of time. Write a whole number and a unit, e.g. 90s, 60m, 2h, 1d or 1w.',
    ],
  ])('is refused with %s', (_what, text, expected) => {
    expect(wordsOf(text)).toEqual([expected]);
  });

  it('is refused when it goes in a circle, at every step of it', () => {
    const text = following('production', '[staging]', following('staging', '[{ environment: production }]'));

    expect(wordsOf(text).map((words) => words.split('. ')[0])).toEqual([
      'services.web.environments.staging.after[0].environment: "staging" and "production" wait for each other',
      'services.web.environments.production.after[0]: "production" and "staging" wait for each other',
    ]);
  });

  it('is refused when the circle is wider than two', () => {
    const three = changed(
      '  staging:\n',
      '  test:\n  staging:\n',
      changed('      staging: {}\n', '      test: { after: [production] }\n      staging: { after: [test] }\n', MAPPED),
    );

    expect(faultsOf(following('production', '[staging]', three))).toHaveLength(3);
  });
});

describe('the calendar', () => {
  const START = 'title: Christmas, from: 2026-12-20';

  it.each([
    [`${START}, until: 2026-12-20`, 'calendar.freezes[0].until: This is not after `from`. Write a later time.'],
    [START, 'calendar.freezes[0].until: "until" is missing. Write `until` or `for`.'],
    [
      `${START}, until: 2026-12-24, for: 4d`,
      'calendar.freezes[0].for: This and `until` say the same. Keep one of the two.',
    ],
    [
      'title: Christmas, from: 20.12.2026, for: 4d',
      'calendar.freezes[0].from: This is not a local time. Write a date or a date with a time, e.g. 2026-12-20 or 2026-12-20T18:00.',
    ],
    [
      `${START}, for: 4d, rule: every year`,
      'calendar.freezes[0].rule: This is not a rule of recurrence. Write an RRULE of iCalendar, e.g. FREQ=WEEKLY;BYDAY=FR.',
    ],
    [
      `${START}, for: 4d, timeZone: Zurich`,
      'calendar.freezes[0].timeZone: This time zone is unknown. Write its IANA name, e.g. Europe/Zurich or Etc/UTC.',
    ],
    [
      `${START}, for: 4d, environments: [prodution]`,
      'calendar.freezes[0].environments[0]: There is no environment "prodution". Did you mean "production"?',
    ],
    [
      `${START}, for: 4d, services: [wbe]`,
      'calendar.freezes[0].services[0]: There is no service "wbe". Did you mean "web"?',
    ],
  ])('is refused: %s', (entry, expected) => {
    expect(wordsOf(`${GOOD}calendar: { freezes: [{ ${entry} }] }\n`)).toEqual([expected]);
  });

  it('is warned of hours that come only once', () => {
    const { warnings } = loadWhole(`${GOOD}calendar: { hours: [{ title: Day, from: 2026-01-05T08:00, for: 10h }] }\n`);

    expect(warnings).toMatchObject([{ path: 'calendar.hours[0]', line: 28 }]);
  });

  it('is refused in a time zone that nobody knows', () => {
    expect(faultsOf(`${GOOD}timeZone: Mars/Olympus\n`)).toMatchObject([{ path: 'timeZone', line: 28 }]);
  });
});

describe('announcements', () => {
  it.each([
    [
      'audience: line, cadence: daily',
      'announce[0].cadence: Only a digest comes at a cadence. Write `audience: digest`, or remove the key.',
    ],
    [
      'audience: digest, cadence: hourly',
      'announce[0].cadence: This is not one of: daily, weekly. Known here: daily, weekly.',
    ],
    ['audience: line, people: [bne]', 'announce[0].people[0]: There is no person "bne". Did you mean "ben"?'],
    [
      'audience: line, moments: [fail]',
      'announce[0].moments[0]: This is not one of: asked, started, succeeded, failed. Did you mean "failed"?',
    ],
    ['audience: line, kinds: []', 'announce[0].kinds: This is out of bounds. Use at least 1 entries.'],
  ])('are refused: %s', (words, expected) => {
    expect(wordsOf(`${GOOD}announce: [{ place: 'console:#a', ${words} }]\n`)).toEqual([expected]);
  });
});

describe('checkpoints', () => {
  // Put together here, so that no scanner takes the test itself for a leak.
  const pem = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');

  it.each([
    ['key: checkpoints.pem', ['audit.checkpoints.key']],
    [`key: "${pem} MC4CAQAwBQYDK2Vw"`, ['audit.checkpoints.key']],
    ['every: 2h', ['audit.checkpoints.key']],
    ['key: env:K, copies: [{ s3: { bucket: a, region: b } }]', ['audit.checkpoints.copies[0].s3.retainDays']],
    ['key: env:K, copies: [{ s4: {} }]', ['audit.checkpoints.copies[0].folder', 'audit.checkpoints.copies[0].s4']],
    ['key: env:K, copies: [/mnt/once]', ['audit.checkpoints.copies[0]']],
  ])('are refused: %s', (words, paths) => {
    const faults = faultsOf(`${GOOD}audit: { checkpoints: { ${words} } }\n`);

    expect(faults.map(({ path }) => path)).toEqual(paths);
    expect(JSON.stringify(faults)).not.toContain('MC4CAQ');
  });
});
