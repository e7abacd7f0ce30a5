import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { durationSchema, localTimeSchema, momentSchema, timeZoneSchema } from '../../src/config/fields.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { changed, GOOD, loadWhole, parts } from './parts.ts';

const ENVIRONMENTS = '    environments: [staging, production]';
const PLATFORM = 'groups:\n';
/** The same file with every place where approval and access can be said; `{}` stands for what a test puts there. */
const PLACES = changed(
  ENVIRONMENTS,
  '    approval: {} # service\n    access: {} # service\n    environments:\n      staging:\n      production:\n        approval: {} # target\n        access: {} # target\n        # more',
  changed(
    '    customerFacing: true\n',
    '    customerFacing: true\n    approval: {} # environment\n    access: {} # environment\n',
  ),
)
  .replace('  rules: [{ group: platform }]', '  rules: [{ group: platform }] # file')
  .replace('approval:\n', 'access: {} # file\napproval:\n');

type Said = Readonly<Record<string, string>>;

/** What becomes of the target `web/production` when the places say this of a key. */
function production(key: 'approval' | 'access', said: Said) {
  let text = PLACES;
  for (const [place, words] of Object.entries(said)) {
    text =
      key === 'approval' && place === 'file'
        ? changed('{ group: platform }] # file', `{ group: platform }]\n  ${words}`, text)
        : changed(`${key}: {} # ${place}`, `${key}: { ${words} }`, text);
  }
  const target = loadWhole(text).catalog.services['web']?.targets['production'];
  if (target === undefined) throw new Error('There is no such target.');
  return target;
}

const rule = (group: string, count = 1) => ({ group, count });

describe('an approval', () => {
  it('adds further rules up over every place', () => {
    const { policy } = production('approval', {
      file: 'further: [{ when: { migrations: true }, rules: [{ group: platform, count: 2 }] }]',
      environment: "further: [{ when: { files: ['db/**'] }, rules: [{ group: platform }] }]",
      service: 'further: [{ when: { first: true, commits: 20 }, rules: [{ group: platform }] }]',
      target: 'further: [{ when: { kinds: [hotfix] }, rules: [{ group: platform }] }]',
    });

    expect(policy.further).toHaveLength(4);
    expect(policy.further).toEqual(
      expect.arrayContaining([
        { when: { migrations: true }, rules: [rule('platform', 2)] },
        { when: { files: ['db/**'] }, rules: [rule('platform')] },
        { when: { first: true, commits: 20 }, rules: [rule('platform')] },
        { when: { kinds: ['hotfix'] }, rules: [rule('platform')] },
      ]),
    );
  });

  it.each(['file', 'environment', 'service', 'target'])('asks code owners when the %s says so', (place) => {
    expect(production('approval', { [place]: 'codeOwners: true' }).policy.codeOwners).toBe(true);
  });

  it.each([
    [{ file: 'escalations: [{ after: 20m, to: platform }]' }, [1_200_000]],
    [{ file: 'escalations: [{ after: 20m, to: platform }]', target: 'escalations: []' }, undefined],
    [
      {
        environment: 'escalations: [{ after: 20m, to: platform }]',
        service: 'escalations: [{ after: 5m, to: platform }]',
      },
      [300_000],
    ],
    [{ target: 'escalations: [{ after: 30m, to: platform }, { after: 5m, to: platform }]' }, [300_000, 1_800_000]],
  ])('takes escalations from the nearest place, in the order of their times: %j', (said: Said, times) => {
    const { escalations } = production('approval', said).policy;

    expect(escalations?.map(({ afterMs }) => afterMs)).toEqual(times);
    expect(escalations?.every(({ to }) => to === 'platform') ?? true).toBe(true);
  });

  it.each([
    [{}, undefined],
    [{ file: 'breakGlass: [anna]' }, ['anna']],
    [{ file: 'breakGlass: [anna]', service: 'breakGlass: [ben]' }, ['ben']],
    [{ file: 'breakGlass: [anna]', target: 'breakGlass: []' }, undefined],
  ])('lets the nearest place name who may break the glass: %j', (said: Said, people) => {
    expect(production('approval', said).policy.breakGlass).toEqual(people);
  });

  it.each([
    [{ environment: 'expires: 2h', service: 'expires: 3h' }, 10_800_000],
    [{ service: 'expires: 3h', target: 'expires: 4h' }, 14_400_000],
    [{ file: 'expires: 1w' }, 604_800_000],
  ])('counts the service as nearer than the environment: %j', (said: Said, expiresMs) => {
    expect(production('approval', said).policy.expiresMs).toBe(expiresMs);
  });
});

describe('access', () => {
  it.each([
    [{}, undefined],
    [{ file: "deploy: '*', hotfix: [platform]" }, { deploy: ['*'], hotfix: ['platform'] }],
    [
      { file: "deploy: '*', lock: '*'", environment: 'deploy: [platform]' },
      { deploy: ['platform'], lock: ['*'] },
    ],
    [{ environment: "steal: '*'", service: 'steal: [platform]' }, { steal: ['platform'] }],
    [{ service: "override: '*'", target: 'override: []' }, { override: [] }],
    [
      { file: 'cancel: []', target: "rollback: '*'" },
      { cancel: [], rollback: ['*'] },
    ],
  ])('is taken right by right from the nearest place: %j', (said: Said, access) => {
    expect(production('access', said).access).toEqual(access);
  });
});

describe('a group', () => {
  const CHAT = '\nchats: { slack: { botToken: env:B, appToken: env:A } }\n';

  it.each([
    [
      'a rotation',
      '{ rotation: [ben, anna], from: 2026-01-05T09:00Z, turn: 1w }',
      { kind: 'rotation', people: ['ben', 'anna'], from: '2026-01-05T09:00:00.000Z', turnMs: 604_800_000 },
    ],
    [
      'a rotation that begins by the clocks elsewhere',
      '{ rotation: [ben], from: 2026-01-05T09:00+01:00, turn: 12h }',
      { kind: 'rotation', people: ['ben'], from: '2026-01-05T08:00:00.000Z', turnMs: 43_200_000 },
    ],
    ['a calendar', "{ calendar: 'env:ONCALL_ICAL' }", { kind: 'calendar', address: 'env:ONCALL_ICAL' }],
  ])('may be %s', (_what, group, source) => {
    const text = changed(PLATFORM, `groups:\n  duty: ${group}\n`) + CHAT;

    expect(loadWhole(text).catalog.groups['duty']).toEqual({ id: 'duty', source });
  });
});

describe('a group that Teams keeps', () => {
  const chats = [...parts.chats, { type: 'teams', settings: z.strictObject({}) }];

  it.each([
    ['{ entraGroup: 99998888-DDDD-4444-eeee-7777ffff0000 }', 'entra:99998888-dddd-4444-eeee-7777ffff0000'],
    ["{ teamsRoster: '19:a1b2@thread.tacv2' }", 'roster:19:a1b2@thread.tacv2'],
  ])('is named by its kind and id: %s', (group, id) => {
    const text = `${changed(PLATFORM, `groups:\n  leads: ${group}\n`)}chats: { teams: {} }\n`;
    const loaded = loadConfiguration(text, 'countersign.yaml', { ...parts, chats });

    expect(loaded).toMatchObject({
      ok: true,
      catalog: { groups: { leads: { source: { kind: 'chat', chat: 'teams', id } } } },
    });
  });
});

describe('a target', () => {
  it.each([
    ['', '', { regions: undefined, after: undefined, reviewMs: undefined }],
    ['regions: [eu, us]', '', { regions: ['eu', 'us'] }],
    ['regions: [eu, us]', 'regions: [ch]', { regions: ['ch'] }],
    ['regions: [eu]', 'regions: []', { regions: undefined }],
    ['review: 3d', '', { reviewMs: 259_200_000 }],
    ['review: 3d', 'review: 12h', { reviewMs: 43_200_000 }],
    ['after: [staging]', '', { after: [{ environment: 'staging', bakeMs: 0 }] }],
    [
      'after: [staging]',
      'after: [{ environment: staging, bake: 30m }]',
      { after: [{ environment: 'staging', bakeMs: 1_800_000 }] },
    ],
    ['after: [{ environment: staging }]', '', { after: [{ environment: 'staging', bakeMs: 0 }] }],
    [
      'after: [{ environment: staging, artifact: required }]',
      '',
      { after: [{ environment: 'staging', bakeMs: 0, artifact: 'required' }] },
    ],
    ['after: [staging]', 'after: []', { after: undefined }],
  ])('takes %j of its environment and %j of its own', (around, own, expected) => {
    const wide = changed('    customerFacing: true\n', `    customerFacing: true\n    ${around}\n`, PLACES);
    const target = loadWhole(changed('        # more', `        ${own}`, wide)).catalog.services['web']?.targets[
      'production'
    ];

    expect(target).toBeDefined();
    expect({ regions: target?.regions, after: target?.after, reviewMs: target?.reviewMs }).toMatchObject(expected);
  });
});

describe('the file', () => {
  it('says the time zone of the team and who builds a service', () => {
    const { catalog } = loadWhole(`${changed('    title: Web shop\n', '    team: Shop\n')}timeZone: Europe/Zurich\n`);

    expect(catalog.timeZone).toBe('Europe/Zurich');
    expect(catalog.services['web']?.team).toBe('Shop');
  });

  it('says the language of whoever has chosen none, and changes nothing about an approval with it', () => {
    const { catalog } = loadWhole(`${GOOD}language: de\n`);

    expect(catalog.language).toBe('de');
    expect(catalog.version).toBe(loadWhole(GOOD).catalog.version);
  });

  it('says nothing of what is not in it', () => {
    const { catalog } = loadWhole(GOOD);

    expect(catalog).not.toHaveProperty('language');
    expect(catalog).not.toHaveProperty('timeZone');
    expect(catalog).not.toHaveProperty('calendar');
    expect(catalog.services['web']).not.toHaveProperty('team');
  });

  it('has a calendar of freezes and hours, in the time zone of the entry, of the file, or in UTC', () => {
    const calendar = `
calendar:
  freezes:
    - { title: Christmas, from: 2026-12-23T18:00, until: 2027-01-04, rule: FREQ=YEARLY, environments: [production] }
  hours:
    - { title: Day, from: 2026-01-05T08:00, for: 10h, rule: 'FREQ=WEEKLY;BYDAY=MO,TU', services: [web], timeZone: Asia/Tokyo }
`;
    const christmas = {
      title: 'Christmas',
      from: '2026-12-23T18:00',
      forMs: 11.25 * 86_400_000,
      rule: 'FREQ=YEARLY',
      environments: ['production'],
    };
    const day = {
      title: 'Day',
      from: '2026-01-05T08:00',
      forMs: 36_000_000,
      rule: 'FREQ=WEEKLY;BYDAY=MO,TU',
      services: ['web'],
      timeZone: 'Asia/Tokyo',
    };

    expect(loadWhole(GOOD + calendar).catalog.calendar).toEqual({
      freezes: [{ ...christmas, timeZone: 'Etc/UTC' }],
      hours: [day],
    });
    expect(loadWhole(`${GOOD}${calendar}timeZone: Europe/Zurich\n`).catalog.calendar).toEqual({
      freezes: [{ ...christmas, timeZone: 'Europe/Zurich' }],
      hours: [day],
    });
  });

  it('measures until a time by the clocks on the wall, whatever summer time does between', () => {
    const calendar = 'calendar: { freezes: [{ title: Easter, from: 2026-03-28, until: 2026-03-30 }] }';
    const { catalog } = loadWhole(`${GOOD}timeZone: Europe/Zurich\n${calendar}\n`);

    expect(catalog.calendar?.freezes).toEqual([
      { title: 'Easter', from: '2026-03-28T00:00', forMs: 172_800_000, timeZone: 'Europe/Zurich' },
    ]);
  });

  it('says who hears of what, and how often', () => {
    const text = `${GOOD}announce:
  - { place: 'console:#a', audience: digest }
  - { place: 'console:#a', audience: digest, cadence: weekly }
  - { place: 'console:#a', audience: line, moments: [failed], refs: [main], people: [anna], kinds: [hotfix, rollback] }
`;
    const everything = {
      place: { chat: 'console', tenant: '', channel: '#a' },
      service: '*',
      environment: '*',
    };

    expect(loadWhole(text).catalog.subscriptions).toEqual([
      { ...everything, audience: 'digest', cadence: 'daily' },
      { ...everything, audience: 'digest', cadence: 'weekly' },
      {
        ...everything,
        audience: 'line',
        moments: ['failed'],
        refs: ['main'],
        people: ['anna'],
        kinds: ['hotfix', 'rollback'],
      },
    ]);
  });

  it('says how checkpoints are signed and where they are copied to', () => {
    const { configuration } = loadWhole(`${GOOD}
audit:
  checkpoints:
    key: file:checkpoints.pem
    copies:
      - folder: /mnt/once
      - s3: { bucket: audit, region: eu-central-1, retainDays: 400 }
      - s3: { bucket: audit, prefix: a/, region: here, endpoint: 'https://s3.example.com', retainDays: 1 }
`);

    expect(configuration.audit?.checkpoints).toEqual({
      key: 'file:checkpoints.pem',
      every: 3_600_000,
      copies: [
        { folder: '/mnt/once' },
        { s3: { bucket: 'audit', prefix: 'countersign/', region: 'eu-central-1', retainDays: 400 } },
        { s3: { bucket: 'audit', prefix: 'a/', region: 'here', endpoint: 'https://s3.example.com', retainDays: 1 } },
      ],
    });
  });
});

describe('single values', () => {
  it.each([
    ['90s', 90_000],
    ['2w', 1_209_600_000],
    ['3d', 259_200_000],
  ])('%s is a length of time', (text, ms) => {
    expect(durationSchema.parse(text)).toBe(ms);
  });

  it.each([
    ['2026-12-20', '2026-12-20T00:00'],
    ['2026-12-20T18:30', '2026-12-20T18:30'],
    ['2024-02-29', '2024-02-29T00:00'],
  ])('%s is a local time', (text, local) => {
    expect(localTimeSchema.parse(text)).toBe(local);
  });

  it.each(['2026-02-30', '2026-02-29', '2026-13-01', '2026-12-20T24:30', '2026-12-20T18:00Z', '20.12.2026', '2026-12'])(
    '%s is no local time',
    (text) => {
      expect(localTimeSchema.safeParse(text).success).toBe(false);
    },
  );

  it.each(['2026-01-05T09:00', '2026-02-30T09:00Z', '2026-01-05', '2026-01-05T25:00Z', '2026-01-05T09:00+99:00'])(
    '%s is no moment',
    (text) => {
      expect(momentSchema.safeParse(text).success).toBe(false);
    },
  );

  it.each(['Europe/Zurich', 'Etc/UTC', 'UTC', 'America/Argentina/Ushuaia'])('%s is a time zone', (name) => {
    expect(timeZoneSchema.parse(name)).toBe(name);
  });

  it.each(['Europe/Zuerich', '+01:00', '', 'Zurich time'])('"%s" is no time zone', (name) => {
    expect(timeZoneSchema.safeParse(name).success).toBe(false);
  });
});
