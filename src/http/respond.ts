import type { ServerResponse } from 'node:http';

/** A short answer in plain words: never a stack, never an internal name. */
export function plainResponse(status: number, words: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${words}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });
}

/** Writes a fetch-style response into Node's; returns when it is sent or the reader has gone. Throws when the body breaks. */
export async function writeResponse(response: Response, outgoing: ServerResponse, withBody: boolean): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  if (!outgoing.hasHeader('x-content-type-options')) outgoing.setHeader('x-content-type-options', 'nosniff');
  if (response.body === null || !withBody) {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  await pour(response.body, outgoing);
}

async function pour(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  outgoing.once('close', stop);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (outgoing.writableEnded || outgoing.destroyed) return;
      if (!outgoing.write(next.value)) await drained(outgoing);
    }
    outgoing.end();
  } finally {
    outgoing.off('close', stop);
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.on('drain', done).on('close', done);
  });
}
