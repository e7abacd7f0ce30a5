import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FailureKind, PortFailure } from '../ports/failure.ts';
import type { Secrets } from '../ports/secrets.ts';

/** No token or key is longer; a larger file is not a secret but a mistake. */
const LARGEST = 65_536;

/**
 * Secrets by reference: `env:NAME` from the environment, `file:path` from a file (relative to the configuration's folder), whose
 * newline at the end does not count. Read afresh each time, so that a replaced secret is used at once.
 * @param folder the folder of the configuration file
 */
export function referredSecrets(
  folder: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Secrets {
  return {
    async read(reference) {
      const [, scheme, rest] = /^(env|file):(.+)$/s.exec(reference) ?? [];
      // What is not a reference may be the secret itself, so it is not repeated.
      if (scheme === undefined || rest === undefined) throw failure('refused', 'A secret is given as a value.', NEXT);
      const value = scheme === 'env' ? environment[rest] : await fileText(reference, resolve(folder, rest));
      if (value !== undefined && value.trim() !== '') return value;
      const what = value === undefined ? 'is not set' : 'is empty';
      const next =
        scheme === 'env' ? `Set the environment variable ${rest} and start again.` : 'Write the secret into the file.';
      throw failure('not-found', `The secret "${reference}" ${what}.`, next);
    },
  };
}

const NEXT = 'Refer to it as env:NAME or file:path.';

async function fileText(reference: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const code = codeOf(cause);
    const kind = code === 'ENOENT' ? 'not-found' : 'forbidden';
    const what = code === 'ENOENT' ? 'has no file' : `cannot be read (${code})`;
    throw failure(kind, `The secret "${reference}" ${what}.`, 'Check the path and who may read the file.');
  });
  if (text.length > LARGEST) {
    throw failure('refused', `The file of the secret "${reference}" is too large.`, 'Check that it is the right file.');
  }
  return text.replace(/\r?\n$/, '');
}

function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown';
}

/** The cause is left out on purpose: nothing but the reference may reach a log. */
function failure(kind: FailureKind, sentence: string, next: string): PortFailure {
  return new PortFailure(`${sentence} ${next}`, { port: 'secrets', kind, retryable: false });
}
