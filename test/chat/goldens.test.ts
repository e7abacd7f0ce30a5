import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { render as slack } from '../../adapters/chat/slack/render.ts';
import { type Reader, render as teams, type View } from '../../adapters/chat/teams/render.ts';
import type { Announcement } from '../../src/domain/announcement.ts';
import { CARD_AUDIENCES } from '../../src/domain/catalog.ts';
import { STATE_NAMES, STATES, type State } from '../../src/domain/deployment.ts';
import { tell } from '../../src/domain/tell/index.ts';
import { blockFaults } from '../fakes/slack/blocks.ts';
import { cardFaults } from './cards-check.ts';
import { CONTEXT, CROWDED, replies, sample } from './cards-samples.ts';

/** What each audience is told, by the name of its golden file. */
type Told = Readonly<Record<string, Announcement>>;

const everywhere = (deployment: Parameters<typeof tell>[0]): Told =>
  Object.fromEntries(CARD_AUDIENCES.map((audience) => [audience, tell(deployment, audience, CONTEXT)]));
const scenes: readonly (readonly [string, Told])[] = [
  ...STATE_NAMES.map((state) => [state, everywhere(sample(state))] as const),
  ['awaiting-approval-crowded', everywhere(CROWDED)],
  ['replies', await replies()],
];
const all = scenes.flatMap(([name, told]) =>
  Object.entries(told).map(([what, announcement]) => [`${name}, ${what}`, announcement] as const),
);

const reader: Reader = { mention: ({ id, name }) => ({ id: `29:${id}`, name }) };

/** As the adapter asks for it: those whom buttons are for have a view of their own. */
function viewOf({ buttons }: Announcement, own = false): View {
  const readers = new Set(buttons.flatMap(({ only = [] }) => only.map(({ id }) => `29:${id}`)));
  return { key: 'D-2@19:web', revision: 3, ...(readers.size === 0 ? {} : { refresh: [...readers] }), own };
}

const everybody = (one: Announcement) => teams(one, reader, viewOf(one));
const own = (one: Announcement) => teams(one, reader, viewOf(one, true));
const inSlack = (one: Announcement) => slack(one, { team: 'T1' }, 3);

/** Written anew by `vitest run test/chat/goldens.test.ts -u`. */
async function golden(path: string, told: Told, render: (one: Announcement) => unknown): Promise<void> {
  const shown = Object.fromEntries(Object.entries(told).map(([name, one]) => [name, render(one)]));
  // Short lists of words stand on one line, as the formatter of this repository wants them.
  const json = JSON.stringify(shown, null, 2).replace(
    /\[\n\s+("[^"\n]+"(?:,\n\s+"[^"\n]+")*)\n\s+\]/g,
    (_whole, words) => `[${String(words).replace(/\n\s+/g, ' ')}]`,
  );
  await expect(`${json}\n`).toMatchFileSnapshot(`golden/${path}.json`);
}

describe('in Slack', () => {
  it.each(scenes)('"%s" looks as it did', async (name, told) => {
    await golden(`slack/${name}`, told, inSlack);
  });

  it.each(all)('"%s" keeps the limits, with words for a notification', (_what, announcement) => {
    const { blocks, text } = inSlack(announcement);

    expect(blockFaults(blocks, 50)).toEqual([]);
    expect(text.trim()).not.toBe('');
    expect(text.length).toBeLessThanOrEqual(4000);
  });

  const schema = join(import.meta.dirname, '../../../shared/specs/slack/blockkit.from-slack-types.schema.json');
  it.skipIf(!existsSync(schema))("fits Slack's own types (skipped where ../shared/specs/slack is not there)", () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(readFileSync(schema, 'utf8')));

    for (const [what, announcement] of all) {
      const { blocks } = inSlack(announcement);
      expect([what, validate({ blocks }) ? [] : validate.errors?.slice(0, 3)]).toEqual([what, []]);
    }
  });
});

describe('in Teams', () => {
  it.each(scenes)('"%s" looks as it did for everybody', async (name, told) => {
    await golden(`teams/${name}`, told, everybody);
  });

  it.each(scenes)(
    '"%s" looks as it did for an approver, and as for everybody where nothing is theirs',
    async (name, told) => {
      const theirs = Object.entries(told).filter(([, one]) => viewOf(one).refresh !== undefined);
      const others = Object.values(told).filter((one) => viewOf(one).refresh === undefined);

      if (theirs.length > 0) await golden(`teams-own/${name}`, Object.fromEntries(theirs), own);
      for (const one of others) expect(own(one)).toEqual(everybody(one));
    },
  );

  it.each(all)('"%s" fits the schema of cards and all that Teams says, in every view', (_what, announcement) => {
    expect(cardFaults(everybody(announcement))).toEqual([]);
    expect(cardFaults(own(announcement))).toEqual([]);
  });

  it.each(all)('"%s" says in a whole sentence what is needed', (_what, announcement) => {
    const { summary, card } = everybody(announcement);

    expect(summary).toMatch(/^\S.*[\p{L}\p{N})][.!?…)]*$/su);
    expect(summary.length).toBeLessThanOrEqual(300);
    expect([card.speak, card.fallbackText]).toEqual([summary, summary]);
  });
});

describe('the state', () => {
  it.each(STATE_NAMES)('"%s" stands as a word in the first line, not only as a sign or colour', (state: State) => {
    for (const audience of ['engineering', 'line'] as const) {
      const announcement = tell(sample(state), audience, CONTEXT);

      expect(everybody(announcement).card.body[0]?.['text']).toContain(STATES[state].word);
      expect(JSON.stringify(inSlack(announcement).blocks[0])).toContain(STATES[state].word);
      expect(everybody(announcement).summary).toContain(STATES[state].word);
    }
  });

  it.each(STATE_NAMES)('"%s" is told to everybody in words', (state: State) => {
    const { card } = everybody(tell(sample(state), 'broadcast', CONTEXT));

    expect(card.body[0]?.['text']).toMatch(/Web shop: \p{L}+/u);
  });

  it('that needs somebody says so in every notification', () => {
    const { summary } = everybody(tell(sample('awaiting-approval'), 'engineering', CONTEXT));

    expect(summary).toBe('Needs approval: web to production (D-2). Waiting for a countersignature: 1 of @platform.');
  });
});
