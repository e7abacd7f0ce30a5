import { describe, expect, it } from 'vitest';
import type { Preferences } from '../../src/domain/person-book.ts';
import type { Review } from '../../src/domain/review.ts';
import { plain } from '../../src/domain/text.ts';
import { plan } from '../domain/samples.ts';
import { anna, ben, catalog, codesOf, deployment, NOW, runLines, told, wordsIn, world } from './world.ts';

const HERE = { language: 'de', timeZone: 'Europe/Berlin' } as const;
const REVIEW: Review = {
  ...{ deployment: 'D-1040', version: 1, causes: ['hotfix', 'override'], service: 'web', environment: 'production' },
  ...{ kind: 'hotfix', openedAt: NOW, dueAt: '2026-11-21T10:00:00.000Z', barred: [anna], chases: 0 },
};

/** Ben's world, as he wants to be spoken to. */
function bens(preferences: Preferences, known = catalog) {
  const made = world({ chats: ['console', 'slack'] }, known);
  made.shelf.people = [{ person: 'ben', version: 1, preferences }];
  made.shelf.deployments = [deployment({ plan: plan() })];
  made.shelf.reviews = [REVIEW];
  made.shelf.targets = [
    {
      ...{ service: 'web', environment: 'staging', version: 1 },
      lock: { by: ben, reason: 'Index', at: NOW, expiresAt: '2026-11-20T16:30:00.000Z' },
    },
  ];
  return made;
}

const lines = (words: ReturnType<typeof told>) => [
  plain(words.title),
  ...words.lines.map(plain),
  ...words.facts.map(({ label, value }) => `${label}: ${plain(value)}`),
  ...words.sections.flatMap(({ title, items }) => [title, ...items.map(plain)]),
  ...words.buttons.map(({ label }) => `[${label}]`),
  ...words.links.map(({ label }) => `[${label}]`),
  plain(words.context),
];

describe('home', () => {
  it('is German by the clock of whoever wants it so, from the first word to the last', async () => {
    const home = told(await bens({ ...HERE, quiet: { from: '22:00', to: '07:00' } }).say('home'));

    expect(lines(home)).toEqual([
      'Ben: 1 Anfrage und 1 Review warten auf dich.',
      'Du wirst benachrichtigt: immer, wenn du genannt wirst',
      'Ruhezeit: 22:00 bis 07:00 Uhr',
      'Deine Zeitzone: Europe/Berlin',
      'Deine Sprache: Deutsch',
      'Wartet auf dich',
      'D-1042 Wartet auf Freigabe · web → production · von Anna · seit 20. Nov., 11:00 MEZ',
      'Deine Sperren',
      'web in staging: Index · bis 20. Nov., 17:30 MEZ',
      'Reviews, die du übernehmen kannst',
      'D-1040 · web → production (Hotfix, Ausnahme von einer Regel) · fällig: 21. Nov., 11:00 MEZ',
      '[D-1042 anzeigen]',
      '[Deine Seite öffnen]',
      'Stand: 11:00 MEZ',
    ]);
    expect(home.summary).toBe(
      'Ben: 1 Anfrage und 1 Review warten auf dich. Du hast 0 offene Deployments und 1 Sperre.',
    );
    expect(home.language).toBe('de');
    expect(runLines(home.buttons)).toEqual(['status D-1042']);
  });

  it('is English by the clock of the team for whoever chose nothing', async () => {
    const home = told(await bens({}, { ...catalog, timeZone: 'Europe/Berlin' }).say('home'));

    expect(lines(home)).toEqual([
      'Ben: 1 request and 1 review wait for you.',
      'You are rung: whenever you are named',
      'Quiet hours: none',
      "Your time zone: Europe/Berlin (the team's)",
      "Your language: English (the team's)",
      'Waits for you',
      'D-1042 Needs approval · web → production · by Anna · since 20 Nov, 11:00 CET',
      'Locks you hold',
      'web in staging: Index · until 20 Nov, 17:30 CET',
      'Reviews you may do',
      'D-1040 · web → production (hotfix, override) · due 21 Nov, 11:00 CET',
      '[Show D-1042]',
      '[Open Your Page]',
      'As of 11:00 CET',
    ]);
    expect(home).not.toHaveProperty('language');
  });

  it('speaks the language of the team to whoever chose none', async () => {
    const made = world({}, { ...catalog, language: 'de' });
    made.shelf.deployments = [];

    const home = told(await made.say('home'));

    expect(lines(home)).toContain('Ben: Auf dich wartet gerade nichts.');
    expect(lines(home)).toContain('Von dir ist gerade nichts unterwegs.');
    expect(lines(home)).toContain('Deine Sprache: Deutsch (wie im Team)');
  });
});

describe('prefs', () => {
  it('shows all in German, how to change it, and what stays English', async () => {
    const shown = told(await bens({ ...HERE, mentions: 'needed' }).say('prefs'));

    expect(lines(shown)).toEqual([
      'Deine Einstellungen.',
      'So änderst du sie:',
      'prefs mentions all|needed|none',
      'prefs quiet 22:00-07:00|off',
      'prefs timezone Europe/Berlin',
      'prefs language en|de',
      'Karten und Ankündigungen, die auch andere sehen, bleiben auf Englisch, ebenso die Befehle.',
      'Du wirst benachrichtigt: nur, wenn es ohne dich nicht weitergeht',
      'Ruhezeit: keine',
      'Deine Zeitzone: Europe/Berlin',
      'Deine Sprache: Deutsch',
      '',
    ]);
  });

  it.each(['prefs language:de', 'prefs language de', 'prefs language = de', 'prefs Language : de'])(
    'answers "%s" in the language just chosen',
    async (line) => {
      const made = bens({});
      made.script.preference = { kind: 'done', preferences: { language: 'de' } };

      const said = told(await made.say(line));

      expect(made.calls.at(-1)).toMatchObject({ member: 'prefer', args: [{ value: 'de' }] });
      expect(plain(said.title)).toBe('Notiert. Deine Einstellungen sind jetzt:');
      expect(said.language).toBe('de');
    },
  );

  it('takes a time of day for no second name', async () => {
    const made = bens({});
    made.script.preference = { kind: 'done', preferences: {} };

    await made.say('prefs quiet 22:00-07:00');

    expect(made.calls.at(-1)).toMatchObject({ args: [{ what: 'quiet', value: '22:00-07:00' }] });
  });

  it('keeps the codes of refusals', async () => {
    const made = bens(HERE);
    const refused = {
      code: 'bad-preference',
      sentence: '„fr“ ist keine Sprache.',
      next: 'Möglich ist: `de`.',
    } as const;
    made.script.preference = { kind: 'refused', refusals: [refused] };

    expect(codesOf(await made.say('prefs language fr'))).toEqual(['bad-preference']);
  });
});

describe('reviews', () => {
  it('are German, with what is late said first', async () => {
    const made = bens(HERE);
    made.shelf.reviews = [
      REVIEW,
      { ...REVIEW, deployment: 'D-1039', causes: ['break-glass'], dueAt: '2026-11-19T10:00:00.000Z' },
    ];

    const said = told(await made.say('reviews'));

    expect(lines(said)).toEqual([
      '2 Reviews sind offen; überfällig: 1, von dir machbar: 2.',
      'Offene Reviews',
      'D-1040 · web → production (Hotfix, Ausnahme von einer Regel) · fällig: 21. Nov., 11:00 MEZ',
      'D-1039 · web → production (Notfall ohne Freigabe) · überfällig seit 19. Nov., 11:00 MEZ',
      '[D-1040 anzeigen]',
      '[D-1039 anzeigen]',
      '',
    ]);
  });

  it('are none', async () => {
    const made = bens(HERE);
    made.shelf.reviews = [];

    expect(plain(told(await made.say('reviews')).title)).toBe('Kein Review ist offen.');
  });
});

describe('whoami', () => {
  it('is German for whoever wants it so', async () => {
    expect(lines(told(await bens(HERE).say('whoami')))).toEqual([
      'Du bist Ben (ben).',
      'Du darfst Deployments anfragen und die freigeben, an denen du nicht beteiligt bist und bei denen eine deiner Gruppen gefragt ist.',
      'Deine Konten: console ben (laut Konfiguration)',
      'Slack: noch kein Konto bekannt. Wenn du dort eins hast, schreib dem Bot dort whoami; kennt er dich nicht, tippe hier link ein.',
      'Deine Gruppen: @platform',
      'Wird beim Klicken nachgesehen: @sre',
      'Du wirst gefragt bei: web → production, shop → production',
      '',
    ]);
  });

  it('speaks the language of the team to a stranger', async () => {
    const made = world({ chats: ['console', 'slack'] }, { ...catalog, language: 'de' });

    const said = told(await made.say('whoami', { actor: { system: 'console', id: 'zoe', name: 'Zoe' } }));

    expect(plain(said.title)).toBe('Wer Zoe ist, hat dem Bot noch niemand gesagt.');
    expect(wordsIn(said)).toContain('Dein Konto hier');
  });
});

describe('away and back', () => {
  const delegation = { to: anna, from: NOW, until: '2026-11-23T10:00:00.000Z', at: NOW };

  it.each([
    ['away 3d to anna', 'Anna vertritt dich bei Freigaben bis 23. Nov., 11:00 MEZ.'],
    ['back', 'Du entscheidest wieder selbst.'],
  ])('answers "%s" in German', async (line, title) => {
    const made = bens(HERE);
    made.script.delegation = { kind: 'done', delegation };

    const said = told(await made.say(line));

    expect(plain(said.title)).toBe(title);
    expect(said.lines.map(plain)[0]).toMatch(/^Anna weiß Bescheid\./);
  });
});

it('what is not told in German says so itself: it is not marked as German', async () => {
  const said = told(await bens(HERE).say('status'));

  expect(said).not.toHaveProperty('language');
});
