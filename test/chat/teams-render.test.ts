import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdown } from '../../adapters/chat/teams/markdown.ts';
import { readPress } from '../../adapters/chat/teams/press.ts';
import { messageOf, type Reader, render, type View } from '../../adapters/chat/teams/render.ts';
import { type Announcement, type Button, note } from '../../src/domain/announcement.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Inline } from '../../src/domain/text.ts';
import { monster } from '../contract/chat.ts';
import { anyAnnouncement, anyInline, anyString } from './cards-arbitrary.ts';
import { all, cardFaults, wordsOf } from './cards-check.ts';
import { scenes } from './slack-scenes.ts';

const reader: Reader = { mention: (person) => ({ id: `29:${person.id}`, name: person.name }) };
const nobody: Reader = { mention: () => undefined };
const view: View = { key: 'k1', revision: 3 };
const human = (id: string, name: string): Person => ({ id, name, known: true, accounts: [] });
const anna = human('anna', 'Anna *B* <b>');
const cleo = human('cleo', 'Cleo Marsh');
const dina = human('dina', 'Dina Wolf');

describe('a text', () => {
  it.each<[string, Inline, string]>([
    ['formatting', 'a *b* _c_ ~~d~~ `e`', 'a ∗b∗ ＿c＿ ∼∼d∼∼ ˋeˋ'],
    ['underscores within words', 'fix_it __init__', 'fix_it ＿＿init＿＿'],
    ['a link', '[x](https://evil.test) [JIRA-1] y', '[x]\u200b(https://evil.test) [JIRA-1] y'],
    ['an image', '![x](https://evil.test)', '!\u200b[x]\u200b(https://evil.test)'],
    ['a mention', '<at>Anna</at> @everyone', '‹at›Anna‹/at› @everyone'],
    ['an entity', 'R&D &lt;b&gt; &#60;', 'R&D ＆lt;b＆gt; ＆#60;'],
    ['a backslash', 'C:\\*x', 'C:∖∗x'],
    ['a function', '{{DATE(2026-11-21T10:42:00Z)}}', '{\u200b{DATE(2026-11-21T10:42:00Z)}}'],
    ['a heading', '# x', '\u200b# x'],
    ['a list', '- x', '\u200b- x'],
    ['a numbered list', '12. x', '\u200b12. x'],
    ['a table', '| a |', '\u200b| a |'],
    ['a second line', 'one\n> two\n\n- three', 'one › two - three'],
    ['characters that turn the line around', 'safe\u202eevil', 'safeevil'],
    ['code', { kind: 'code', text: 'a`b <c>' }, 'aˋb ‹c›'],
    ['strong words', { kind: 'strong', text: ' done ' }, '**done**'],
    ['strong words that would not touch', { kind: 'strong', text: 'done:' }, 'done:'],
    [
      'an address with signs',
      { kind: 'link', text: '[a] (b)', url: 'https://x.test/(y)?a=1&b=[2]' },
      '[(a) (b)](https://x.test/%28y%29?a=1&b=%5B2%5D)',
    ],
    ['a link that is none', { kind: 'link', text: 'x', url: 'javascript:alert(1)' }, 'x'],
    [
      'a clock time',
      { kind: 'time', at: '2026-11-21T10:42:00.123Z', style: 'clock' },
      '{{TIME(2026-11-21T10:42:00Z)}}',
    ],
    [
      'a date',
      { kind: 'time', at: '2026-11-21T10:42:00Z', style: 'date' },
      '{{DATE(2026-11-21T10:42:00Z, SHORT)}} {{TIME(2026-11-21T10:42:00Z)}}',
    ],
    ['a time that is none', { kind: 'time', at: '{{x}}', style: 'date' }, '{\u200b{x}} UTC'],
    ['a person to notify', { kind: 'person', person: anna, notify: true }, '<at>Anna ∗B∗ ‹b›</at>'],
    ['a person only named', { kind: 'person', person: anna, notify: false }, 'Anna ∗B∗ ‹b›'],
    [
      'a group, which Teams does not know',
      { kind: 'group', name: 'platform', notify: true, source: { chat: 'slack', id: 'S1' } },
      '@platform',
    ],
  ])('with %s is harmless and reads well', (_what, part, expected) => {
    expect(markdown([part], reader, new Map(), 1000)).toBe(expected);
  });

  it.each<[string, readonly Inline[]]>([
    ['a function', ['{', '{TIME(2026-11-21T10:42:00Z)}}']],
    ['a link', ['[x]', '(https://evil.test)']],
    ['an image of our link', ['Look!', { kind: 'link', text: 'x', url: 'https://x.test' }]],
    [
      'bold words',
      [
        { kind: 'strong', text: 'a' },
        { kind: 'strong', text: 'b' },
      ],
    ],
  ])('cannot be put together of parts to %s', (_what, parts) => {
    expect(markdown(parts, reader, new Map(), 1000)).toContain('\u200b');
  });

  it('names a person whom nobody can ring', () => {
    expect(markdown([{ kind: 'person', person: cleo, notify: true }], nobody, new Map(), 100)).toBe('Cleo Marsh');
  });

  it('of any origin means nothing, and keeps its limit', () => {
    fc.assert(
      fc.property(fc.array(anyString), fc.integer({ min: 1, max: 300 }), (parts, limit) => {
        const shown = markdown(parts, reader, new Map(), limit);

        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(shown).not.toMatch(/[<>*~`\\]|\]\(|\{\{|!\[|\n|^\s*([-+=#|]|\d+[.)])/);
      }),
    );
  });

  it('is never cut within a mention, a link or a time', () => {
    fc.assert(
      fc.property(fc.array(anyInline), fc.integer({ min: 1, max: 400 }), (parts, limit) => {
        const shown = markdown(parts, reader, new Map(), limit);

        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(shown.replace(/<at>[^<>]*<\/at>|\{\{(?:DATE|TIME)\([^)]*\)\}\}/g, '')).not.toMatch(/[<>]|\{\{/);
      }),
    );
  });
});

describe('a card', () => {
  it('keeps every rule of Teams, whatever it holds', () => {
    const views = fc.record(
      {
        key: fc.string({ maxLength: 80 }),
        revision: fc.nat(),
        refresh: fc.array(fc.string({ minLength: 80, maxLength: 80 }), { maxLength: 60 }),
        own: fc.boolean(),
      },
      { requiredKeys: ['key', 'revision'] },
    ) as fc.Arbitrary<View>;
    fc.assert(
      fc.property(anyAnnouncement, views, (announcement, any) => {
        expect(cardFaults(render(announcement, reader, any))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('of a monster is a message still, and says that it was shortened', () => {
    const refresh = Array.from({ length: 60 }, (_none, index) => `29:${String(index).padStart(90, 'x')}`);

    const rendered = render(monster, reader, { ...view, refresh, own: true });

    expect(cardFaults(rendered)).toEqual([]);
    expect(JSON.stringify(rendered.card)).toContain('shortened');
    expect(rendered.card.actions?.length).toBeGreaterThan(0);
  });

  it('gets smaller in a fixed order: lists first, then facts; the words and buttons stay', () => {
    const long = 'x'.repeat(290);
    const base: Announcement = {
      ...note('waiting', ['Title'], 'Summary.', [['The line that matters']]),
      facts: [{ label: 'Commit', value: ['1a2b3c4'] }],
      buttons: [{ label: 'Approve', verb: 'approve', value: 'v', style: 'primary' }],
    };
    const section = { title: 'Changes', total: 120, items: Array.from({ length: 120 }, () => [long]) };
    const lists = { ...base, sections: Array.from({ length: 10 }, () => section) };
    const facts = { ...base, facts: Array.from({ length: 20 }, () => ({ label: 'Fact', value: [long.repeat(6)] })) };
    const both = { ...lists, facts: facts.facts };

    const [small, smaller, smallest] = [lists, facts, both].map((one) => JSON.stringify(render(one, reader, view)));

    expect(small).toContain('1a2b3c4');
    expect(small).toMatch(/and 1\d\d more|120 in all/);
    expect(smallest).not.toContain('Changes');
    for (const shown of [small, smaller, smallest]) {
      expect(shown).toContain('shortened');
      expect(shown).toContain('The line that matters');
      expect(shown).toContain('"title":"Approve"');
    }
  });

  it('that is small is not called shortened', () => {
    for (const scene of Object.values(scenes)) {
      expect(JSON.stringify(render(scene, reader, view))).not.toContain('shortened');
    }
  });

  it('shows code of several lines as it is', () => {
    const code = render(scenes.failed, reader, view).card.body.find(({ type }) => type === 'RichTextBlock');

    expect(code?.['inlines']).toEqual([
      { type: 'TextRun', text: 'relation "carts" does not exist\nLINE 1', fontType: 'monospace' },
    ]);
  });

  it('has element ids of its own for each revision', () => {
    const ids = [1, 2].flatMap((revision) =>
      render(scenes['needs-approval'], reader, { ...view, revision }).card.body.map(({ id }) => id),
    );

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('says everything that a notification gives: the same words in summary, speech and fallback', () => {
    const { card, summary } = render(note('good', ['Live'], 'web is live: <b> nothing to do.'), reader, view);

    expect(summary).toBe('web is live: ‹b› nothing to do.');
    expect([card.speak, card.fallbackText]).toEqual([summary, summary]);
    expect(messageOf({ card, summary })).toMatchObject({ summary, attachments: [{ content: card }] });
    expect(render(note('good', ['Live'], ''), reader, view).summary).toBe('Live');
  });

  it('rings two people of one name by two words', () => {
    const twin = human('other', 'Cleo Marsh');
    const title = [cleo, twin, cleo].map((person) => ({ kind: 'person' as const, person, notify: true }));

    const { card } = render(note('waiting', title, 'x'), reader, view);

    expect(card.msteams?.entities?.map(({ text, mentioned }) => [text, mentioned.id])).toEqual([
      ['<at>Cleo Marsh</at>', '29:cleo'],
      ['<at>Cleo Marsh (2)</at>', '29:other'],
    ]);
    expect(card.body[0]?.['text']).toBe('⏸ <at>Cleo Marsh</at><at>Cleo Marsh (2)</at><at>Cleo Marsh</at>');
  });

  it('says in words how far it is, also where the bar is not known', () => {
    const steps = [{ name: 'Build', state: 'failed' as const }];
    const progress = { percent: 43, words: '1 of 1: Build failed', steps };

    const { body } = render({ ...note('bad', ['Failed'], 'x'), progress }, reader, view).card;

    expect(body.find(({ type }) => type === 'ProgressBar')).toMatchObject({
      value: 43,
      max: 100,
      fallback: { type: 'TextBlock', text: '▰▰▰▰▱▱▱▱▱▱ 43 % done' },
    });
    expect(wordsOf(body)).toEqual(expect.arrayContaining(['1 of 1: Build failed', 'Build', '✗ failed']));
  });
});

describe('the buttons', () => {
  const plainButton: Button = { label: 'Approve', verb: 'approve', value: 'tok.3', style: 'primary' };
  const confirm = { title: 'Sure?', text: 'Customers will get it.', yes: 'Yes, Approve' };
  const ask = { title: 'Reject D-1', label: 'Why?', submit: 'Reject', maxLength: 500, required: true };
  const drawn = (buttons: readonly Button[], more: Partial<View> = {}, rest: Partial<Announcement> = {}) =>
    render({ ...note('waiting', ['Title'], 'x'), buttons, ...rest }, reader, { ...view, ...more }).card;
  const first = (button: Button) => drawn([button]).actions?.[0];
  const data = { cs: { verb: 'approve', value: 'tok.3' } };

  it('press at once, and in the older way where the client is old', () => {
    expect(first(plainButton)).toEqual({
      type: 'Action.Execute',
      title: 'Approve',
      style: 'positive',
      verb: 'press',
      data,
      fallback: { type: 'Action.Submit', title: 'Approve', style: 'positive', data },
    });
  });

  it('unfold what must be confirmed, and never within a menu', () => {
    const shown = first({ ...plainButton, confirm, seldom: true });

    expect(shown).toMatchObject({ type: 'Action.ShowCard', title: 'Approve' });
    expect(shown).not.toHaveProperty('mode');
    expect(wordsOf(shown)).toEqual(expect.arrayContaining(['Sure?', 'Customers will get it.']));
    const inside = all(shown).find(({ type }) => type === 'Action.Execute');
    expect(inside).toMatchObject({ title: 'Yes, Approve', data, fallback: { type: 'Action.Submit', data } });
  });

  it.each<[string, Button, unknown]>([
    ['words', { ...plainButton, verb: 'reject', ask }, { verb: 'reject', value: 'tok.3', ask }],
    ['fields', { ...plainButton, verb: 'form', value: '' }, { verb: 'form', value: '' }],
  ])('open a dialog where %s are needed', (_what, button, pressed) => {
    const shown = first(button);

    expect(shown).toMatchObject({ type: 'Action.Submit', data: { msteams: { type: 'task/fetch' } } });
    expect(readPress(shown?.['data'])).toEqual(pressed);
  });

  it('that are seldom needed stand in the menu, those in danger are red', () => {
    expect(first({ ...plainButton, style: 'danger', seldom: true })).toMatchObject({
      mode: 'secondary',
      style: 'destructive',
      fallback: { mode: 'secondary' },
    });
  });

  it('beyond six stand in the menu, and what cannot stand there is told of', () => {
    const many = Array.from({ length: 8 }, (_none, index) => ({ ...plainButton, value: `v${index}` }));

    const inMenu = drawn(many, {}, { links: [{ label: 'Details', url: 'https://x.test/' }] });
    const gone = drawn([...many, { ...plainButton, confirm }]);

    expect(inMenu.actions?.map(({ mode }) => mode === 'secondary')).toEqual([...many.map((_one, at) => at > 5), true]);
    expect(JSON.stringify(inMenu)).not.toContain('shortened');
    expect(gone.actions?.length).toBe(8);
    expect(JSON.stringify(gone)).toContain('shortened');
  });

  it('that would lose their meaning are left out, and links that are none', () => {
    const long = { ...plainButton, value: 'v'.repeat(2001) };

    expect(drawn([long], {}, { links: [{ label: 'x', url: 'file:///etc' }] })).not.toHaveProperty('actions');
  });

  const buttons = [
    { ...plainButton, only: [cleo, dina] },
    { ...plainButton, label: 'Nudge' },
  ];
  const titles = (card: ReturnType<typeof drawn>) => card.actions?.map(({ title }) => title);

  it('for some are shown to everybody where nobody has a view of their own', () => {
    expect(titles(drawn(buttons))).toEqual(['Approve', 'Nudge']);
    expect(drawn(buttons)).not.toHaveProperty('refresh');
  });

  it('for some are kept from others, who read whom it waits for; their own views go on being refreshed', () => {
    const refresh = ['29:cleo', '29:dina'];

    const everybody = drawn(buttons, { refresh });
    const own = drawn(buttons, { refresh, own: true });

    expect(titles(everybody)).toEqual(['Nudge']);
    expect(wordsOf(everybody.body)).toContain('Waiting for Cleo Marsh, Dina Wolf');
    expect(titles(own)).toEqual(['Approve', 'Nudge']);
    expect(wordsOf(own.body)).not.toContain('Waiting for Cleo Marsh, Dina Wolf');
    for (const card of [everybody, own]) {
      expect(card.refresh?.userIds).toEqual(refresh);
      expect(card.refresh?.action).toMatchObject({ type: 'Action.Execute', verb: 'refresh' });
      expect(readPress(card.refresh?.action['data'])).toEqual({ verb: 'refresh', value: 'k1' });
    }
  });

  it('for many name six of them, and none where the facts do', () => {
    const eight = Array.from({ length: 8 }, (_none, index) => human(`p${index}`, `P${index}`));
    const many = [{ ...plainButton, only: [...eight, ...eight] }];
    const facts = [{ label: 'May approve', value: ['Cleo Marsh; Dina Wolf'] }];

    const named = wordsOf(drawn(many, { refresh: ['29:p0'] }).body);

    expect(named).toContain('Waiting for P0, P1, P2, P3, P4, P5 and 2 more');
    expect(wordsOf(drawn(buttons, { refresh: ['29:cleo'] }, { facts }).body).join()).not.toContain('Waiting for');
  });
});
