import { afterEach, describe, expect, it } from 'vitest';
import type { Announcement } from '../../src/domain/announcement.ts';
import { note } from '../../src/domain/announcement.ts';
import { type Built, builtConsole, DEPLOYS, KEY } from '../support/console-under-test.ts';

let built: Built;
afterEach(() => built.chat.stop());

async function build(): Promise<Built> {
  built = await builtConsole();
  return built;
}

const script = { accept: 'application/json' };
const OTHER_KEY = 'a1b2c3d4-0000-4000-8000-000000000002';
const line = { key: KEY, as: 'ben', channel: '#deploys' };

describe('what is typed', () => {
  it('reaches the inbox with who, where and a key of its own', async () => {
    const { post, world } = await build();

    await post('/console/say', { ...line, text: 'web production' });

    expect(world.heard).toEqual([
      {
        key: `console:${KEY}`,
        place: DEPLOYS,
        actor: { system: 'console', id: 'ben', name: 'Ben Okafor' },
        external: false,
        input: { kind: 'text', text: 'web production' },
      },
    ]);
  });

  it.each([
    ['/deploy web staging', 'web staging'],
    ['  /DEPLOY web staging ', 'web staging'],
    ['deploy web staging', 'web staging'],
    ['@countersign status', 'status'],
    ['/deploy', ''],
    ['deployment-api staging', 'deployment-api staging'],
  ])('loses the command’s own name: %s', async (typed, text) => {
    const { post, world } = await build();

    await post('/console/say', { ...line, text: typed });

    expect(world.heard[0]?.input).toEqual({ kind: 'text', text });
  });

  it('in a thread says in which', async () => {
    const { chat, post, world } = await build();
    const root = await chat.post(DEPLOYS, {
      key: 'root',
      revision: 0,
      announcement: note('neutral', ['Root'], 'Root.'),
    });

    await post('/console/say', { ...line, text: 'approve', at: root.id });

    expect(world.heard[0]?.at).toEqual(root);
  });

  it('cannot be typed into the private notes of somebody else', async () => {
    const { post, world } = await build();

    const response = await post('/console/say', { ...line, channel: '@anna', text: 'status' });

    expect(response.status).toBe(400);
    expect(world.heard).toEqual([]);
  });

  it('is the same delivery when the browser sends it again, and is answered once', async () => {
    const { get, post, world } = await build();

    await Promise.all([
      post('/console/say', { ...line, text: 'status' }),
      post('/console/say', { ...line, text: 'status' }),
    ]);

    expect(world.heard.map(({ key }) => key)).toEqual([`console:${KEY}`, `console:${KEY}`]);
    const chat = await (await get('/', { cookie: 'countersign_as=ben' })).text();
    expect(chat.match(/<article/g)).toHaveLength(1);
  });
});

describe('what is pressed', () => {
  const announcement: Announcement = {
    ...note('waiting', ['Needs approval'], 'Needs approval.'),
    buttons: [{ label: 'Reject', verb: 'reject', value: 'token.3', style: 'plain' }],
  };

  it('reaches the inbox as verb, value and answer, with the message it was in', async () => {
    const { chat, post, world } = await build();
    const handle = await chat.post(DEPLOYS, { key: 'card', revision: 3, announcement });

    await post('/console/press', {
      key: KEY,
      as: 'ben',
      message: handle.id,
      verb: 'reject',
      value: 'token.3',
      answer: 'Split it',
    });

    expect(world.heard[0]).toMatchObject({
      at: handle,
      place: DEPLOYS,
      input: { kind: 'button', verb: 'reject', value: 'token.3', answer: 'Split it' },
    });
  });

  it('on a page belongs to the main channel and to no message', async () => {
    const { post, world } = await build();

    await post('/console/press', { key: KEY, as: 'ben', message: '', verb: 'approve', value: 'token.3' });

    expect(world.heard[0]).toMatchObject({
      place: DEPLOYS,
      input: { kind: 'button', verb: 'approve', value: 'token.3' },
    });
    expect(world.heard[0]).not.toHaveProperty('at');
  });

  it('in a note of somebody else is not handed over', async () => {
    const { chat, post, world } = await build();
    await chat.whisper({ system: 'console', id: 'anna' }, { key: 'w', revision: 0, announcement }, DEPLOYS);
    const found = await chat.find(DEPLOYS, 'w', '2026-01-01T00:00:00.000Z');
    const id = typeof found === 'string' ? '' : found.id;

    const response = await post('/console/press', {
      key: KEY,
      as: 'ben',
      message: id,
      verb: 'reject',
      value: 'token.3',
    });

    expect(id).not.toBe('');
    expect(response.status).toBe(400);
    expect(world.heard).toEqual([]);
  });
});

describe('the form', () => {
  it('comes as a page without a script, and as a piece for one with', async () => {
    const { post } = await build();

    const plain = await (await post('/console/say', { ...line, text: '' })).text();
    const piece: unknown = await (await post('/console/say', { ...line, text: '', key: OTHER_KEY }, script)).json();

    expect(plain).toContain('<!doctype html>');
    expect(plain).toContain('Request a deployment');
    expect(piece).toEqual({ kind: 'form', html: expect.stringContaining('<form class="request"') });
  });

  it('reaches the inbox with its fields only', async () => {
    const { post, world } = await build();
    const fields = { service: 'web', environment: 'production', ref: 'v3.1.0', reason: 'Because' };

    await post('/console/form', { ...line, ...fields, odd: 'x' });

    expect(world.heard[0]?.input).toEqual({ kind: 'form', fields });
  });

  it('comes back with what must be mended, and with what was filled in', async () => {
    const { post, world } = await build();
    const fields = { service: 'web', environment: 'production', ref: 'no-such', reason: '' };
    world.answerWith({ kind: 'mend', errors: { ref: 'There is no branch "no-such".' } });
    world.answerWith({ kind: 'mend', errors: { ref: 'There is no branch "no-such".' } });

    const plain = await post('/console/form', { ...line, ...fields });
    const piece: unknown = await (await post('/console/form', { ...line, ...fields, key: OTHER_KEY }, script)).json();

    expect(plain.status).toBe(422);
    const text = await plain.text();
    expect(text).toContain('There is no branch &quot;no-such&quot;.');
    expect(text).toContain('value="no-such"');
    expect(text).toContain('aria-invalid="true"');
    expect(piece).toEqual({ kind: 'mend', errors: { ref: 'There is no branch "no-such".' } });
  });

  it('follows what has been chosen so far', async () => {
    const { get } = await build();

    const { html } = (await (
      await get('/console/form?service=search&environment=staging&channel=%23deploys')
    ).json()) as { html: string };

    expect(html).toContain('<option value="staging"');
    expect(html).not.toContain('<option value="production"');
  });
});

describe('an answer', () => {
  it('for all stands in the channel for all', async () => {
    const { get, post, world } = await build();
    world.answerWith({ kind: 'say', visibility: 'public', announcement: note('good', ['For all'], 'For all.') });

    await post('/console/say', { ...line, text: 'services' });

    expect(await (await get('/', { cookie: 'countersign_as=sam' })).text()).toContain('For all');
  });

  it('for one can be dismissed by that one only', async () => {
    const { chat, get, post, world } = await build();
    world.answerWith({ kind: 'say', visibility: 'private', announcement: note('bad', ['For Ben'], 'For Ben.') });
    const { id } = (await (await post('/console/say', { ...line, text: 'x' }, script)).json()) as { id: string };
    const ben = async () => (await get('/', { cookie: 'countersign_as=ben' })).text();

    await post('/console/dismiss', { key: KEY, as: 'anna', message: id });
    const kept = await ben();
    await post('/console/dismiss', { key: KEY, as: 'ben', message: id });

    expect(kept).toContain('For Ben');
    expect(await ben()).not.toContain('For Ben</span>');
    expect(await chat.find(DEPLOYS, `reply:console:${KEY}`, '')).toBe('none');
  });

  it('to a message of all is not dismissed at all', async () => {
    const { chat, post } = await build();
    const card = await chat.post(DEPLOYS, { key: 'card', revision: 0, announcement: note('good', ['Card'], 'Card.') });

    await post('/console/dismiss', { key: KEY, as: 'ben', message: card.id });

    expect(await chat.find(DEPLOYS, 'card', '')).toEqual(card);
  });

  it('before the programme listens, or after, says so and hands nothing over', async () => {
    built = await builtConsole({ start: false });

    const response = await built.post('/console/say', { ...line, text: 'status' });

    expect(response.status).toBe(503);
    expect(await response.text()).toContain('Try again in a moment');
  });
});
