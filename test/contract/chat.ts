import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Announcement, note } from '../../src/domain/announcement.ts';
import type { Place } from '../../src/domain/catalog.ts';
import { type Account, accountKey } from '../../src/domain/person.ts';
import type { ChatPlatform, Inbox, Incoming, MessageHandle, Outgoing, Reply } from '../../src/ports/chat.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { until } from '../support/until.ts';

/** One platform, ready to be talked to, with the hands and eyes of its people. */
export interface ChatBench {
  readonly chat: ChatPlatform;
  /** A place where the bot and `actor` are. */
  readonly place: Place;
  readonly actor: Account;
  /** Somebody else in the same place. */
  readonly other: Account;
  /** The actor types these words as a command; done when the platform has delivered them. */
  type(words: string): Promise<void>;
  /** The actor presses the button of this verb. */
  press(message: MessageHandle, verb: string): Promise<void>;
  /** The platform delivers the last thing once more; absent where it never would. */
  readonly again?: () => Promise<void>;
  /** What everybody in the place reads there now, oldest first, one string a message. */
  seen(): Promise<readonly string[]>;
  /** What only this person was told. */
  told(account: Account): Promise<readonly string[]>;
  /** Takes a message away behind the bot's back; absent where nobody can. */
  readonly remove?: (message: MessageHandle) => Promise<void>;
  /** Groups that the platform keeps with `actor` alone in them, and one that it does not have; absent where it keeps none. */
  readonly groups?: { readonly ids: readonly string[]; readonly none: string };
  close(): Promise<void>;
}

export interface ChatSubject {
  readonly name: string;
  /** A fresh bench each time, whose chat has been started with this inbox. */
  open(inbox: Inbox): Promise<ChatBench>;
}

/** An inbox that remembers, and answers what it is told to. */
export interface TestInbox extends Inbox {
  readonly received: Incoming[];
  readonly places: Place[];
  reply: Reply;
  /** What the cards of these keys show, for platforms that ask again. */
  readonly pictures: Map<string, Outgoing>;
}

export function testInbox(): TestInbox {
  const received: Incoming[] = [];
  const places: Place[] = [];
  const inbox: TestInbox = {
    received,
    places,
    reply: { kind: 'nothing' },
    pictures: new Map(),
    receive: async (incoming) => {
      received.push(incoming);
      return inbox.reply;
    },
    choices: async () => [],
    form: async () => ({ services: [], environments: [], reasonRequired: false, alerts: [] }),
    picture: async (_place, key) => inbox.pictures.get(key),
    joined: async (place) => void places.push(place),
  };
  return inbox;
}

/** Every chat platform passes this. */
export function chatContract(subject: ChatSubject): void {
  describe(`${subject.name}, as a chat platform`, () => {
    let inbox: TestInbox;
    let bench: ChatBench;

    beforeEach(async () => {
      inbox = testInbox();
      bench = await subject.open(inbox);
    });
    afterEach(() => bench.close());

    describe('speaking', () => speaking(() => bench));
    describe('hearing', () => hearing(() => ({ bench, inbox })));
    describe('groups', () => grouping(() => ({ bench, inbox })));
  });
}

function speaking(current: () => ChatBench): void {
  it('posts a message that everybody in the place sees', async () => {
    const { chat, place, seen } = current();

    const handle = await chat.post(place, outgoing('k1', 'Deployed web to staging'));

    expect(handle.id).not.toBe('');
    expect(handle.thread).toBeUndefined();
    expect((await seen()).filter((words) => words.includes('Deployed web to staging'))).toHaveLength(1);
  });

  it('changes a message in place, leaving no trace of the former words', async () => {
    const { chat, place, seen } = current();
    const handle = await chat.post(place, outgoing('k1', 'Checking web'));

    await chat.update(handle, outgoing('k1', 'Needs approval', 1));
    await chat.update(handle, outgoing('k1', 'Needs approval', 1));

    const words = await seen();
    expect(words.filter((one) => one.includes('Needs approval'))).toHaveLength(1);
    expect(words.some((one) => one.includes('Checking web'))).toBe(false);
  });

  it('answers in the thread of a message, and stays in that thread when a reply is answered', async () => {
    const { chat, place } = current();
    const root = await chat.post(place, outgoing('k1', 'Root'));

    const reply = await chat.post(place, { ...outgoing('k2', 'First reply'), under: root });
    const second = await chat.post(place, { ...outgoing('k3', 'Second reply'), under: reply });

    expect([reply.thread, second.thread]).toEqual([root.id, root.id]);
    expect(new Set([root.id, reply.id, second.id]).size).toBe(3);
  });

  it('finds its own messages by key, in the channel and in threads, or says that it cannot look', async () => {
    const { chat, place } = current();
    const since = new Date(Date.now() - 60_000).toISOString();
    const root = await chat.post(place, outgoing('root-key', 'Root'));
    const reply = await chat.post(place, { ...outgoing('reply-key', 'Reply'), under: root });

    const found = await Promise.all(['root-key', 'reply-key', 'no-key'].map((key) => chat.find(place, key, since)));

    if (found[0] === 'cannot-look') expect(found).toEqual(['cannot-look', 'cannot-look', 'cannot-look']);
    else expect(found).toEqual([root, reply, 'none']);
  });

  it('says that a message is gone when somebody took it away', async (context) => {
    const { chat, place, remove } = current();
    if (remove === undefined) return context.skip('nobody can take a message away here');
    const handle = await chat.post(place, outgoing('k1', 'Root'));
    await remove(handle);

    const failure = await chat.update(handle, outgoing('k1', 'Changed', 1)).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(PortFailure);
    expect((failure as PortFailure).details).toMatchObject({ kind: 'gone', retryable: false });
  });

  it('tells one person privately, where they are and directly, and nobody else', async () => {
    const { chat, place, actor, other, told, seen } = current();

    await chat.whisper(actor, outgoing('w1', 'Only for you, here'), place);
    await chat.whisper(actor, outgoing('w2', 'Only for you, anywhere'));

    const words = (await told(actor)).join('\n');
    expect(words).toContain('Only for you, here');
    expect(words).toContain('Only for you, anywhere');
    expect([...(await told(other)), ...(await seen())].join('\n')).not.toContain('Only for you');
  });

  it('says nothing and changes nothing once the fence has fallen, and lets the failure of the fence through', async () => {
    const { chat, place, actor, told, seen } = current();
    const handle = await chat.post(place, outgoing('k1', 'Newer picture', 2), standing);
    const lost = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });
    const fallen = () => {
      throw lost;
    };

    const failures = await Promise.all(
      [
        chat.post(place, outgoing('k2', 'Doubled'), fallen),
        chat.post(place, { ...outgoing('k3', 'Doubled'), under: handle }, fallen),
        chat.update(handle, outgoing('k1', 'Older picture', 1), fallen),
        chat.whisper(actor, outgoing('w1', 'Doubled'), place, fallen),
        chat.whisper(actor, outgoing('w2', 'Doubled'), undefined, fallen),
      ].map((call) => call.catch((error: unknown) => error)),
    );

    expect(failures.every((failure) => failure === lost)).toBe(true);
    const words = [...(await seen()), ...(await told(actor))].join('\n');
    expect(words).toContain('Newer picture');
    expect(words).not.toMatch(/Doubled|Older/);
    await chat.update(handle, outgoing('k1', 'Newest picture', 3), standing);
    expect((await seen()).join('\n')).toContain('Newest picture');
  });

  it('never loses a message, however long and strange it is', async () => {
    const { chat, place, seen } = current();

    const handle = await chat.post(place, { key: 'k1', revision: 0, announcement: monster });
    await chat.update(handle, { key: 'k1', revision: 1, announcement: monster });

    expect((await seen()).filter((words) => words.includes('Monster'))).toHaveLength(1);
  });
}

function grouping(current: () => { bench: ChatBench; inbox: TestInbox }): void {
  it('hold people under the accounts that they act with', async (context) => {
    const { bench, inbox } = current();
    if (bench.groups === undefined) return context.skip('no groups are kept here');
    await bench.type('status');
    const { actor } = await until('the words', () => inbox.received[0]);

    const all = await Promise.all(bench.groups.ids.map((id) => bench.chat.members?.(id)));

    expect(all.map((accounts) => accounts?.map(accountKey))).toEqual(all.map(() => [accountKey(actor)]));
  });

  it('that there are not are a failure, never nobody', async (context) => {
    const { chat, groups } = current().bench;
    if (groups === undefined) return context.skip('no groups are kept here');

    const failure = await chat.members?.(groups.none).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(PortFailure);
  });
}

function hearing(current: () => { bench: ChatBench; inbox: TestInbox }): void {
  it('hands typed words to the inbox once, with who typed them and where', async () => {
    const { bench, inbox } = current();

    await bench.type('web to staging');

    const incoming = await until('the words', () => inbox.received[0]);
    expect(incoming.input).toEqual({ kind: 'text', text: 'web to staging' });
    expect(incoming.actor).toMatchObject({ system: bench.actor.system, id: bench.actor.id });
    expect(incoming.place).toEqual(bench.place);
    expect(incoming.external).toBe(false);
    expect(inbox.received).toHaveLength(1);
  });

  it('hands a press to the inbox as verb and value, with the message it was in', async () => {
    const { bench, inbox } = current();
    const handle = await bench.chat.post(bench.place, pressable('token.3'));

    await bench.press(handle, 'approve');

    const incoming = await until('the press', () => inbox.received[0]);
    expect(incoming.input).toEqual({ kind: 'button', verb: 'approve', value: 'token.3' });
    expect(incoming.at).toEqual(handle);
  });

  it('gives each delivery a key of its own, and the same key when it is delivered again', async (context) => {
    const { bench, inbox } = current();
    if (bench.again === undefined) return context.skip('nothing is ever delivered twice here');
    await bench.type('status');
    await bench.type('status');

    await bench.again();

    const [first, second, third] = await until('three deliveries', () => inbox.received[2] && inbox.received);
    expect(first?.key).not.toBe(second?.key);
    expect(third?.key).toBe(second?.key);
  });

  it('brings a private answer to whoever acted, and to nobody else', async () => {
    const { bench, inbox } = current();
    inbox.reply = { kind: 'say', visibility: 'private', announcement: note('bad', ['Not for you'], 'Not for you.') };

    await bench.type('approve D-1');

    await until('the answer', async () =>
      (await bench.told(bench.actor)).some((words) => words.includes('Not for you')),
    );
    expect([...(await bench.told(bench.other)), ...(await bench.seen())].join('\n')).not.toContain('Not for you');
  });

  it('answers a press as well', async () => {
    const { bench, inbox } = current();
    inbox.reply = { kind: 'say', visibility: 'private', announcement: note('bad', ['Too late'], 'Too late.') };
    const handle = await bench.chat.post(bench.place, pressable('old'));

    await bench.press(handle, 'approve');

    await until('the answer', async () => (await bench.told(bench.actor)).some((words) => words.includes('Too late')));
  });

  it('says a public answer where everybody sees it', async () => {
    const { bench, inbox } = current();
    inbox.reply = { kind: 'say', visibility: 'public', announcement: note('neutral', ['For all'], 'For all.') };

    await bench.type('services');

    await until('the answer', async () => (await bench.seen()).some((words) => words.includes('For all')));
  });

  it('can be stopped while an answer is on its way, and waits for it', async () => {
    const { bench, inbox } = current();
    inbox.reply = { kind: 'say', visibility: 'private', announcement: note('good', ['Done'], 'Done.') };
    await bench.type('status');
    await until('the words', () => inbox.received[0]);

    await bench.chat.stop();

    expect((await bench.told(bench.actor)).some((words) => words.includes('Done'))).toBe(true);
  });
}

/** The fence of work that is still ours. */
function standing(): void {}

/** A message of one sentence. */
export function outgoing(key: string, words: string, revision = 0): Outgoing {
  return { key, revision, announcement: note('neutral', [words], `${words}.`) };
}

function pressable(value: string): Outgoing {
  const announcement: Announcement = {
    ...note('waiting', ['Needs approval'], 'Needs approval; press Approve.'),
    buttons: [{ label: 'Approve', verb: 'approve', value, style: 'primary' }],
  };
  return { key: 'pressable', revision: 0, announcement };
}

const strange = `<!channel> @here <at>x</at> *b* _i_ \`c\` ${'長い‮שלום🎉'.repeat(400)}`;

export const monster: Announcement = {
  tone: 'bad',
  title: ['Monster ', { kind: 'code', text: strange }],
  lines: Array.from({ length: 120 }, () => [
    strange,
    { kind: 'link' as const, text: strange, url: 'https://example.test/' },
  ]),
  facts: Array.from({ length: 40 }, () => ({ label: strange, value: [strange] })),
  sections: Array.from({ length: 60 }, () => ({
    title: strange,
    total: 5000,
    items: Array.from({ length: 120 }, () => [strange]),
    url: `https://example.test/${'x'.repeat(2000)}`,
  })),
  progress: {
    percent: Number.NaN,
    words: strange,
    steps: Array.from({ length: 90 }, () => ({ name: strange, state: 'running' as const })),
  },
  chart: {
    title: strange,
    takeaway: strange,
    unit: strange,
    bars: Array.from({ length: 90 }, () => ({ label: strange, value: Number.NaN, words: strange, bad: true as const })),
  },
  buttons: Array.from({ length: 40 }, (_none, index) => ({
    label: strange,
    verb: 'run' as const,
    value: `status D-${index}`,
    style: 'primary' as const,
    seldom: index % 2 === 0,
    confirm: { title: strange, text: strange, yes: strange },
  })),
  links: Array.from({ length: 40 }, () => ({ label: strange, url: `https://example.test/?q=${'y'.repeat(5000)}` })),
  context: [strange],
  summary: `Monster ${strange}`,
};
