import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileRecords } from '../../src/store/file/records.ts';
import { recordsContract } from '../contract/records.ts';
import { sharedRecords } from '../fakes/records.ts';

recordsContract({
  name: 'in files',
  build: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'records-'));
    return { instance: () => fileRecords(folder), tearDown: () => rm(folder, { recursive: true }) };
  },
  alone: 'a file belongs to one instance',
});

recordsContract({
  name: 'in memory, as tests have them',
  build: async () => ({ instance: sharedRecords().instance, tearDown: async () => undefined }),
});

it('fail as a port does when their file cannot be opened', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'records-'));
  await writeFile(join(folder, 'console'), 'a file where a folder should be');

  const opened = fileRecords(folder).open('console/messages', () => undefined);

  await expect(opened).rejects.toMatchObject({ name: 'PortFailure', details: { port: 'records', retryable: true } });
  await rm(folder, { recursive: true });
});

it('lie in a file as one JSON value a line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'records-'));
  const book = await fileRecords(folder).open('console/messages', () => undefined);

  await book.append({ do: 'remove', id: 'm1' });
  await book.append('two\nlines');
  await book.close();

  const text = await readFile(join(folder, 'console', 'messages.jsonl'), 'utf8');
  expect(text).toBe('{"do":"remove","id":"m1"}\n"two\\nlines"\n');
  await rm(folder, { recursive: true });
});
