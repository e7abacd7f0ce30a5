import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { PortFailure } from '../../../src/ports/failure.ts';

/**
 * The certificates of a private authority, as PEM text; nothing when no file is named. Looked at here, because a file that is none
 * would only show as a refused connection much later. Throws a PortFailure that names the file.
 */
export async function readAuthority(port: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined && isCertificate(text)) return text;
  const why = text === undefined ? 'cannot be read' : 'holds no certificate in PEM form';
  const message = `The file ${path} that certificateAuthority names ${why}.`;
  throw new PortFailure(message, { port, kind: 'refused', retryable: false, code: 'certificate-authority' });
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
