import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { referredSecrets } from '../../src/config/secrets.ts';
import { PortFailure } from '../../src/ports/failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const secrets = referredSecrets(folder, { TOKEN: 'from the environment', EMPTY: '' });

describe('a secret', () => {
  it('is read from the environment', async () => {
    expect(await secrets.read('env:TOKEN')).toBe('from the environment');
  });

  it('is read from a file beside the configuration, without the newline at its end', async () => {
    writeFileSync(join(folder, 'token'), 'two\nlines\r\n');

    expect(await secrets.read('file:token')).toBe('two\nlines');
    expect(await secrets.read(`file:${join(folder, 'token')}`)).toBe('two\nlines');
  });

  it('is read afresh, so that a replaced one is used at once', async () => {
    writeFileSync(join(folder, 'turned'), 'old');
    await secrets.read('file:turned');
    writeFileSync(join(folder, 'turned'), 'new');

    expect(await secrets.read('file:turned')).toBe('new');
  });

  it.each([
    ['env:MISSING', 'The secret "env:MISSING" is not set. Set the environment variable MISSING and start again.'],
    ['env:EMPTY', 'The secret "env:EMPTY" is empty. Set the environment variable EMPTY and start again.'],
    ['file:missing', 'The secret "file:missing" has no file. Check the path and who may read the file.'],
    ['file:.', 'The secret "file:." cannot be read (EISDIR). Check the path and who may read the file.'],
  ])('that cannot be had is named by its reference: %s', async (reference, message) => {
    await expect(secrets.read(reference)).rejects.toThrow(message);
    await expect(secrets.read(reference)).rejects.toBeInstanceOf(PortFailure);
  });

  it.each(['hunter2', 'env:', 'vault:a/b', ''])('given as %j is refused without being repeated', async (value) => {
    await expect(secrets.read(value)).rejects.toThrow(
      'A secret is given as a value. Refer to it as env:NAME or file:path.',
    );
  });
});
