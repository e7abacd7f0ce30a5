import { isUtf8 } from 'node:buffer';

/** Bytes of a file as text; nothing when they are none. */
export function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : undefined;
}
