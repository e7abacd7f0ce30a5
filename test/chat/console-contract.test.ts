import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { note } from '../../src/domain/announcement.ts';
import { type ChatBench, chatContract } from '../contract/chat.ts';
import { consoleMessages } from '../support/console-people.ts';
import { builtConsole, DEPLOYS } from '../support/console-under-test.ts';

const actor = { system: 'console', id: 'anna' };
const other = { system: 'console', id: 'sam' };

chatContract({
  name: 'the console',
  open: async (inbox): Promise<ChatBench> => {
    const built = await builtConsole({ inbox });
    const { chat, get, post } = built;
    let again = async (): Promise<void> => undefined;
    const send = async (path: string, fields: Record<string, string>): Promise<void> => {
      const whole = { key: randomUUID(), as: actor.id, ...fields };
      again = async () => void (await post(path, whole));
      await again();
    };
    const look = async (channel: string, account: string) =>
      consoleMessages(
        await (await get(`/?channel=${encodeURIComponent(channel)}`, { cookie: `countersign_as=${account}` })).text(),
      );

    return {
      chat,
      place: DEPLOYS,
      actor,
      other,
      type: (words) => send('/console/say', { channel: DEPLOYS.channel, text: words }),
      press: async (message, verb) => {
        const { text } = (await look(DEPLOYS.channel, actor.id)).find(({ id }) => id === message.id) ?? { text: '' };
        const value = new RegExp(`name="verb" value="${verb}"><input type="hidden" name="value" value="([^"]*)"`).exec(
          text,
        )?.[1];
        if (value === undefined) throw new Error(`No button ${verb} on ${message.id}`);
        await send('/console/press', { message: message.id, verb, value });
      },
      again: () => again(),
      seen: async () => (await look(DEPLOYS.channel, 'guest')).map(({ text }) => text),
      told: async ({ id }) => {
        const notes = [...(await look(DEPLOYS.channel, id)), ...(await look(`@${id}`, id))];
        return notes.filter(({ note }) => note).map(({ text }) => text);
      },
      close: () => chat.stop(),
    };
  },
});

const card = { key: 'card', revision: 0, announcement: note('good', ['Card'], 'Card.') };

it('says that a message is gone when it is no longer kept', async () => {
  const { chat } = await builtConsole();

  const changed = chat.update({ place: DEPLOYS, id: 'm999' }, card);

  await expect(changed).rejects.toMatchObject({ name: 'PortFailure', details: { kind: 'gone', retryable: false } });
  await chat.stop();
});

it('fails as a port does when its file cannot be written', async () => {
  const { chat } = await builtConsole();
  await chat.stop();

  const posted = chat.post(DEPLOYS, card);

  await expect(posted).rejects.toMatchObject({ name: 'PortFailure', details: { port: 'console', retryable: true } });
  await chat.stop();
});

it('finds a card by its key after a restart, whatever the clock says, and never posts it twice', async () => {
  const before = await builtConsole();
  const posted = await before.chat.post(DEPLOYS, card);
  await before.chat.stop();

  const after = await builtConsole({ folder: before.folder });

  expect(await after.chat.find(DEPLOYS, 'card', '2099-01-01T00:00:00.000Z')).toEqual(posted);
  expect(await after.chat.post(DEPLOYS, card)).toEqual(posted);
  await after.chat.stop();
});
