import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pathOf } from '../../adapters/shared/http/outgoing.ts';
import { createService, type Service } from '../../adapters/shared/http/service.ts';
import type { FailureDetails } from '../../src/ports/failure.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { manualClock } from '../fakes/clock.ts';

interface Arrived {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('a service spoken to over HTTP', () => {
  let server: Server;
  let base: string;
  let arrived: Arrived[];
  let answers: ((answer: ServerResponse) => void)[];
  let service: Service;

  beforeEach(async () => {
    arrived = [];
    answers = [];
    server = createServer(async (request, answer) => {
      const pieces = await request.toArray();
      arrived.push({
        line: `${request.method} ${request.url}`,
        headers: request.headers,
        body: Buffer.concat(pieces).toString(),
      });
      const next = answers.shift() ?? ((one) => one.end('{"id":7}'));
      next(answer);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    service = made(base);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const made = (baseUrl: string) =>
    createService({
      port: 'jobs',
      system: 'Jobs',
      login: 'the token',
      baseUrl,
      clock: manualClock(Date.parse('2026-01-05T10:00:00Z')),
      headers: () => ({ 'x-token': 'secret' }),
    });
  const answering = (status: number, body = '', headers: Record<string, string> = {}) =>
    answers.push((answer) => void answer.writeHead(status, headers).end(body));

  it('reads below its base address with its login, and gives what has the form', async () => {
    const got = await made(`${base}/api/`).get({
      what: 'job a b',
      path: pathOf('jobs', 'a b/c'),
      query: { page: 2, none: undefined },
      form: z.object({ id: z.number() }),
    });

    expect(got).toEqual({ id: 7 });
    expect(arrived[0]).toMatchObject({ line: 'GET /api/jobs/a%20b%2Fc?page=2', headers: { 'x-token': 'secret' } });
  });

  it('writes JSON and forms', async () => {
    await service.send({ what: 'a job', path: 'jobs', json: { name: 'x' } });
    await service.send({ what: 'a job', path: 'jobs', method: 'PUT', fields: { name: 'a b', empty: undefined } });

    expect(arrived.map(({ line, body }) => [line, body])).toEqual([
      ['POST /jobs', '{"name":"x"}'],
      ['PUT /jobs', 'name=a+b'],
    ]);
  });

  const REFUSALS: readonly [number, Record<string, string>, Partial<FailureDetails>][] = [
    [401, {}, { kind: 'forbidden', retryable: false }],
    [403, {}, { kind: 'forbidden', retryable: false }],
    [404, {}, { kind: 'not-found', retryable: false }],
    [410, {}, { kind: 'gone', retryable: false }],
    [422, {}, { kind: 'refused', retryable: false }],
    [302, { location: 'https://login.example/' }, { kind: 'refused', retryable: false }],
    [429, { 'retry-after': '30' }, { kind: 'rate-limited', retryable: true, retryAfterMs: 30_000 }],
    [429, {}, { kind: 'rate-limited', retryable: true, retryAfterMs: 60_000 }],
    [503, { 'retry-after': 'Mon, 05 Jan 2026 10:00:20 GMT' }, { kind: 'rate-limited', retryAfterMs: 20_000 }],
    [500, {}, { kind: 'unreachable', retryable: true, inDoubt: true }],
  ];
  it.each(REFUSALS)('tells a %i with %j as a failure', async (status, headers, details) => {
    answering(status, '{"message":"no, token=abcdefgh1234"}', headers);

    const failure = await failureOf(service.send({ what: 'a job', path: 'jobs', json: {} }));

    expect(failure.details).toMatchObject({ port: 'jobs', code: `${status}`, ...details });
    expect(failure.message).not.toContain('abcdefgh1234');
    expect(arrived).toHaveLength(1);
  });

  it('doubts a write whose answer was lost, and makes it only once', async () => {
    answers.push((answer) => answer.destroy());

    const failure = await failureOf(service.send({ what: 'a job', path: 'jobs', json: {} }));

    expect(failure.details).toMatchObject({ retryable: true, inDoubt: true });
    expect(arrived).toHaveLength(1);
  });

  it('gives a redirect back where the system answers a write with one, and follows it nowhere', async () => {
    answers.push((answer) => {
      answer.setHeader('set-cookie', ['a=1; Path=/', 'b=2']);
      answer.writeHead(302, { location: '/elsewhere' }).end();
    });

    const answer = await service.send({ what: 'a job', path: 'jobs/1/stop', redirects: true });

    expect(answer).toMatchObject({
      status: 302,
      headers: { location: '/elsewhere', 'set-cookie': 'a=1; Path=/\nb=2' },
    });
    expect(arrived).toHaveLength(1);
  });

  it('takes no answer of another form, and doubts a write that had one', async () => {
    answering(200, '<html>');
    answering(200, '<html>');
    const form = z.object({ id: z.number() });

    const read = await failureOf(service.get({ what: 'a job', path: 'jobs/1', form }));
    const answer = await service.send({ what: 'a job', path: 'jobs' });

    expect(read.details).toMatchObject({ kind: 'misbehaved', retryable: false });
    expect(() => service.read({ what: 'a job' }, answer, form)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ inDoubt: true }) }),
    );
  });

  it('asks for news only, where the answer has a mark', async () => {
    answering(200, '{"id":1}', { etag: '"one"' });
    answering(304);
    const question = { what: 'a job', path: 'jobs/1', form: z.object({ id: z.number() }), polled: true };

    const both = [await service.get(question), await service.get(question)];

    expect(both).toEqual([{ id: 1 }, { id: 1 }]);
    expect(arrived[1]?.headers['if-none-match']).toBe('"one"');
  });

  it('reads the end of a text, and shows its login to nobody that it is sent on to', async () => {
    answering(302, '', { location: '/elsewhere' });
    answering(200, 'one two three');

    const text = await service.tail({ what: 'the log', path: 'log', bytes: 5 });

    expect(text).toBe('three');
    expect(arrived.map(({ line, headers }) => [line, headers['x-token']])).toEqual([
      ['GET /log', 'secret'],
      ['GET /elsewhere', undefined],
    ]);
  });

  it('sends nothing once the fence has fallen, and lets its failure through', async () => {
    const fallen = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });
    const fence = () => {
      throw fallen;
    };

    const failure = await failureOf(service.send({ what: 'a job', path: 'jobs' }, fence));

    expect(failure).toBe(fallen);
    expect(arrived).toEqual([]);
  });
});

async function failureOf(call: Promise<unknown>): Promise<PortFailure> {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PortFailure);
  return error as PortFailure;
}
