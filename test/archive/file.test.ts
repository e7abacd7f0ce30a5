import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileArchive } from '../../adapters/archive/file/index.ts';
import { manualClock } from '../fakes/clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));
const archive = fileArchive.create({ folder }, { clock: manualClock() });
const bytes = (text: string) => Buffer.from(text);

it('writes a copy once, read only', async () => {
  await archive.put('checkpoint-1.json', bytes('one'));
  await archive.put('checkpoint-1.json', bytes('one'));

  expect(readFileSync(join(folder, 'checkpoint-1.json'), 'utf8')).toBe('one');
  expect(statSync(join(folder, 'checkpoint-1.json')).mode & 0o777).toBe(0o400);
});

it('never changes what is there', async () => {
  await archive.put('checkpoint-2.json', bytes('two'));

  await expect(archive.put('checkpoint-2.json', bytes('TWO'))).rejects.toMatchObject({
    details: { code: 'taken', retryable: false },
  });
  expect(readFileSync(join(folder, 'checkpoint-2.json'), 'utf8')).toBe('two');
});

it('completes a copy that it died at', async () => {
  writeFileSync(join(folder, 'checkpoint-3.json'), 'thr', { mode: 0o400 });

  await archive.put('checkpoint-3.json', bytes('three'));

  expect(readFileSync(join(folder, 'checkpoint-3.json'), 'utf8')).toBe('three');
});

it('does not make a folder that is not there', async () => {
  const nowhere = fileArchive.create({ folder: join(folder, 'not-mounted') }, { clock: manualClock() });

  await expect(nowhere.put('checkpoint-1.json', bytes('one'))).rejects.toMatchObject({
    details: { code: 'ENOENT', retryable: true },
  });
});

it.each(['../x', '/etc/x', 'a/b', '', '.x'])('refuses the name %j', async (name) => {
  expect(() => archive.put(name, bytes('x'))).toThrow('plain name');
});
