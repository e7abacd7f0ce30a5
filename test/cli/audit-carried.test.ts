import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointFault, proverOf, readCheckpointFile, signerOf } from '../../src/domain/checkpoint.ts';
import type { Entry } from '../../src/domain/event.ts';
import { parts } from '../config/parts.ts';
import { chain, holding, run } from './cli-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-carried-'));
const file = (name: string) => join(folder, name);
const entries = chain([{ type: 'checks-started' }, { type: 'reminded' }, { type: 'nudged' }]);

beforeAll(async () => {
  await run(['audit', 'keygen', '--out', file('ours')]);
  await run(['audit', 'keygen', '--out', file('other')]);
  await exported('whole.jsonl');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** An export that is signed with our key. */
function exported(name: string, more: readonly string[] = [], held: readonly Entry[] = entries) {
  const signer = signerOf(readFileSync(file('ours'), 'utf8'));
  const signing = async () => ({ signer, installation: 'Acme' });
  return run(['audit', 'export', '--out', file(name), ...more], holding(held), parts, signing);
}

function changed(name: string, change: (lines: readonly string[]) => readonly string[]): string {
  const lines = readFileSync(file('whole.jsonl'), 'utf8').trimEnd().split('\n');
  writeFileSync(file(name), `${change(lines).join('\n')}\n`);
  return file(name);
}

function verified(path: string, ...more: readonly string[]) {
  return run(['audit', 'verify', '--file', path, ...more]);
}

const provers = () => [proverOf(readFileSync(file('ours.pub'), 'utf8'))];

describe('an export while a key is configured', () => {
  it('ends with a checkpoint of its last entry, which `audit verify` proves', async () => {
    const { code, out } = await verified(file('whole.jsonl'), '--key', file('ours.pub'));

    expect(code).toBe(0);
    expect(out).toContain(`The log is whole: 3 entries. Head 3:${entries[2]?.hash}\n`);
    expect(out).toMatch(
      /The file ends with a checkpoint of entry 3, signed by Acme at \d{4}-[^;]+Z; signature in order\.\n$/,
    );
  });

  it('says when nobody gave a key to check it with', async () => {
    expect((await verified(file('whole.jsonl'))).out).toContain(
      'signature not checked: name the public key with --key',
    );
  });

  it('ends with one in CSV and in a part of the log too', async () => {
    await exported('part.csv', ['--format', 'csv', '--to', entries[2]?.at ?? '']);
    const last = readFileSync(file('part.csv'), 'utf8').trimEnd().split('\r\n').at(-1) ?? '';
    const text = (/"(\{.*\})"$/.exec(last)?.[1] ?? '').replaceAll('""', '"');
    const checkpoint = readCheckpointFile(text);

    expect(checkpoint).toMatchObject({ seq: 2, hash: entries[1]?.hash, installation: 'Acme' });
    expect(checkpointFault(checkpoint, provers())).toBeUndefined();
  });

  it('has none when that is asked for, and when there is nothing to sign', async () => {
    await exported('bare.jsonl', ['--no-checkpoint']);
    expect(readFileSync(file('bare.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(3);

    await exported('empty.jsonl', [], []);
    expect(readFileSync(file('empty.jsonl'), 'utf8')).toBe('');
  });

  it('is written but not signed when an entry is not what was written', async () => {
    const spoilt = entries.map((entry) => (entry.seq === 2 ? { ...entry, at: '2026-01-31T12:01:59.000Z' } : entry));

    const { code, err } = await exported('spoilt.jsonl', [], spoilt);

    expect(code).toBe(1);
    expect(err).toContain('Entry 2 is not what was written, so nothing is signed.');
    expect(readFileSync(file('spoilt.jsonl'), 'utf8')).not.toContain('countersign-checkpoint');
  });

  it('is not written when the key cannot be read', async () => {
    const line = ['audit', 'export', '--out', file('keyless.jsonl')];
    const ran = await run(line, holding(entries), parts, () => Promise.reject(new Error('The secret has no file.')));

    expect(ran).toMatchObject({ code: 2, err: 'The secret has no file.\n' });
    expect(() => readFileSync(file('keyless.jsonl'))).toThrow('ENOENT');
  });
});

describe('audit verify of an export that was changed', () => {
  it('sees that entries were cut off before the checkpoint', async () => {
    const path = changed('cut.jsonl', (lines) => lines.filter((_line, index) => index !== 2));

    expect(await verified(path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('it signs another entry than the last one before it'),
    });
  });

  it('sees that the checkpoint was changed', async () => {
    const path = changed('renamed.jsonl', (lines) => lines.map((line) => line.replace('"Acme"', '"Other"')));

    expect(await verified(path, '--key', file('ours.pub'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('its signature is not valid'),
    });
  });

  it('accepts the signature of no other key', async () => {
    expect(await verified(file('whole.jsonl'), '--key', file('other.pub'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('it was signed with another key'),
    });
  });

  it('takes nothing behind the checkpoint', async () => {
    const path = changed('behind.jsonl', (lines) => [...lines, lines[0] ?? '']);

    expect(await verified(path)).toMatchObject({ code: 2, err: expect.stringContaining('Line 5 stands behind') });
  });
});
