import type { IncomingMessage } from 'node:http';

export type BodyRead =
  | { readonly kind: 'whole'; readonly body: Buffer }
  | { readonly kind: 'too-large' }
  /** The sender went away in the middle. */
  | { readonly kind: 'broken' };

/** Reads a body of at most `limit` bytes, whether its length was announced or not. Nothing beyond the limit is kept. */
export function readBody(incoming: IncomingMessage, limit: number): Promise<BodyRead> {
  if (Number(incoming.headers['content-length'] ?? 0) > limit) return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (result: BodyRead) => {
      incoming.off('data', take).off('end', end).off('error', broken).off('close', broken);
      // Later faults of the connection must find a listener.
      incoming.on('error', () => {});
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) finish({ kind: 'too-large' });
      else chunks.push(chunk);
    };
    const end = () => finish({ kind: 'whole', body: Buffer.concat(chunks) });
    const broken = () => finish({ kind: 'broken' });
    incoming.on('data', take).on('end', end).on('error', broken).on('close', broken);
  });
}
