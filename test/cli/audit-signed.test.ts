import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY, seal } from '../../src/domain/audit.ts';
import { checkpointFile, signerOf, statementBytes } from '../../src/domain/checkpoint.ts';
import type { Entry } from '../../src/domain/event.ts';
import { BOT } from '../../src/domain/person.ts';
import { holding, run } from './cli-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-signed-'));
const file = (name: string) => join(folder, name);
const AT = '2026-01-31T12:00:00.000Z';
let entries: readonly Entry[] = [];

/** Five entries; the fourth is a checkpoint of the third. */
function chain(pem: string): readonly Entry[] {
  const signer = signerOf(pem);
  const made: Entry[] = [];
  for (let seq = 1; seq <= 5; seq += 1) {
    const third = made[2];
    const event =
      third === undefined || seq !== 4
        ? { type: 'program-started' as const, version: `0.${seq}.0` }
        : { type: 'checkpointed' as const, seq: 3, hash: third.hash, key: signer.key, signature: signature(third) };
    const fresh = { stream: 'installation' as const, event, by: BOT, at: AT };
    made.push(seal(made.at(-1) ?? EMPTY, fresh, seq).entry);
  }
  function signature({ seq, hash }: Entry): string {
    return signer.sign(statementBytes({ seq, hash, at: AT }));
  }
  return made;
}

function keep(name: string, { seq, hash }: { readonly seq: number; readonly hash: string }, key = 'ours'): string {
  const signer = signerOf(readFileSync(file(key), 'utf8'));
  const statement = { seq, hash, at: AT };
  const text = checkpointFile({ ...statement, key: signer.key, signature: signer.sign(statementBytes(statement)) });
  writeFileSync(file(name), text);
  return file(name);
}

beforeAll(async () => {
  await run(['audit', 'keygen', '--out', file('ours')]);
  await run(['audit', 'keygen', '--out', file('other')]);
  entries = chain(readFileSync(file('ours'), 'utf8'));
  await run(['audit', 'export', '--out', file('export.jsonl')], holding(entries));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A tampered copy of the export. */
function tampered(name: string, change: (lines: readonly string[]) => readonly string[]): string {
  const lines = readFileSync(file('export.jsonl'), 'utf8').trimEnd().split('\n');
  writeFileSync(file(name), `${change(lines).join('\n')}\n`);
  return file(name);
}

function verified(path: string, ...more: readonly string[]) {
  return run(['audit', 'verify', '--file', path, ...more]);
}

describe('audit keygen', () => {
  it('makes a pair that nobody else can read, and overwrites nothing', async () => {
    expect(statSync(file('ours')).mode & 0o777).toBe(0o600);
    expect(readFileSync(file('ours.pub'), 'utf8')).toContain('BEGIN PUBLIC KEY');
    const before = readFileSync(file('ours'), 'utf8');

    expect((await run(['audit', 'keygen', '--out', file('ours')])).code).toBe(2);
    expect(readFileSync(file('ours'), 'utf8')).toBe(before);
  });
});

describe('audit verify of an exported file', () => {
  it('says without any database that it is whole, and that the signatures are in order', async () => {
    const { code, out } = await verified(file('export.jsonl'), '--key', file('ours.pub'));

    expect(code).toBe(0);
    expect(out).toBe(
      `The log is whole: 5 entries. Head 5:${entries[4]?.hash}\n1 checkpoint up to entry 3; signatures in order.\n`,
    );
  });

  it('says when nobody gave a key to check the signatures with', async () => {
    expect((await verified(file('export.jsonl'))).out).toContain(
      'signatures not checked: name the public key with --key',
    );
  });

  it('names the entry of which one byte was changed', async () => {
    const path = tampered('byte.jsonl', (lines) => lines.map((line) => line.replace('0.2.0', '0.2.1')));

    expect(await verified(path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('entry 2 (installation): its content was changed after it was written'),
    });
  });

  it('sees that an entry was cut out', async () => {
    const path = tampered('hole.jsonl', (lines) => lines.filter((_line, index) => index !== 1));

    expect(await verified(path)).toMatchObject({ code: 1, err: expect.stringContaining('it should be entry 2') });
  });

  it('sees by a checkpoint that was kept elsewhere that the end was cut off', async () => {
    const kept = keep('kept.json', entries[4] ?? EMPTY);
    const whole = await verified(file('export.jsonl'), '--key', file('ours.pub'), '--checkpoint', kept);
    expect(whole.code).toBe(0);
    expect(whole.out).toContain('It holds what the checkpoint of entry 5');

    const cut = tampered('cut.jsonl', (lines) => lines.slice(0, 4));
    expect((await verified(cut)).code).toBe(0);
    expect(await verified(cut, '--key', file('ours.pub'), '--checkpoint', kept)).toMatchObject({
      code: 1,
      err: expect.stringContaining('the log ends before the entry that was noted earlier'),
    });
  });

  it('accepts the signature of no other key, within the log or kept elsewhere', async () => {
    expect(await verified(file('export.jsonl'), '--key', file('other.pub'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('entry 4 (installation): it was signed with another key'),
    });
    const forged = keep('forged.json', entries[4] ?? EMPTY, 'other');
    expect(await verified(file('export.jsonl'), '--key', file('ours.pub'), '--checkpoint', forged)).toMatchObject({
      code: 1,
      err: expect.stringContaining('proves nothing: it was signed with another key'),
    });
  });

  it('takes no checkpoint on trust', async () => {
    const kept = keep('kept.json', entries[4] ?? EMPTY);

    expect(await verified(file('export.jsonl'), '--checkpoint', kept)).toMatchObject({ code: 1 });
  });

  it('cannot judge what is no export', async () => {
    writeFileSync(file('else.jsonl'), '{"a":1}\n');

    expect(await verified(file('else.jsonl'))).toMatchObject({
      code: 2,
      err: 'Line 1 is not a line of an export (jsonl).\n',
    });
  });
});

describe('audit verify of the database', () => {
  it('checks the signatures too when it is given the key', async () => {
    const good = await run(['audit', 'verify', '--key', file('ours.pub')], holding(entries));
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('signatures in order') });

    expect(await run(['audit', 'verify', '--key', file('other.pub')], holding(entries))).toMatchObject({ code: 1 });
  });
});
