import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askView, formView } from '../../adapters/chat/slack/modal.ts';
import { escaped, mrkdwn } from '../../adapters/chat/slack/mrkdwn.ts';
import { render } from '../../adapters/chat/slack/render.ts';
import { type Announcement, note } from '../../src/domain/announcement.ts';
import type { Inline } from '../../src/domain/text.ts';
import { blockFaults, viewFaults } from '../fakes/slack/blocks.ts';
import { records } from '../fakes/slack/world.ts';
import { anyAnnouncement, anyInline, anyString } from './cards-arbitrary.ts';
import { scenes } from './slack-scenes.ts';

const reader = { team: 'T1' };
const anna = { id: 'anna', name: 'Anna <b>', known: true, accounts: [{ system: 'slack', tenant: 'T1', id: 'U1' }] };

describe('a text', () => {
  it.each<[string, Inline, string]>([
    ['markup', 'a & b <script> *x* `y` ~z~', 'a &amp; b &lt;script&gt; ∗x∗ ˋyˋ ∼z∼'],
    [
      'a mention of everybody',
      '<!channel> @here @channel @everyone',
      '&lt;!channel&gt; @\u200bhere @\u200bchannel @\u200beveryone',
    ],
    ['underscores inside and around words', 'fix_it _now_ __init__', 'fix_it ＿now＿ ＿＿init＿＿'],
    ['a second line', 'one\n> two', 'one &gt; two'],
    ['characters that turn the line around', 'safe\u202eevil', 'safeevil'],
    ['code', { kind: 'code', text: 'a`b <c>' }, '`aˋb &lt;c&gt;`'],
    ['strong words', { kind: 'strong', text: ' done ' }, ' *done* '],
    [
      'a link',
      { kind: 'link', text: 'a > b', url: 'https://x.test/?a=1&b=2' },
      '<https://x.test/?a=1&amp;b=2|a &gt; b>',
    ],
    [
      'a link that would break out',
      { kind: 'link', text: 'x', url: 'https://x.test/|<!channel>' },
      '<https://x.test/%7C%3C!channel%3E|x>',
    ],
    ['a link that is none', { kind: 'link', text: 'x', url: 'javascript:alert(1)' }, 'x'],
    [
      'a clock time',
      { kind: 'time', at: '2026-11-21T10:42:00Z', style: 'clock' },
      '<!date^1795257720^{time}|10:42 UTC>',
    ],
    [
      'a date',
      { kind: 'time', at: '2026-11-21T10:42:00Z', style: 'date' },
      '<!date^1795257720^{date_short_pretty} {time}|2026-11-21 10:42 UTC>',
    ],
    ['a person to notify', { kind: 'person', person: anna, notify: true }, '<@U1>'],
    ['a person only named', { kind: 'person', person: anna, notify: false }, 'Anna &lt;b&gt;'],
    [
      'a person without account here',
      { kind: 'person', person: { ...anna, accounts: [{ system: 'slack', tenant: 'T2', id: 'U1' }] }, notify: true },
      'Anna &lt;b&gt;',
    ],
    [
      'a group to notify',
      { kind: 'group', name: 'platform', notify: true, source: { chat: 'slack', id: 'S1' } },
      '<!subteam^S1>',
    ],
    [
      'a group of another chat',
      { kind: 'group', name: 'here', notify: true, source: { chat: 'console', id: 'S1' } },
      '@\u200bhere',
    ],
    [
      'a group whose id is no id',
      { kind: 'group', name: 'x', notify: true, source: { chat: 'slack', id: 'S1><!here' } },
      '@x',
    ],
  ])('with %s is escaped as it should', (_what, part, expected) => {
    expect(mrkdwn([part], reader)).toBe(expected);
  });

  it('of any origin never opens a tag, and keeps its limit', () => {
    fc.assert(
      fc.property(fc.array(anyString), fc.integer({ min: 1, max: 300 }), (parts, limit) => {
        const shown = mrkdwn(parts, reader, limit);

        expect(shown).not.toMatch(/[<>]/);
        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(escaped(parts.join(''))).not.toMatch(/[<>*`~]/);
      }),
    );
  });

  it('is never cut within a tag', () => {
    fc.assert(
      fc.property(fc.array(anyInline), fc.integer({ min: 1, max: 400 }), (parts, limit) => {
        const shown = mrkdwn(parts, reader, limit);

        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(shown.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
      }),
    );
  });
});

describe('a message', () => {
  it.each(Object.entries(scenes))('for "%s" looks as it did', async (name, announcement) => {
    const rendered = render(announcement, reader, 3);

    expect(blockFaults(rendered.blocks, 50)).toEqual([]);
    await expect(`${JSON.stringify(rendered, null, 2)}\n`).toMatchFileSnapshot(`golden/slack-${name}.json`);
  });

  it('keeps every limit of Slack, whatever it holds', () => {
    fc.assert(
      fc.property(anyAnnouncement, fc.nat(), (announcement, revision) => {
        const { text, blocks } = render(announcement, reader, revision);

        expect(blockFaults(blocks, 50)).toEqual([]);
        expect(text.trim()).not.toBe('');
        expect(text.length).toBeLessThanOrEqual(4000);
        expect(text).not.toMatch(/[<>]/);
        const buttons = records(blocks).flatMap((block) => records(block['elements']));
        expect(buttons.filter((one) => one['style'] === 'primary').length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });

  it('gets smaller in a fixed order: lists first, then facts, and says so; the words and buttons stay', () => {
    const long = 'x'.repeat(290);
    const base: Announcement = {
      ...note('waiting', ['Title'], 'Summary.', [['The line that matters']]),
      facts: [{ label: 'Commit', value: ['1a2b3c4'] }],
      buttons: [{ label: 'Approve', verb: 'approve', value: 'v', style: 'primary' }],
    };
    const lists = {
      ...base,
      sections: Array.from({ length: 10 }, () => ({
        title: 'Changes',
        total: 120,
        items: Array.from({ length: 120 }, () => [long]),
      })),
    };
    const facts = { ...base, facts: Array.from({ length: 20 }, () => ({ label: 'Fact', value: [long.repeat(6)] })) };

    const [small, smaller] = [lists, facts].map((one) => JSON.stringify(render(one, reader, 0).blocks));

    expect(small).toContain('1a2b3c4');
    expect(small).toMatch(/and 1\d\d more|120 in all/);
    expect(smaller).toContain('shortened');
    for (const blocks of [small, smaller]) {
      expect(blocks).toContain('The line that matters');
      expect(blocks).toContain('cs:approve:0');
    }
  });

  it('has block ids of its own for each revision, so that old copies are recognisable', () => {
    const ids = [1, 2].map((revision) =>
      render(scenes['needs-approval'], reader, revision).blocks.map((block) => block.block_id),
    );

    expect(new Set(ids.flat()).size).toBe((ids[0]?.length ?? 0) + (ids[1]?.length ?? 0));
  });

  const schema = join(import.meta.dirname, '../../../shared/specs/slack/blockkit.from-slack-types.schema.json');
  it.skipIf(!existsSync(schema))("fits Slack's own types (skipped where ../shared/specs/slack is not there)", () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));

    for (const announcement of Object.values(scenes)) {
      const { blocks } = render(announcement, reader, 1);
      expect(validate({ blocks }) ? [] : validate.errors?.slice(0, 3)).toEqual([]);
    }
  });
});

describe('a dialog', () => {
  it('keeps every limit of Slack, whatever it holds', () => {
    const choice = fc.record({ value: anyString, label: anyString, hint: anyString });
    const form = fc.record({
      service: anyString,
      environment: anyString,
      ref: anyString,
      reason: anyString,
      services: fc.array(choice),
      environments: fc.array(
        choice.filter(({ value }) => value !== ''),
        { maxLength: 120 },
      ),
      reasonRequired: fc.boolean(),
      alerts: fc.array(anyString, { maxLength: 40 }),
    });
    const question = fc.record({
      title: anyString,
      label: anyString,
      submit: anyString,
      maxLength: fc.integer(),
      required: fc.boolean(),
    });

    fc.assert(
      fc.property(form, question, (spec, ask) => {
        expect(viewFaults({ ...formView(spec, { channel: 'C1' }) })).toEqual([]);
        expect(viewFaults({ ...askView(ask, { channel: 'C1', verb: 'reject', value: 'v'.repeat(1990) }) })).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
