import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { ArchiveAdapter } from '../../shared/adapter.ts';

/** Copies into a folder, each written once and then read only. The folder must be there: a disk that is not mounted is no place. */
export const fileArchive: ArchiveAdapter<{ readonly folder: string }> = {
  type: 'file',
  create: ({ folder }) => ({ id: 'file', put: (name, bytes) => putFile(join(folder, plain(name)), bytes) }),
};

async function putFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const file = await open(path, 'wx', 0o400);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } catch (error) {
      // Half a copy would keep the whole one out for ever.
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST')
      throw failure(`The checkpoint cannot be written to the folder (${codeOf(cause)}).`, cause);
    await compare(path, bytes);
  }
}

/** What lies there already is the same, half of the same (we died at it), or not ours. */
async function compare(path: string, bytes: Uint8Array): Promise<void> {
  const there = await readFile(path).catch((cause: unknown) => {
    throw failure(`The copy that is there cannot be read (${codeOf(cause)}).`, cause);
  });
  if (there.equals(bytes)) return;
  const half = there.length < bytes.length && there.equals(Buffer.from(bytes).subarray(0, there.length));
  if (!half) throw taken();
  await rm(path, { force: true });
  await putFile(path, bytes);
}

function plain(name: string): string {
  if (/^[\w-][\w.-]*$/.test(name)) return name;
  throw new TypeError('A copy needs a plain name.');
}

function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
}

function failure(sentence: string, cause: unknown): PortFailure {
  return new PortFailure(sentence, { port: 'archive', kind: 'unreachable', retryable: true, code: codeOf(cause) });
}

function taken(): PortFailure {
  return new PortFailure('The archive holds something else under the name of this checkpoint. Compare the two.', {
    port: 'archive',
    kind: 'refused',
    retryable: false,
    code: 'taken',
  });
}
