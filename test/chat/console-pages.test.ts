import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COOKIE } from '../../adapters/chat/console/people.ts';
import { note } from '../../src/domain/announcement.ts';
import { STATE_NAMES, STATES } from '../../src/domain/deployment.ts';
import { DEPLOYMENTS } from '../fakes/console-deployments.ts';
import { type Built, builtConsole, DEPLOYS, postSamples } from '../support/console-under-test.ts';

let built: Built;
beforeEach(async () => {
  built = await builtConsole();
});
afterEach(() => built.chat.stop());

async function page(path: string, as = 'anna'): Promise<string> {
  const response = await built.get(path, { cookie: `other=1; ${COOKIE}=${as}` });
  return response.text();
}

function said(key: string, words: string) {
  return { key, revision: 0, announcement: note('neutral', [words], `${words}.`) };
}

describe('the chat', () => {
  it('shows every state of a deployment by its word', async () => {
    await postSamples(built.chat, built.clock);

    const chat = await page('/');

    for (const { state, id } of DEPLOYMENTS) {
      expect(chat).toContain(STATES[state].word);
      expect(chat).toContain(id);
    }
    expect(new Set(DEPLOYMENTS.map(({ state }) => state)).size).toBeGreaterThanOrEqual(STATE_NAMES.length - 1);
  });

  it('lists the channels of the configuration, the main one first, and the reader’s private notes last', async () => {
    const chat = await page('/');

    const names = [...chat.matchAll(/class="nav channel"[^>]*><span>([^<]+)/g)].map(([, name]) => name);
    expect(names).toEqual(['#deploys', '#announcements', 'Private notes']);
  });

  it('opens a thread under its root and not as messages of their own', async () => {
    const root = await built.chat.post(DEPLOYS, said('root', 'Root'));
    await built.chat.post(DEPLOYS, { ...said('reply', 'Quiet reply'), under: root });
    await built.chat.post(DEPLOYS, { ...said('loud', 'Loud reply'), under: root, broadcast: true });

    const chat = await page('/');

    expect(chat).toContain('<strong>2 replies</strong>');
    expect(chat.match(/<article/g)).toHaveLength(2);
    expect(chat).toContain(`Reply in <a href="#${root.id}">a thread</a>`);
  });

  it('shows a private note to the one it is for, and to nobody else', async () => {
    await built.chat.whisper({ system: 'console', id: 'ben' }, said('w1', 'For Ben here'), DEPLOYS);
    await built.chat.whisper({ system: 'console', id: 'ben' }, said('w2', 'For Ben anywhere'));

    expect(await page('/', 'ben')).toContain('For Ben here');
    expect(await page('/?channel=@ben', 'ben')).toContain('For Ben anywhere');
    expect(await page('/', 'anna')).not.toContain('For Ben');
    expect(await page('/?channel=@ben', 'anna')).not.toContain('For Ben');
    expect(await page('/?channel=%40ben', 'guest')).not.toContain('For Ben');
  });

  it('shows the newest forty messages, and the others a link away', async () => {
    for (let number = 1; number <= 45; number += 1)
      await built.chat.post(DEPLOYS, said(`k${number}`, `Message ${number};`));

    const newest = await page('/');
    const older = /href="([^"]+)">Show older messages/.exec(newest)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const oldest = await page(older);

    expect(newest).toContain('Message 6;');
    expect(newest).not.toContain('Message 5;');
    expect(oldest).toContain('Message 5;');
    expect(oldest).toContain('Message 1;');
    expect(oldest).not.toContain('Message 6;');
  });

  it('falls back to the main channel where there is no such channel', async () => {
    await built.chat.post(DEPLOYS, said('k', 'Here'));

    expect(await page('/?channel=%23nowhere')).toContain('Here');
  });
});

describe('who one is', () => {
  it('is the first person of the configuration until somebody chooses, and a guest can be chosen', async () => {
    const first = await (await built.get('/')).text();

    expect(first).toContain('<option value="anna" selected>Anna Keller (engineers)</option>');
    expect(first).toContain('<option value="guest">Guest (unknown to the configuration)</option>');
  });

  it('is kept in a cookie, and an unknown cookie is passed over', async () => {
    const response = await built.post('/console/who', { as: 'chiara', back: '/targets' });

    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/targets');
    expect(response.headers.get('set-cookie')).toMatch(/^countersign_as=chiara; Path=\/; .*HttpOnly; SameSite=Strict/);
    expect(await page('/', 'chiara')).toContain('<option value="chiara" selected>');
    expect(await page('/', '%E0%A4%A')).toContain('<option value="anna" selected>');
  });

  it.each(['//evil.test', 'https://evil.test/', '/\\evil.test', 'javascript:x'])(
    'never sends anybody to %s',
    async (back) => {
      const response = await built.post('/console/who', { as: 'ben', back });

      expect(response.headers.get('location')).toBe('/');
    },
  );
});

describe('the page of deployments', () => {
  const ids = (text: string) => [...new Set([...text.matchAll(/href="\/deployments\/(D-\d+)"/g)].map(([, id]) => id))];

  it('is narrowed by service, environment and state', async () => {
    expect(ids(await page('/deployments?service=api&environment=production'))).toEqual(['D-1046', 'D-1045', 'D-1039']);
    expect(ids(await page('/deployments?state=failed'))).toEqual(['D-1044']);
    expect(ids(await page('/deployments?state=open'))).toEqual(['D-1049', 'D-1048', 'D-1047', 'D-1046', 'D-1045']);
  });

  it('goes on before a number, and passes over what is no filter', async () => {
    expect(ids(await page('/deployments?before=1040'))).toEqual(['D-1039', 'D-1038', 'D-1036']);
    expect(ids(await page('/deployments?before=-1&state=odd'))).toHaveLength(DEPLOYMENTS.length);
  });

  it('offers the way out where nothing fits', async () => {
    expect(await page('/deployments?state=expired&service=api')).toContain('No deployment fits');
  });
});

describe('the page of targets', () => {
  it('says of each target what runs there, since when, by whom, what comes, and its lock', async () => {
    const targets = await page('/targets');

    expect(targets).toContain('D-1036');
    expect(targets).toContain('Dev Patel');
    expect(targets).toContain('stocktaking until noon');
    expect(targets).toContain('Needs approval');
    expect(targets).toContain('https://web.staging.example.com');
    expect(targets).toContain('not deployed here');
  });
});

describe('the page of one deployment', () => {
  it('has its card, its steps, its log without markup, and its entries with their hashes', async () => {
    const [entry] = await built.world.reading.entries({ stream: 'deployment:D-1045', limit: 1 });
    const text = await page('/deployments/D-1045');

    expect(text).toContain('Deploying');
    expect(text).toContain('Integration tests');
    expect(text).toContain('checkout &lt;b&gt;&amp;amp; payment&lt;/b&gt;');
    expect(text).toContain('Tried to approve and may not');
    expect(text).toContain(entry?.hash.slice(0, 10));
  });

  it('tells who asked that they may not countersign, before they press', async () => {
    expect(await page('/deployments/D-1047', 'anna')).toContain('so you may not countersign it');
    expect(await page('/deployments/D-1047', 'chiara')).not.toContain('so you may not countersign it');
  });

  it('presses the very button that the card in the chat has', async () => {
    expect(await page('/deployments/D-1047', 'chiara')).toContain('name="value" value="token1047.1"');
  });

  it.each(['D-1', '%E0%A4%A', '..%2F..', '<script>'])('is a plain 404 for %s', async (id) => {
    const response = await built.get(`/deployments/${id}`);

    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('<script>');
  });
});
