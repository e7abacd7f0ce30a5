import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { seal, sealedText } from '../../src/domain/audit.ts';
import { sha256 } from '../../src/domain/canonical.ts';
import type { DeploymentEvent, Entry } from '../../src/domain/event.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import { ANNA, chain, foundOf, holding, run } from './cli-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const STORY: readonly DeploymentEvent[] = [
  {
    type: 'requested',
    request: {
      number: 1042,
      token: 't',
      kind: 'regular',
      service: 'web',
      environment: 'production',
      ref: 'main',
      requester: ANNA,
      reason: '=1+1 "quoted"',
    },
  },
  { type: 'checks-started' },
  { type: 'rejected', reason: 'Not on a Friday\u001b[2J' },
];
const entries = chain(STORY);
const head = entries.at(-1);

/** The same story, gone on by a version of tomorrow. */
function goneOn(): readonly Entry[] {
  const last = entries.at(-1);
  if (last === undefined) throw new Error('There is no story.');
  const { stream, by, at } = last;
  const known = seal(last, { stream: stream as 'deployment:D-1042', event: { type: 'reminded' }, by, at }, 4).entry;
  const newer = { ...known, format: VOCABULARY + 1, event: { type: 'traffic-moved', share: 10 } } as unknown as Entry;
  return [...entries, { ...newer, hash: sha256(sealedText(newer)) }];
}

describe('audit verify', () => {
  it('says that the log is whole, and its head', async () => {
    const { code, out } = await run(['audit', 'verify'], holding(entries));

    expect(code).toBe(0);
    expect(out).toBe(`The log is whole: 3 entries. Head 3:${head?.hash}\n`);
  });

  it('accepts an empty log', async () => {
    expect(await run(['audit', 'verify'], holding([]))).toMatchObject({ code: 0 });
  });

  it('names the first entry whose content was changed', async () => {
    const found = entries
      .map(foundOf)
      .map((one) => (one.seq === 2 ? { ...one, text: one.text.replace('Anna', 'Bnna') } : one));

    const { code, out, err } = await run(['audit', 'verify'], holding(entries, found));

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain(
      'The log is broken at entry 2 (deployment:D-1042): its content was changed after it was written.\n',
    );
  });

  it('sees by a head noted earlier that the end was cut off', async () => {
    const noted = `3:${head?.hash}`;

    expect(await run(['audit', 'verify', '--head', noted], holding(entries))).toMatchObject({ code: 0 });
    const { code, err } = await run(['audit', 'verify', '--head', noted], holding(entries.slice(0, 2)));
    expect(code).toBe(1);
    expect(err).toContain('The log is broken at entry 3: the log ends before the entry that was noted earlier.\n');
  });

  it('names rows that are not what the log says', async () => {
    const store = {
      ...holding(entries),
      async *differences() {
        yield { stream: 'deployment:D-1042', what: 'state is succeeded, should be rejected' };
      },
    };

    const { code, err } = await run(['audit', 'verify'], store);

    expect(code).toBe(1);
    expect(err).toContain(
      'The row of deployment:D-1042 is not what the log says: state is succeeded, should be rejected.\n',
    );
  });

  it('says of newer forms that the log is whole, what it takes to read them, and what it could not compare', async () => {
    const store = {
      ...holding(goneOn()),
      async *differences() {
        yield { stream: 'deployment:D-1042', what: 'it holds forms of vocabulary 3' };
      },
    };

    const { code, out, err } = await run(['audit', 'verify'], store);

    expect(code).toBe(2);
    expect(out).toContain('The log is whole: 4 entries.');
    expect(err).toBe(
      `A newer version of Countersign wrote to 1 history in it (deployment:D-1042), in forms of vocabulary ${VOCABULARY + 1}; this version knows those up to ${VOCABULARY}. Their rows were not compared: let \`audit verify\` of that version do it.\n`,
    );
  });

  it('still names a row that was changed beside them', async () => {
    const store = {
      ...holding(goneOn()),
      async *differences() {
        yield { stream: 'deployment:D-7', what: 'its row differs from the log in: state' };
      },
    };

    const { code, err } = await run(['audit', 'verify'], store);

    expect(code).toBe(1);
    expect(err).toContain('The row of deployment:D-7 is not what the log says');
  });

  it.each(['3', '3:abc', 'x'])('refuses the head %j with what it should look like', async (text) => {
    const { code, err } = await run(['audit', 'verify', '--head', text], holding(entries));

    expect(code).not.toBe(0);
    expect(err).toContain('64 hexadecimal digits');
  });

  it('ends with another code when there is no log at all, and makes none', async () => {
    const { code, err } = await run(['audit', 'verify', '--data', 'nowhere']);

    expect(code).toBe(2);
    expect(err).toBe('There is no log in nowhere. Name the folder with --data.\n');
  });
});

describe('audit export', () => {
  it('writes lines that anybody can verify without Countersign', async () => {
    const { code, out } = await run(['audit', 'export'], holding(entries));
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(code).toBe(0);
    expect(lines).toHaveLength(3);
    for (const [index, { text, hash }] of lines.entries()) {
      expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
      expect(JSON.parse(text).previous).toBe(index === 0 ? '0'.repeat(64) : lines[index - 1].hash);
    }
  });

  it('writes CSV in which no cell is a formula', async () => {
    const by = { ...ANNA, name: '=HYPERLINK("x")' };
    const { out } = await run(['audit', 'export', '--format', 'csv'], holding(chain(STORY.slice(1, 2), by)));
    const [top, line] = out.split('\r\n');

    expect(top).toBe('"seq","at","stream","version","event","by","name","previous","hash","text"');
    expect(line).toContain('"checks-started","anna","\'=HYPERLINK(""x"")"');
    expect(line).not.toMatch(/(^|,)"?[=+@-]/);
  });

  it('keeps to the span that was asked for, the end left out', async () => {
    const span = ['--from', '2026-01-31T12:01', '--to', '2026-01-31T13:02:00+01:00'];

    const { out, err } = await run(['audit', 'export', ...span], holding(entries));

    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual([2]);
    expect(err).toBe(`1 entry, up to 2:${entries[1]?.hash}.\n`);
  });

  it('writes more than one batch in order', async () => {
    const many = chain(Array.from({ length: 1203 }, () => ({ type: 'reminded' as const })));

    const { out } = await run(['audit', 'export'], holding(many));

    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual(many.map(({ seq }) => seq));
  });

  it('writes a file whole or not at all', async () => {
    const whole = join(folder, 'whole.jsonl');
    const half = join(folder, 'half.jsonl');
    const failing = { ...holding(entries), entries: () => Promise.reject(new Error('The disk is gone.')) };

    expect(await run(['audit', 'export', '--out', whole], holding(entries))).toMatchObject({ code: 0, out: '' });
    expect(await run(['audit', 'export', '--out', half], failing)).toMatchObject({
      code: 2,
      err: 'The disk is gone.\n',
    });

    expect(readFileSync(whole, 'utf8').trimEnd().split('\n')).toHaveLength(3);
    expect([half, `${half}.part`, `${whole}.part`].filter(existsSync)).toEqual([]);
  });

  it.each(['yesterday', '2026-02-30', '2026-13-01', '31.1.2026', '2026-01-31T25:00', ''])(
    'refuses the time %j',
    async (time) => {
      const { code, err } = await run(['audit', 'export', '--from', time], holding(entries));

      expect(code).not.toBe(0);
      expect(err).toContain('Write a date or moment, e.g. 2026-01-31');
    },
  );

  it('refuses a format it does not know, with those it knows', async () => {
    const { err } = await run(['audit', 'export', '--format', 'xml'], holding(entries));

    expect(err).toContain('Choose jsonl or csv.');
  });
});

describe('audit show', () => {
  it.each(['D-1042', 'd-1042', '1042'])('prints the story of %s, safe for a terminal', async (id) => {
    const { code, out } = await run(['audit', 'show', id], holding(entries));

    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'D-1042 · web → production · main · asked for by Anna',
      'Rejected. An approver said no; nothing was deployed.',
      '',
    ]);
    expect(out).toContain(
      `     1  2026-01-31 12:00:00 UTC  Anna: asked to deploy main (regular): =1+1 "quoted"  [${entries[0]?.hash.slice(0, 12)}]\n`,
    );
    expect(out).toContain('Anna: rejected it: Not on a Friday [2J');
    expect(out).not.toContain('\u001b');
  });

  it('names a state and an event that only a newer version knows', async () => {
    const store = holding(goneOn());
    const row = await store.deployment?.('D-1042');

    const { code, out } = await run(['audit', 'show', 'D-1042'], {
      ...store,
      deployment: async () => ({ ...row, state: 'shifting' }) as never,
    });

    expect(code).toBe(0);
    expect(out).toContain('shifting. Only a newer version of Countersign knows the state "shifting".\n');
    expect(out).toContain('Anna: Only a newer version of Countersign can tell what "traffic-moved" means  [');
  });

  it('says when there is no such deployment', async () => {
    const { code, err } = await run(['audit', 'show', 'D-7'], holding(entries));

    expect(code).toBe(1);
    expect(err).toBe('There is no deployment "D-7". `audit export` lists them all.\n');
  });
});
