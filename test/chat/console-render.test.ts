import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../adapters/chat/console/markup.ts';
import { card, type Reader } from '../../adapters/chat/console/render.ts';
import { type Announcement, note } from '../../src/domain/announcement.ts';
import { stranger } from '../../src/domain/person.ts';
import type { Inline } from '../../src/domain/text.ts';
import { ANNA, BEN } from '../fakes/console-catalog.ts';

const reader: Reader = { person: ANNA, account: 'anna', baseUrl: 'http://127.0.0.1:4400', readOnly: false };

/** Every place of an announcement where words of any origin can stand. */
function filledWith(words: string): Announcement {
  const person = { ...stranger({ system: 'console', id: 'x' }), name: words };
  const inlines: readonly Inline[] = [
    words,
    { kind: 'strong', text: words },
    { kind: 'code', text: words },
    { kind: 'link', text: words, url: 'https://example.test/a?b=c&d' },
    { kind: 'person', person, notify: true },
    { kind: 'person', person, notify: false },
    { kind: 'group', name: words, notify: true },
  ];
  return {
    tone: 'waiting',
    title: ['Needs approval · ', ...inlines],
    lines: [inlines],
    facts: [{ label: words, value: inlines }],
    sections: [{ title: words, items: [inlines], total: 9, url: 'https://example.test/' }],
    progress: { steps: [{ name: words, state: 'running', tookMs: 5 }], percent: 40, words },
    chart: {
      title: words,
      takeaway: words,
      unit: words,
      bars: [{ label: words, value: 2, words, bad: true }],
    },
    buttons: [
      { label: words, verb: 'run', value: words, style: 'primary' },
      {
        label: words,
        verb: 'reject',
        value: words,
        style: 'danger',
        confirm: { title: words, text: words, yes: words },
        ask: { title: words, label: words, submit: words, maxLength: 500, required: true },
        seldom: true,
      },
    ],
    links: [{ label: words, url: 'https://example.test/' }],
    context: inlines,
    summary: words,
  };
}

/** The tags of a text with the names of their attributes, whatever stands in and between them. */
function skeleton(markup: string): readonly string[] {
  return (markup.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
}

const nasty = fc.oneof(
  fc.string({
    unit: fc.constantFrom('<', '>', '"', "'", '&', '=', '/', ' ', 'a', '`', '\n', 'script', 'onload'),
    minLength: 1,
  }),
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('</p><script>alert(1)</script>', '" onmouseover="alert(1)', '&lt;b&gt;', '<!--', ']]>'),
);

describe('a card in the console', () => {
  it('never lets words of any origin become markup', () => {
    const known = skeleton(card('m1', filledWith('x'), reader).text);

    fc.assert(
      fc.property(nasty, (words) => {
        expect(skeleton(card('m1', filledWith(words), reader).text)).toEqual(known);
      }),
      { numRuns: 500 },
    );
  });

  it('takes nothing for markup that only looks like it', () => {
    const forged = JSON.parse('{"text":"<script>alert(1)</script>"}') as { readonly text: string };

    expect(html`<p>${forged.text}</p>`.text).toBe('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', '//evil.test/', '/\\evil.test', 'no address'])(
    'shows the address %s as words only',
    (url) => {
      const announcement: Announcement = {
        ...note('neutral', [{ kind: 'link', text: 'here', url }], 'Here.'),
        links: [{ label: 'Go', url }],
      };

      const { text } = card('m1', announcement, reader);

      expect(text).not.toContain('href');
      expect(text).toContain('here');
    },
  );

  it('keeps links to our own pages on the address that the reader came by', () => {
    const link = { kind: 'link' as const, text: 'D-1', url: 'http://127.0.0.1:4400/deployments/D-1' };

    const { text } = card('m1', note('neutral', [link], 'D-1.'), reader);

    expect(text).toContain('<a href="/deployments/D-1">');
  });

  it('says the tone as a word where the title does not say the state', () => {
    const said = card('m1', note('bad', ['The new version did not arrive'], 'x'), reader).text;
    const stated = card(
      'm1',
      note('bad', [{ kind: 'strong', text: 'Rollback: Failed' }, ' · web → production'], 'x'),
      reader,
    ).text;

    expect(said).toMatch(/class="pill bad">.*Attention<\/span>/s);
    expect(stated).toMatch(/class="pill bad">.*Rollback: Failed<\/span>/s);
    expect(stated).not.toContain('Attention');
  });

  it('marks a mention of the reader, and only that', () => {
    const mention = (person: typeof ANNA): Inline => ({ kind: 'person', person, notify: true });

    expect(card('m1', note('neutral', [mention(ANNA)], 'x'), reader).text).toContain('class="mention me"');
    expect(card('m1', note('neutral', [mention(BEN)], 'x'), reader).text).toContain('class="mention"');
  });

  it('keeps words that turn the direction of writing to themselves', () => {
    expect(card('m1', note('neutral', ['feature/\u202Egnp.exe'], 'x'), reader).text).toContain(
      '<bdi>feature/\u202Egnp.exe</bdi>',
    );
  });

  it('says how many items of a long list are left out', () => {
    const announcement: Announcement = {
      ...note('neutral', ['x'], 'x'),
      sections: [{ title: 'Changes', items: [['one']], total: 35 }],
    };

    expect(card('m1', announcement, reader).text).toContain('and 34 more');
  });

  it('has no buttons where the console is read only, but its links', () => {
    const { text } = card('m1', filledWith('x'), { ...reader, readOnly: true });

    expect(text).not.toContain('<form');
    expect(text).toContain('https://example.test/');
  });
});
