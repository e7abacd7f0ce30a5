import { appendFile, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Messages, openMessages } from '../../adapters/chat/console/messages.ts';
import { note } from '../../src/domain/announcement.ts';
import { fileRecords } from '../../src/store/file/records.ts';

let folder: string;
let file: string;
const quiet = (): void => undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-messages-'));
  file = join(folder, 'console', 'messages.jsonl');
});

function fresh(key: string, words = key, channel = '#deploys') {
  return {
    key,
    channel,
    at: '2026-11-20T10:00:00.000Z',
    revision: 0,
    announcement: note('neutral', [words], `${words}.`),
  };
}

function keys(messages: Messages, channel = '#deploys'): readonly string[] {
  return messages.inChannel(channel).map(({ key }) => key);
}

describe('the messages of the console', () => {
  it('survive a restart, with their changes and removals', async () => {
    const before = await openMessages(fileRecords(folder), quiet);
    const first = await before.post(fresh('one'));
    const second = await before.post(fresh('two'));
    await before.update(first.id, {
      revision: 7,
      announcement: note('good', ['Changed'], 'Changed.'),
      at: '2026-11-20T10:05:00.000Z',
    });
    await before.remove(second.id);
    await before.close();

    const after = await openMessages(fileRecords(folder), quiet);

    expect(after.inChannel('#deploys')).toEqual([
      {
        ...first,
        revision: 7,
        announcement: note('good', ['Changed'], 'Changed.'),
        changedAt: '2026-11-20T10:05:00.000Z',
      },
    ]);
    await after.close();
  });

  it('pass over a last line that was torn by a kill, and write the next one behind the whole ones', async () => {
    const before = await openMessages(fileRecords(folder), quiet);
    await before.post(fresh('whole'));
    await before.close();
    await appendFile(file, '{"do":"post","message":{"id":"m2","key":"torn","chan');

    const after = await openMessages(fileRecords(folder), quiet);
    await after.post(fresh('next'));
    await after.close();

    const again = await openMessages(fileRecords(folder), quiet);
    expect(keys(again)).toEqual(['whole', 'next']);
    expect(again.byKey('#deploys', 'torn')).toBeUndefined();
    expect([after.unreadable, again.unreadable]).toEqual([0, 0]);
    await again.close();
  });

  it('pass over a line that is no message, and say how many there were', async () => {
    const before = await openMessages(fileRecords(folder), quiet);
    await before.post(fresh('one'));
    await before.close();
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `no json\n{"do":"post","message":{"id":1}}\n${whole}`);

    const after = await openMessages(fileRecords(folder), quiet);

    expect(keys(after)).toEqual(['one']);
    expect(after.unreadable).toBe(2);
    await after.close();
  });

  it('never stand there twice under one key, whoever asks at the same time', async () => {
    const messages = await openMessages(fileRecords(folder), quiet);

    const posted = await Promise.all([
      messages.post(fresh('card')),
      messages.post(fresh('card')),
      messages.post(fresh('card')),
    ]);

    expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
    expect(keys(messages)).toEqual(['card']);
    await messages.close();
  });

  it('are found under the channel’s name with or without its sign', async () => {
    const messages = await openMessages(fileRecords(folder), quiet);

    const posted = await messages.post(fresh('card', 'card', 'deploys'));

    expect(messages.byKey('#deploys', 'card')).toEqual(posted);
    expect(keys(messages, '#deploys')).toEqual(['card']);
    await messages.close();
  });

  it('are kept up to a limit for each channel, the oldest going first', async () => {
    const messages = await openMessages(fileRecords(folder), quiet, 3);

    for (const key of ['a', 'b', 'c', 'd', 'e']) await messages.post(fresh(key));
    await messages.post(fresh('elsewhere', 'elsewhere', '#other'));

    expect(keys(messages)).toEqual(['c', 'd', 'e']);
    expect(keys(messages, '#other')).toEqual(['elsewhere']);
    await messages.close();
  });

  it('stay few in the file when one of them changes for hours, and no id is given twice', async () => {
    const messages = await openMessages(fileRecords(folder), quiet);
    const card = await messages.post(fresh('card'));
    const gone = await messages.post(fresh('gone'));
    await messages.remove(gone.id);
    const picture = { announcement: note('active', ['Deploying'], 'Deploying.'), at: '2026-11-20T10:05:00.000Z' };

    for (let revision = 1; revision <= 1100; revision += 1) await messages.update(card.id, { ...picture, revision });
    await messages.close();

    const lines = (await readFile(file, 'utf8')).trim().split('\n').length;
    const after = await openMessages(fileRecords(folder), quiet);
    expect(lines).toBeLessThan(200);
    expect(after.byKey('#deploys', 'card')?.revision).toBe(1100);
    expect((await after.post(fresh('new'))).id).not.toBe(gone.id);
    await after.close();
  });

  it('reject what cannot be written, and are whole again afterwards', async () => {
    const messages = await openMessages(fileRecords(folder), quiet);
    await messages.post(fresh('one'));
    await messages.close();

    await expect(messages.post(fresh('two'))).rejects.toThrow();

    const after = await openMessages(fileRecords(folder), quiet);
    expect(keys(after)).toEqual(['one']);
    expect(messages.byKey('#deploys', 'two')).toBeUndefined();
    await after.close();
  });

  it('are read from the file of an older version, which counted its ids', async () => {
    const message = { ...fresh('old'), id: 'm7', changedAt: '2026-11-20T10:05:00.000Z' };
    const lines = [
      { do: 'begin', next: 9 },
      { do: 'post', message },
      { do: 'post', message: { ...fresh('reply'), id: 'm8', thread: 'm7' } },
      { do: 'update', id: 'm8', revision: 4, announcement: note('good', ['New'], 'New.'), at: message.at },
    ];
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

    const messages = await openMessages(fileRecords(folder), quiet);
    const { id } = await messages.post(fresh('new'));

    expect(messages.unreadable).toBe(0);
    expect(messages.byKey('#deploys', 'old')).toEqual(message);
    expect(messages.byId('m8')).toMatchObject({ revision: 4, thread: 'm7', changedAt: message.at });
    expect(['m7', 'm8', 'm9']).not.toContain(id);
    await messages.close();
  });

  it('tell whoever listens of each change', async () => {
    let told = 0;
    const messages = await openMessages(fileRecords(folder), () => {
      told += 1;
    });

    const { id } = await messages.post(fresh('one'));
    await messages.remove(id);

    expect(told).toBe(2);
    await messages.close();
  });
});
