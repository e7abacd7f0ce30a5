import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { s3Archive } from '../../adapters/archive/s3/index.ts';
import { manualClock } from '../fakes/clock.ts';

/** A small S3 that keeps objects, honours `If-None-Match: *` and remembers what was asked. Source: Amazon S3 API, PutObject. */
const kept = new Map<string, Buffer>();
const requests: { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers'] }[] = [];
let trouble: number | undefined;
let server: Server;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [path = ''] = (request.url ?? '').split('?');
      requests.push({ method: request.method ?? '', path, headers: request.headers });
      const there = kept.get(path);
      if (trouble !== undefined) response.writeHead(trouble).end('<Error><Code>AccessDenied</Code></Error>');
      else if (request.method === 'GET') response.writeHead(there === undefined ? 404 : 200).end(there);
      else if (there !== undefined && request.headers['if-none-match'] === '*')
        response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
      else {
        kept.set(path, Buffer.concat(pieces));
        response.writeHead(200, { etag: '"e"' }).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});
beforeEach(() => {
  kept.clear();
  requests.length = 0;
  trouble = undefined;
});

const clock = manualClock();
function archive() {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return s3Archive.create(
    { bucket: 'evidence', prefix: 'log/', region: 'eu-central-1', endpoint, retainDays: 400 },
    { clock },
  );
}
const bytes = Buffer.from('{"seq":1}\n');

it('puts a locked object that only comes into being where there is none', async () => {
  await archive().put('checkpoint-1.json', bytes);

  expect(kept.get('/evidence/log/checkpoint-1.json')?.toString()).toBe(bytes.toString());
  expect(requests).toHaveLength(1);
  expect(requests[0]?.headers).toMatchObject({
    'if-none-match': '*',
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-sdk-checksum-algorithm': 'SHA256',
    'x-amz-checksum-sha256': createHash('sha256').update(bytes).digest('base64'),
  });
  const until = Date.parse(String(requests[0]?.headers['x-amz-object-lock-retain-until-date']));
  expect(Math.abs(until - (clock.now() + 400 * 86_400_000))).toBeLessThan(1000);
});

it('takes the same copy for done, and another one for a fault', async () => {
  await archive().put('checkpoint-1.json', bytes);
  await archive().put('checkpoint-1.json', bytes);

  await expect(archive().put('checkpoint-1.json', Buffer.from('other'))).rejects.toMatchObject({
    details: { code: 'taken', retryable: false },
  });
  expect(kept.get('/evidence/log/checkpoint-1.json')?.toString()).toBe(bytes.toString());
});

it.each([
  [403, 'forbidden'],
  [503, 'unreachable'],
])('leaves it to the courier to repeat after %i', async (status, kind) => {
  trouble = status;

  await expect(archive().put('checkpoint-1.json', bytes)).rejects.toMatchObject({ details: { kind, retryable: true } });
  expect(requests).toHaveLength(1);
});
