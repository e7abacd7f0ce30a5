import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import { type SharedRecords, sharedRecords } from '../fakes/records.ts';
import { consoleMessages } from '../support/console-people.ts';
import { type Built, builtConsole, DEPLOYS } from '../support/console-under-test.ts';
import { serveRoutes } from '../support/serve-routes.ts';
import { until } from '../support/until.ts';

let shared: SharedRecords;
let one: Built;
let other: Built;

beforeEach(async () => {
  shared = sharedRecords();
  one = await builtConsole({ records: shared.instance() });
  other = await builtConsole({ records: shared.instance() });
});
afterEach(async () => {
  await Promise.all([one.chat.stop(), other.chat.stop()]);
});

function card(words: string, revision = 0, key = 'card') {
  return { key, revision, announcement: note('neutral', [words], `${words}.`) };
}

async function page(built: Built, path = '/', account = 'anna'): Promise<string> {
  return (await built.get(path, { cookie: `countersign_as=${account}` })).text();
}

async function texts(built: Built, account = 'anna'): Promise<readonly string[]> {
  return consoleMessages(await page(built, '/', account)).map(({ text }) => text);
}

/** A page that listens to one of the instances. */
async function listen(built: Built, since: string) {
  const served = await serveRoutes(built.routes);
  const ended = new AbortController();
  const response = await fetch(`${served.origin}/console/events?since=${since}`, { signal: ended.signal });
  const heard = { text: '' };
  void (async () => {
    for await (const piece of response.body ?? []) heard.text += Buffer.from(piece).toString('utf8');
  })().catch(() => undefined);
  await until('the greeting', () => heard.text.includes('retry: '));
  const close = async () => {
    ended.abort();
    await served.close();
  };
  return { events: () => heard.text.match(/^event: changed$/gm)?.length ?? 0, close };
}

async function markOf(built: Built): Promise<string> {
  return /data-mark="([^"]+)"/.exec(await page(built))?.[1] ?? '';
}

describe('a console of two instances', () => {
  it('shows the very same page on both, though nobody told the second yet', async () => {
    shared.hold();
    const handle = await one.chat.post(DEPLOYS, card('Posted'));
    await one.chat.post(DEPLOYS, { ...card('In its thread', 0, 'reply'), under: handle });
    await one.chat.update(handle, card('Changed', 1));
    await one.chat.whisper({ system: 'console', id: 'anna' }, card('For Anna', 0, 'whisper'), DEPLOYS);

    // What a page makes anew each time: the mark, and the ids of the next presses.
    const still = (text: string) => text.replaceAll(/data-mark="[^"]*"|value="[0-9a-f-]{36}"/g, '');
    const [there, here] = [still(await page(one)), still(await page(other))];

    expect(here).toBe(there);
    expect(await texts(other)).toEqual([expect.stringContaining('Changed'), expect.stringContaining('For Anna')]);
    expect(await texts(other, 'ben')).toEqual([expect.stringContaining('Changed')]);
  });

  it('changes on the second what the first has just posted', async () => {
    shared.hold();
    const handle = await one.chat.post(DEPLOYS, card('Posted'));

    await other.chat.update(handle, card('Changed', 1));

    expect(await texts(one)).toEqual([expect.stringContaining('Changed')]);
  });

  it('posts a card once, though both post it at the same time and neither heard of the other', async () => {
    shared.hold();

    const handles = await Promise.all([
      one.chat.post(DEPLOYS, card('Card')),
      other.chat.post(DEPLOYS, card('Card')),
      one.chat.post(DEPLOYS, card('Card')),
    ]);

    expect(new Set(handles.map(({ id }) => id)).size).toBe(1);
    for (const built of [one, other]) expect(await texts(built)).toHaveLength(1);
  });

  it('keeps a card posted twice away for good when it is taken away', async () => {
    const press = { key: randomUUID(), as: 'anna', channel: '#deploys', text: 'whoami' };
    shared.hold();
    await Promise.all([one.post('/console/say', press), other.post('/console/say', press)]);
    const [found] = consoleMessages(await page(other));

    await other.post('/console/dismiss', { key: randomUUID(), as: 'anna', message: found?.id ?? '' });
    await one.post('/console/say', { ...press, key: randomUUID() });

    const late = await builtConsole({ records: shared.instance() });
    for (const built of [one, other, late]) {
      const ids = consoleMessages(await page(built)).map(({ id }) => id);
      expect(ids).toHaveLength(1);
      expect(ids).not.toContain(found?.id);
    }
    await late.chat.stop();
  });

  it('finds on the second what the first posted before it died', async () => {
    shared.hold();
    const handle = await one.chat.post(DEPLOYS, card('Card'));
    await one.chat.stop();

    expect(await other.chat.find(DEPLOYS, 'card', '2026-11-20T00:00:00.000Z')).toEqual(handle);
    expect(await other.chat.post(DEPLOYS, card('Card'))).toEqual(handle);
  });

  it('does not bring an older picture back when an instance thaws', async () => {
    const handle = await one.chat.post(DEPLOYS, card('Asked', 1));
    await other.chat.update(handle, card('Done', 3));

    await one.chat.update(handle, card('Waiting', 2));

    for (const built of [one, other]) expect(await texts(built)).toEqual([expect.stringContaining('Done')]);
  });

  it('takes a press on the second of a button that the first has just shown', async () => {
    shared.hold();
    const button = { label: 'Approve', verb: 'approve', value: 'token.1', style: 'primary' } as const;
    const announcement = { ...card('Asked').announcement, buttons: [button] };
    const { id } = await one.chat.post(DEPLOYS, { ...card('Asked'), announcement });

    const fields = { key: randomUUID(), as: 'anna', message: id, verb: 'approve', value: 'token.1' };
    const answer = await other.post('/console/press', fields, { accept: 'application/json' });

    expect(answer.status).toBe(200);
    expect(other.world.heard).toMatchObject([{ at: { id }, input: { kind: 'button', verb: 'approve' } }]);
  });

  it('takes away on the second what the first told somebody alone', async () => {
    shared.hold();
    await one.chat.whisper({ system: 'console', id: 'anna' }, card('For Anna'), DEPLOYS);
    const [told] = consoleMessages(await page(one));

    await other.post('/console/dismiss', { key: randomUUID(), as: 'anna', message: told?.id ?? '' });

    for (const built of [one, other]) expect(await texts(built)).toEqual([]);
  });

  it('shows the answer on the second when the first was told the command', async () => {
    shared.hold();
    const said = await one.post('/console/say', { key: randomUUID(), as: 'anna', channel: '#deploys', text: 'whoami' });

    expect(said.status).toBe(303);
    const [, id] = (said.headers.get('location') ?? '').split('#');
    expect(consoleMessages(await page(other)).map((message) => message.id)).toEqual([id]);
  });

  it('tells a page on either of what happens on the other', async () => {
    const listening = await listen(other, await markOf(other));
    expect(listening.events()).toBe(0);

    const handle = await one.chat.post(DEPLOYS, card('Posted'));
    await until('the post', () => listening.events() === 1);
    await one.chat.update(handle, card('Changed', 1));
    await until('the change', () => listening.events() === 2);

    await listening.close();
  });

  it('lets a page look again that comes with the mark of the other', async () => {
    const listening = await listen(other, await markOf(one));

    expect(listening.events()).toBe(1);
    await listening.close();
  });

  it('keeps few records, whoever changes a card for hours', async () => {
    const handle = await one.chat.post(DEPLOYS, card('Posted'));

    for (let round = 1; round <= 100; round += 1) {
      await (round % 2 === 0 ? one : other).chat.update(handle, card(`Round ${round}`, round));
    }

    expect(shared.size('console/messages')).toBeLessThan(6);
    const late = await builtConsole({ records: shared.instance() });
    expect(await texts(late)).toEqual([expect.stringContaining('Round 100')]);
    await late.chat.stop();
  });

  it('serves a page of another version its scripts and styles, without letting it keep them', async () => {
    const base = /(\/console\/assets\/[0-9a-f]{12})\/base\.css/.exec(await page(one))?.[1] ?? '';

    const own = await one.get(`${base}/base.css`);
    const foreign = await one.get('/console/assets/0123456789ab/base.css');
    const unknown = await one.get(`${base}/none.css`);

    expect(own.headers.get('cache-control')).toContain('immutable');
    expect(foreign.headers.get('cache-control')).toBe('no-store');
    expect(await foreign.text()).toBe(await own.text());
    expect(unknown.status).toBe(404);
  });
});
