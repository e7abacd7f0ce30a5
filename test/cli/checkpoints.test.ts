import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointsOf } from '../../bin/checkpoints.ts';
import { referredSecrets } from '../../src/config/secrets.ts';
import { proverOf, signerOf } from '../../src/domain/checkpoint.ts';
import { manualClock } from '../fakes/clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-wiring-'));
afterAll(() => rmSync(folder, { recursive: true }));
const tools = { clock: manualClock(), secrets: referredSecrets(folder, {}) };
const bytes = Buffer.from('a statement');

/** Writes a fresh key; gives its public half. */
function newKey(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

describe('the checkpoints of a configuration', () => {
  it('are none when none are wished for', async () => {
    expect(await checkpointsOf(undefined, tools)).toEqual({});
  });

  it('are signed with the key of the file, at the interval, and copied where it says', async () => {
    const prover = proverOf(newKey());
    const wish = { key: 'file:key.pem', every: 3_600_000, copies: [{ folder }] };
    const { checkpoints } = await checkpointsOf(wish, tools);

    expect(checkpoints?.everyMs).toBe(3_600_000);
    const signed = await checkpoints?.sign(bytes);
    expect(signed?.key).toBe(prover.key);
    expect(prover.proves(bytes, signed?.signature ?? '')).toBe(true);
    await checkpoints?.archives[0]?.put('checkpoint-1.json', bytes);
    expect(readFileSync(join(folder, 'checkpoint-1.json'), 'utf8')).toBe('a statement');
  });

  it('have one archive for every copy that is wished for', async () => {
    newKey();
    const s3 = { bucket: 'evidence', prefix: 'log/', region: 'eu-central-1', retainDays: 400 };
    const wish = { key: 'file:key.pem', every: 1000, copies: [{ s3 }, { folder }] };

    expect((await checkpointsOf(wish, tools)).checkpoints?.archives.map(({ id }) => id)).toEqual(['s3', 'file']);
  });

  it('are signed with a replaced key at once', async () => {
    newKey();
    const { checkpoints } = await checkpointsOf({ key: 'file:key.pem', every: 1000, copies: [] }, tools);
    const second = proverOf(newKey());

    const signed = await checkpoints?.sign(bytes);

    expect(signed?.key).toBe(second.key);
    expect(signerOf(readFileSync(join(folder, 'key.pem'), 'utf8')).key).toBe(second.key);
  });

  it.each([
    ['is missing', 'file:absent.pem', 'has no file'],
    ['is no key', 'file:text.pem', 'cannot be used. This is no Ed25519 private key in PEM.'],
  ])('keep the programme from starting when the key %s', async (_what, key, words) => {
    writeFileSync(join(folder, 'text.pem'), 'SECRET WORDS');

    const fault = await checkpointsOf({ key, every: 1000, copies: [] }, tools).catch((error: Error) => error);

    expect(String(fault)).toContain(words);
    expect(String(fault)).not.toContain('SECRET WORDS');
  });
});
