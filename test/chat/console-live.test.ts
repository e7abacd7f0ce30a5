import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import { type Built, builtConsole, DEPLOYS } from '../support/console-under-test.ts';
import { type Served, serveRoutes } from '../support/serve-routes.ts';
import { until } from '../support/until.ts';

let built: Built;
let served: Served;

beforeEach(async () => {
  built = await builtConsole();
  served = await serveRoutes(built.routes);
});
afterEach(async () => {
  await built.chat.stop();
  await served.close();
});

/** What a page hears, over a real connection. */
async function listen(headers: Record<string, string> = {}, query = '') {
  const ended = new AbortController();
  const response = await fetch(`${served.origin}/console/events${query}`, { headers, signal: ended.signal });
  const heard = { text: '', closed: false };
  void (async () => {
    for await (const piece of response.body ?? []) heard.text += Buffer.from(piece).toString('utf8');
    heard.closed = true;
  })().catch(() => undefined);
  await until('the greeting', () => heard.text.includes('retry: '));
  const events = (): readonly string[] => heard.text.match(/^event: changed$/gm) ?? [];
  const last = (): string => [...heard.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
  return { heard, events, last, leave: () => ended.abort(), type: response.headers.get('content-type') };
}

async function mark(): Promise<string> {
  const page = await (await fetch(served.origin)).text();
  return /data-mark="([^"]+)"/.exec(page)?.[1] ?? '';
}

function said(key: string) {
  return { key, revision: 0, announcement: note('neutral', [key], `${key}.`) };
}

describe('an open page', () => {
  it('is told of messages and of commits, each with a mark of its own', async () => {
    const page = await listen({}, `?since=${await mark()}`);
    expect(page.events()).toHaveLength(0);

    const handle = await built.chat.post(DEPLOYS, said('one'));
    await until('the post', () => page.events().length === 1);
    await built.chat.update(handle, said('one'));
    await until('the change', () => page.events().length === 2);
    built.world.changed();
    await until('the commit', () => page.events().length === 3);

    expect(page.type).toBe('text/event-stream');
    expect(page.last()).toBe(await mark());
    page.leave();
  });

  it('that missed something is told at once when it comes back, and one that missed nothing is not', async () => {
    const before = await mark();
    await built.chat.post(DEPLOYS, said('one'));

    const late = await listen({ 'last-event-id': before });
    const current = await listen({ 'last-event-id': await mark() });

    expect(late.events()).toHaveLength(1);
    expect(current.events()).toHaveLength(0);
    late.leave();
    current.leave();
  });

  it('that outlived a restart is told to look again', async () => {
    const page = await listen({ 'last-event-id': 'another-0' });

    expect(page.events()).toHaveLength(1);
    page.leave();
  });

  it('is kept alive while nothing happens', async () => {
    const page = await listen();

    built.clock.go(20_000);

    await until('a heartbeat', () => page.heard.text.includes(': still here'));
    page.leave();
  });

  it('does not hold up the programme’s end', async () => {
    const page = await listen();

    await built.chat.stop();

    await until('the end of the stream', () => page.heard.closed);
  });

  it('that went away is forgotten, and the others still hear', async () => {
    const gone = await listen({}, `?since=${await mark()}`);
    const stays = await listen({}, `?since=${await mark()}`);

    gone.leave();
    await built.chat.post(DEPLOYS, said('one'));

    await until('the event', () => stays.events().length === 1);
    stays.leave();
  });
});
