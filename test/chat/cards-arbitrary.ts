import fc from 'fast-check';
import { type Announcement, BUTTON_VERBS } from '../../src/domain/announcement.ts';
import type { Person } from '../../src/domain/person.ts';
import type { Inline } from '../../src/domain/text.ts';

const person: Person = {
  id: 'anna',
  name: 'Anna',
  known: true,
  accounts: [{ system: 'slack', tenant: 'T1', id: 'U1' }],
};

const nasty = fc.constantFrom(
  '<!channel>',
  '@here',
  '&',
  '&lt;',
  '<@U1|x>',
  '<at>Anna</at>',
  '*',
  '_',
  '`',
  '```',
  '\\',
  '\n> ',
  '\n- ',
  '1. ',
  '# ',
  '[x](https://x.test)',
  '[x]',
  '(y)',
  '![',
  '{',
  '{{DATE(2026-11-21T10:42:00Z)}}',
  '"',
  '🎉',
  '\u202e',
  'שלום',
  '|',
  '^',
  '\ud83c',
  ' ',
  '',
);
/** What people may type: plain, nasty or very long. */
export const anyString = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.array(nasty, { maxLength: 30 }).map((all) => all.join('')),
  fc.tuple(nasty, fc.nat({ max: 5000 })).map(([one, times]) => one.repeat(times).slice(0, 6000)),
);
const anyPerson = anyString.map((name): Person => ({ ...person, name }));
export const anyInline: fc.Arbitrary<Inline> = fc.oneof(
  anyString,
  anyString.map((text) => ({ kind: 'strong', text }) as const),
  anyString.map((text) => ({ kind: 'code', text }) as const),
  fc
    .tuple(anyString, anyString)
    .map(([text, path]) => ({ kind: 'link', text, url: `https://x.test/${path}` }) as const),
  fc.constantFrom('', '2026-11-21T10:42:00Z', 'x|y^z').map((at) => ({ kind: 'time', at, style: 'clock' }) as const),
  anyString.map((shown) => ({ kind: 'time', at: '2026-11-21T10:42:00Z', style: 'date', shown }) as const),
  fc.tuple(anyPerson, fc.boolean()).map(([one, notify]) => ({ kind: 'person', person: one, notify }) as const),
  anyString.map((name) => ({ kind: 'group', name, notify: false }) as const),
);
const anyText = fc.array(anyInline, { maxLength: 5 });
const anyButton = fc.record(
  {
    label: anyString,
    verb: fc.constantFrom(...BUTTON_VERBS),
    value: anyString,
    style: fc.constantFrom('primary', 'danger', 'plain'),
    confirm: fc.record({ title: anyString, text: anyString, yes: anyString }),
    ask: fc.record({
      title: anyString,
      label: anyString,
      submit: anyString,
      maxLength: fc.nat(),
      required: fc.boolean(),
    }),
    seldom: fc.boolean(),
    only: fc.array(anyPerson, { minLength: 1, maxLength: 9 }),
  },
  { requiredKeys: ['label', 'verb', 'value', 'style'] },
) as fc.Arbitrary<Announcement['buttons'][number]>;
/** Any announcement at all, also such as nobody would write. */
export const anyAnnouncement: fc.Arbitrary<Announcement> = fc.record(
  {
    tone: fc.constantFrom('neutral', 'waiting', 'active', 'good', 'bad'),
    title: anyText,
    lines: fc.array(anyText, { maxLength: 60 }),
    facts: fc.array(fc.record({ label: anyString, value: anyText }), { maxLength: 40 }),
    sections: fc.array(
      fc.record({
        title: anyString,
        items: fc.array(anyText, { maxLength: 30 }),
        total: fc.nat(),
        url: anyString.map((path) => `https://x.test/${path}`),
      }),
      { maxLength: 60 },
    ),
    progress: fc.record({
      percent: fc.double(),
      words: anyString,
      steps: fc.array(
        fc.record({
          name: anyString,
          state: fc.constantFrom('waiting', 'running', 'succeeded', 'failed', 'skipped'),
          tookMs: fc.nat(),
        }),
        { maxLength: 60 },
      ),
    }),
    chart: fc.record({
      title: anyString,
      takeaway: anyString,
      unit: anyString,
      bars: fc.array(
        fc.record(
          { label: anyString, value: fc.double(), words: anyString, bad: fc.constant(true) },
          { requiredKeys: ['label', 'value', 'words'] },
        ),
        { maxLength: 40 },
      ),
    }),
    buttons: fc.array(anyButton, { maxLength: 60 }),
    links: fc.array(fc.record({ label: anyString, url: anyString.map((path) => `https://x.test/${path}`) }), {
      maxLength: 40,
    }),
    context: anyText,
    summary: anyString,
    language: fc.constantFrom('en' as const, 'de' as const),
  },
  { requiredKeys: ['tone', 'title', 'lines', 'facts', 'sections', 'buttons', 'links', 'context', 'summary'] },
) as fc.Arbitrary<Announcement>;
