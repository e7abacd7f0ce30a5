import { request as nodeRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { healthRoutes } from '../../src/http/health.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { startWeb, type Web, type WebOptions } from '../../src/http/server.ts';
import type { Route } from '../../src/ports/http.ts';
import { systemClock } from '../../src/system/clock.ts';
import { until } from '../support/until.ts';

const open: Web[] = [];
const errors: Readonly<Record<string, unknown>>[] = [];

afterEach(async () => {
  for (const web of open.splice(0)) await web.close();
  errors.length = 0;
});

async function start(routes: readonly Route[], options: Partial<WebOptions> = {}): Promise<Web> {
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: (fields: object) => void errors.push({ ...fields }) };
  const web = await startWeb({
    host: '127.0.0.1',
    port: 0,
    routes,
    log,
    clock: systemClock(),
    graceMs: 300,
    ...options,
  });
  open.push(web);
  return web;
}

const echo: Route = {
  method: 'POST',
  path: '/echo',
  handle: async (request) => new Response(await request.text(), { headers: { 'content-type': 'text/plain' } }),
};
const page: Route = { method: 'GET', path: '/page', handle: ({ method }) => new Response(`by ${method}`) };

/** Sends a body in pieces without saying how long it is. */
function sendChunks(url: string, chunks: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const sending = nodeRequest(url, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sending.on('error', reject);
    for (let index = 0; index < chunks; index += 1) sending.write(Buffer.alloc(65_536, 'a'));
    sending.end();
  });
}

/** Speaks to the server byte by byte; returns all it says until it hangs up. */
function speak(web: Web, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(web.address.port, web.address.host, () => socket.write(text));
    let said = '';
    socket.on('data', (data) => {
      said += data.toString();
    });
    socket.on('error', reject).on('close', () => resolve(said));
  });
}

describe('a fetch-style route', () => {
  it('gets the body and gives the answer', async () => {
    const { address } = await start([echo]);

    const response = await fetch(`${address.url}/echo`, { method: 'POST', body: 'grüezi' });

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('grüezi');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('sees address, headers and every cookie it sets', async () => {
    const route: Route = {
      method: 'GET',
      path: '/seen/*',
      handle(request) {
        const headers = new Headers([
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ]);
        const { pathname, search } = new URL(request.url);
        return new Response(`${pathname}${search} ${request.headers.get('x-mark')}`, { status: 201, headers });
      },
    };
    const { address } = await start([route]);

    const response = await fetch(`${address.url}/seen/a%20b?q=1`, { headers: { 'x-mark': 'm' } });

    expect(response.status).toBe(201);
    expect(await response.text()).toBe('/seen/a%20b?q=1 m');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  it('answers HEAD with the headers alone', async () => {
    const { address } = await start([page]);

    const response = await fetch(`${address.url}/page`, { method: 'HEAD' });

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });

  it('goes by the exact path before a wildcard, and the longer wildcard first', async () => {
    const say = (path: string): Route => ({ method: 'GET', path, handle: () => new Response(path) });
    const { address } = await start([say('/*'), say('/a/*'), say('/a/b')]);
    const ask = async (path: string) => (await fetch(`${address.url}${path}`)).text();

    expect(await Promise.all(['/a/b', '/a/c', '/x'].map(ask))).toEqual(['/a/b', '/a/*', '/*']);
  });
});

describe('what nobody serves', () => {
  it.each([
    ['GET', '/nothing', 404, null],
    ['GET', '/echo', 405, 'POST'],
    ['DELETE', '/page', 405, 'GET, HEAD'],
  ])('%s %s is answered with %i', async (method, path, status, allow) => {
    const { address } = await start([echo, page]);

    const response = await fetch(`${address.url}${path}`, { method });

    expect(response.status).toBe(status);
    expect(response.headers.get('allow')).toBe(allow);
  });

  it.each([
    ['GET http://elsewhere.example/page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', '400'],
    ['GET /page HTTP/1.1\r\nHost: anna@evil.example\r\nConnection: close\r\n\r\n', '400'],
    ['GET /page HTTP/1.1\r\nHost: evil.example/x?\r\nConnection: close\r\n\r\n', '400'],
    ['GET /page HTTP/1.1\r\nConnection: close\r\n\r\n', '400'],
    ['nonsense\r\n\r\n', '400'],
  ])('is refused: %j', async (text, status) => {
    const web = await start([page]);

    expect(await speak(web, text)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it('learns nothing of a fault inside but a reference that stands in the log', async () => {
    const broken: Route = {
      method: 'GET',
      path: '/broken',
      handle: () => {
        throw new Error('/home/secret/place is gone');
      },
    };
    const { address } = await start([broken]);

    const response = await fetch(`${address.url}/broken?token=x`);
    const words = await response.text();

    expect(response.status).toBe(500);
    expect(words).toMatch(/^Something went wrong here\. The operator finds it in the log under [0-9a-f]{8}\.\n$/);
    expect(errors).toMatchObject([{ path: '/broken', reference: words.slice(-10, -2) }]);
  });
});

describe('a body that is too large', () => {
  it('is refused when its length is announced, before a byte of it is taken', async () => {
    const web = await start([echo]);
    const head = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n';

    expect(await speak(web, head)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('is refused when it comes in pieces of unknown number', async () => {
    const { address } = await start([echo]);

    expect(await sendChunks(`${address.url}/echo`, 17)).toBe(413);
    expect(await sendChunks(`${address.url}/echo`, 16)).toBe(200);
  });
});

describe('a Node-style route', () => {
  it('gets the untouched request, at its path and below it', async () => {
    const route: Route = {
      path: '/sdk',
      node: (request, response) => {
        request.pipe(response);
      },
    };
    const { address } = await start([route]);
    const post = (path: string) => fetch(`${address.url}${path}`, { method: 'POST', body: path });

    expect(await (await post('/sdk')).text()).toBe('/sdk');
    expect(await (await post('/sdk/events')).text()).toBe('/sdk/events');
    expect((await post('/sdks')).status).toBe(404);
  });
});

describe('an event stream', () => {
  it('arrives piece by piece, and the route hears when the reader goes', async () => {
    let gone = false;
    const live: Route = {
      method: 'GET',
      path: '/live',
      handle(request) {
        request.signal.addEventListener('abort', () => {
          gone = true;
        });
        const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('data: 1\n\n')) });
        return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
      },
    };
    const { address } = await start([live]);
    const reading = new AbortController();
    const response = await fetch(`${address.url}/live`, { signal: reading.signal });
    const piece = await response.body?.getReader().read();

    reading.abort();

    expect(new TextDecoder().decode(piece?.value)).toBe('data: 1\n\n');
    await until('the route to hear of it', () => gone);
  });

  it('that breaks is logged and cut off, and the server goes on', async () => {
    const live: Route = {
      method: 'GET',
      path: '/live',
      handle: () =>
        new Response(
          new ReadableStream({
            pull: () => {
              throw new Error('source is gone');
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
    };
    const { address } = await start([live, page]);

    await expect(fetch(`${address.url}/live`).then((response) => response.text())).rejects.toThrow();

    expect(errors).toHaveLength(1);
    expect((await fetch(`${address.url}/page`)).status).toBe(200);
  });
});

describe('closing', () => {
  it('lets a request under way finish, ends event streams and takes nothing new', async () => {
    let finish: (() => void) | undefined;
    const slow: Route = {
      method: 'GET',
      path: '/slow',
      handle: () =>
        new Promise((resolve) => {
          finish = () => resolve(new Response('done'));
        }),
    };
    const live: Route = {
      method: 'GET',
      path: '/live',
      handle: () => new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } }),
    };
    const web = await start([slow, live], { graceMs: 5000 });
    const streaming = await fetch(`${web.address.url}/live`);
    const answer = fetch(`${web.address.url}/slow`);
    const release = await until('the request to arrive', () => finish);

    const closing = web.close();
    const rest = await streaming.text();
    release();

    expect(rest).toBe('');
    expect(await (await answer).text()).toBe('done');
    await closing;
    await expect(fetch(`${web.address.url}/slow`)).rejects.toThrow();
  });

  it('does not wait longer than the grace for a request that never ends', async () => {
    let arrived = false;
    const stuck: Route = {
      method: 'GET',
      path: '/stuck',
      handle: () => {
        arrived = true;
        return new Promise(() => {});
      },
    };
    const web = await start([stuck], { graceMs: 50 });
    const answer = fetch(`${web.address.url}/stuck`).catch(() => 'cut off');
    await until('the request to arrive', () => arrived);

    await web.close();

    expect(await answer).toBe('cut off');
  });

  it('fails to start where somebody else listens', async () => {
    const { address } = await start([]);

    await expect(start([], { port: address.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('health and metrics', () => {
  it('says that it is alive, and whether it is ready', async () => {
    let state = { ready: false, detail: 'slack: not connected' };
    const { address } = await start(healthRoutes(() => state));
    const ask = async (path: string) => {
      const response = await fetch(`${address.url}${path}`);
      return [response.status, await response.json()];
    };

    expect(await ask('/healthz')).toEqual([200, { alive: true }]);
    expect(await ask('/readyz')).toEqual([503, state]);
    state = { ready: true, detail: 'ready' };
    expect(await ask('/readyz')).toEqual([200, state]);
  });

  it('counts commits, effects, acknowledgements, requests and deployments', async () => {
    const { metrics, route } = createMetrics({
      version: '1.2.3',
      configuration: () => '0123456789ab',
      ready: async () => true,
      open: async () => ({ running: { count: 2, longestMs: 90_000 } }),
      overdueMs: async () => 1500,
      providers: () => new Map([['ci', true]]),
    });
    const { address } = await start([route, page], { metrics });
    await (await fetch(`${address.url}/page`)).text();
    metrics.committed('committed');
    metrics.committed('conflict');
    metrics.performed('start-run', 'done', 1200);
    metrics.served('GET', 200, -5);

    const text = await until('the request to be counted', async () => {
      const found = await (await fetch(`${address.url}/metrics`)).text();
      return found.includes('countersign_http_request_seconds_count{method="GET",status="2xx"}') && found;
    });

    expect(text).toContain('countersign_commits_total{outcome="committed"} 1');
    expect(text).toContain('countersign_commits_total{outcome="failed"} 0\n');
    expect(text).toContain('countersign_effect_seconds_count{kind="intro",outcome="given-up"} 0\n');
    expect(text).toContain('countersign_effect_seconds_sum{kind="start-run",outcome="done"} 1.2');
    expect(text).toContain('countersign_http_request_seconds_sum{method="GET",status="2xx"} 0');
    expect(text).toContain('countersign_open_deployments{state="running"} 2');
    expect(text).toContain('countersign_open_deployments{state="queued"} 0');
    expect(text).toContain('countersign_open_deployment_longest_seconds{state="running"} 90\n');
    expect(text).toContain('countersign_overdue_seconds 1.5\n');
    expect(text).toContain('countersign_ready 1\n');
    expect(text).toContain('countersign_build_info{version="1.2.3"} 1\n');
    expect(text).toContain('countersign_configuration_info{version="0123456789ab"} 1\n');
    expect(text).toContain('countersign_process_cpu_seconds_total');
  });

  it('still answers while the database cannot be asked, and leaves out what nobody knows', async () => {
    let down = false;
    const asked = async <T>(found: T): Promise<T> => {
      if (down) throw new Error('no connection');
      return found;
    };
    const { route } = createMetrics({
      version: '1.2.3',
      configuration: () => '0123456789ab',
      ready: () => asked(true),
      open: () => asked({ running: { count: 2, longestMs: 90_000 } }),
      overdueMs: () => asked(1500),
      providers: () => new Map(),
    });
    const { address } = await start([route]);
    const scrape = async () => (await fetch(`${address.url}/metrics`)).text();

    const before = await scrape();
    down = true;
    const during = await scrape();

    expect(before).toContain('countersign_overdue_seconds 1.5\n');
    expect(before).toContain('countersign_open_deployments{state="running"} 2\n');
    expect(during).toContain('countersign_ready 0\n');
    expect(during).toContain('countersign_build_info{version="1.2.3"} 1\n');
    expect(during).not.toMatch(/^countersign_(overdue_seconds|open_deployment\w*)[ {]/m);
  });
});
