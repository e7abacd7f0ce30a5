import { afterEach, describe, expect, it } from 'vitest';
import { type Built, builtConsole, HOST, KEY, type Wish } from '../support/console-under-test.ts';

let built: Built;
afterEach(() => built.chat.stop());

async function build(wish: Wish = {}): Promise<Built> {
  built = await builtConsole(wish);
  return built;
}

const line = { key: KEY, as: 'anna', channel: '#deploys', text: 'status' };

describe('the console lets in', () => {
  it('a form of its own page', async () => {
    const { post, world } = await build();

    const response = await post('/console/say', line);

    expect(response.status).toBe(303);
    expect(world.heard).toHaveLength(1);
  });

  it.each(['localhost:4400', '127.0.0.1:9', '[::1]:4400', 'localhost'])('who came by the name %s', async (host) => {
    const { get, post } = await build();

    expect((await get('/', { host })).status).toBe(200);
    expect((await post('/console/say', line, { host, origin: `http://${host}` })).status).toBe(303);
  });
});

describe('the console refuses', () => {
  it.each([
    ['a form of another site', { origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['a form of another port of this machine', { origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' }],
    ['an origin that lies beside honest metadata', { origin: 'http://evil.test' }],
    ['an origin of null', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['metadata of another site under our origin', { 'sec-fetch-site': 'cross-site' }],
    ['a navigation typed by hand', { 'sec-fetch-site': 'none' }],
  ])('%s', async (_name, headers) => {
    const { post, world } = await build();

    const response = await post('/console/say', line, headers);

    expect(response.status).toBe(403);
    expect(world.heard).toEqual([]);
  });

  it('a form that says nothing of where it comes from', async () => {
    const { routes, world } = await build();
    const route = routes.find((one) => one.path === '/console/say' && 'handle' in one);
    const request = new Request(`http://${HOST}/console/say`, {
      method: 'POST',
      headers: { host: HOST },
      body: new URLSearchParams(line),
    });

    const response = route !== undefined && 'handle' in route ? await route.handle(request) : undefined;

    expect(response?.status).toBe(403);
    expect(world.heard).toEqual([]);
  });

  it.each([
    'evil.test',
    'evil.test:4400',
    '127.0.0.1.evil.test:4400',
    'localhost.evil.test',
    '10.0.0.5:4400',
    '127.0.0.1:4400@evil.test',
  ])('whoever comes by the name %s, for reading too (DNS rebinding)', async (host) => {
    const { get, post, world } = await build();

    const read = await get('/', { host });
    const written = await post('/console/say', line, { host, origin: `http://${host}` });

    expect([read.status, written.status]).toEqual([421, 421]);
    expect(await read.text()).not.toContain('#deploys');
    expect(world.heard).toEqual([]);
  });

  it('a form that is too long, whatever length it claims', async () => {
    const { post, world } = await build();
    const long = { ...line, text: 'x'.repeat(20_000) };

    const honest = await post('/console/say', long);
    const lying = await post('/console/say', long, { 'content-length': '10' });

    expect([honest.status, lying.status]).toEqual([413, 413]);
    expect(world.heard).toEqual([]);
  });

  it('what is no form', async () => {
    const { post, world } = await build();

    const response = await post('/console/say', line, { 'content-type': 'text/plain' });

    expect(response.status).toBe(415);
    expect(world.heard).toEqual([]);
  });

  it.each(['', 'short', 'x'.repeat(200), 'has spaces in it, and more'])('a press whose key is "%s"', async (key) => {
    const { post, world } = await build();

    const response = await post('/console/say', { ...line, key });

    expect(response.status).toBe(400);
    expect(world.heard).toEqual([]);
  });
});

describe('every answer', () => {
  it.each(['/', '/targets', '/deployments', '/deployments/D-1047', '/deployments/D-1', '/help'])(
    'of %s forbids whatever is not ours',
    async (path) => {
      const { get } = await build();

      const { headers } = await get(path);

      expect(headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it.each(['/', '/targets', '/deployments', '/deployments/D-1047', '/help'])(
    'of %s has no inline script or style and nothing from elsewhere',
    async (path) => {
      const { get } = await build();

      const page = await (await get(path)).text();

      expect(page).not.toMatch(/<script(?![^>]*\ssrc="\/console\/assets\/)/);
      expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
      expect(page).not.toMatch(/<(link|script|img)[^>]+(href|src)="(?!\/console\/assets\/)/);
    },
  );

  it.each(['/', '/targets', '/deployments', '/deployments/D-1047', '/help'])(
    'of %s says that anyone can act as anyone',
    async (path) => {
      const { get } = await build();

      expect(await (await get(path)).text()).toContain('Anyone who can open this page can act as anyone.');
    },
  );
});

describe('a console that is read only', () => {
  it('takes nothing', async () => {
    const { post, world } = await build({ settings: { readOnly: true } });

    const statuses = await Promise.all(
      ['say', 'press', 'form', 'dismiss', 'who'].map(async (name) => (await post(`/console/${name}`, line)).status),
    );

    expect(statuses).toEqual([403, 403, 403, 403, 403]);
    expect(world.heard).toEqual([]);
  });

  it.each(['/', '/deployments/D-1047'])('shows %s without a box, switch or button', async (path) => {
    const { get } = await build({ settings: { readOnly: true } });

    const page = await (await get(path)).text();

    expect(page).not.toContain('method="post"');
    expect(page).not.toContain('You are');
    expect(page).toContain('Read only');
  });
});
