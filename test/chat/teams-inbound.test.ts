import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Announcement, note } from '../../src/domain/announcement.ts';
import type { Person } from '../../src/domain/person.ts';
import type { FormSpec, MessageHandle, Outgoing, Reply } from '../../src/ports/chat.ts';
import { type TestInbox, testInbox } from '../contract/chat.ts';
import { manualClock } from '../fakes/clock.ts';
import { type Hosted, hostTeams } from '../fakes/teams/hosted.ts';
import { person } from '../fakes/teams/world.ts';
import { until } from '../support/until.ts';

let inbox: TestInbox;
let hosted: Hosted;
beforeEach(async () => {
  inbox = testInbox();
  hosted = await hostTeams(inbox);
});
afterEach(async () => {
  expect(hosted.fake.world.violations).toEqual([]);
  await hosted.close();
});

const FORM: FormSpec = {
  services: [
    { value: 'web', label: 'web' },
    { value: 'api', label: 'api' },
  ],
  environments: [{ value: 'production', label: 'production' }],
  reasonRequired: false,
  alerts: ['production is busy'],
};

function saying(announcement: Announcement): Reply {
  return { kind: 'say', visibility: 'private', announcement };
}

function told(who: string): string {
  return hosted.fake
    .privately(who)
    .map((message) => hosted.fake.words(message))
    .join('\n');
}

async function first() {
  return until('a delivery', () => inbox.received[0]);
}

function ref({ place, id }: MessageHandle) {
  return { conversation: place.channel, id };
}

function known(name: string): Person {
  const { aad } = person(hosted.fake.world, name);
  return { id: name, name, known: true, accounts: [{ system: 'teams', id: aad }] };
}

/** A card that waits for Cleo. */
function waiting(revision = 1): Outgoing {
  const { tenant } = hosted.fake.world;
  const key = `card:D-1@teams:${tenant}:deploys`;
  const buttons: Announcement['buttons'] = [
    {
      label: 'Approve',
      verb: 'approve',
      value: `token.${revision}`,
      style: 'primary',
      only: [known('cleo')],
      confirm: { title: 'Approve D-1?', text: 'Customers will get it.', yes: 'Approve' },
    },
    {
      label: 'Reject',
      verb: 'reject',
      value: `token.${revision}`,
      style: 'plain',
      only: [known('cleo')],
      ask: { title: 'Reject D-1', label: 'What should change?', submit: 'Reject', maxLength: 500, required: true },
    },
    { label: 'View Changes', verb: 'diff', value: `token.${revision}`, style: 'plain' },
  ];
  return { key, revision, announcement: { ...note('waiting', ['Needs approval'], 'D-1 needs approval.'), buttons } };
}

async function posted(message: Outgoing): Promise<MessageHandle> {
  const { world } = hosted.fake;
  const channel = [...world.conversations.values()].find(({ name }) => name === 'deploys')?.id ?? '';
  return hosted.chat.post({ chat: 'teams', tenant: world.tenant, channel }, message);
}

describe('a person in Teams', () => {
  it('asks by mention, in personal chat and by slash, and is answered where nobody else sees it', async () => {
    inbox.reply = saying(note('good', ['Requested D-1'], 'Requested D-1.'));

    await hosted.fake.say('anna', 'deploys', 'web to prod');
    await hosted.fake.say('anna', 'personal', 'web to prod');
    await hosted.fake.slash('anna', 'deploys', 'deploy web to prod');

    await until('three answers', () => told('anna').match(/Requested D-1/g)?.length === 6);
    expect(inbox.received.map(({ input }) => input)).toEqual(Array(3).fill({ kind: 'text', text: 'web to prod' }));
    expect(hosted.fake.messages('deploys')).toEqual([]);
  });

  it('says in a thread what the thread is about', async () => {
    const root = await posted(waiting());

    await hosted.fake.say('anna', 'deploys', 'cancel', { thread: root.id });

    expect((await first()).at).toEqual(root);
  });

  it('is external as a guest, without an object id, or when the roster cannot be read', async () => {
    await hosted.fake.say('gina', 'deploys', 'status');
    await until('gina', () => inbox.received[0]);
    hosted.fake.faults.add({ call: 'member', kind: 'status', status: 403, times: 2 });
    await hosted.fake.say('ben', 'deploys', 'status');
    await until('ben', () => inbox.received[1]);
    await hosted.fake.say('cleo', 'deploys', 'status', {});
    await until('cleo', () => inbox.received[2]);
    hosted.fake.faults.clear();
    await hosted.fake.say('anna', 'deploys', 'status');

    await until('anna', () => inbox.received[3]);
    expect(inbox.received.map(({ external }) => external)).toEqual([true, 'unread', 'unread', false]);
  });

  it('is answered in a chat of their own where targeted messages are refused', async () => {
    inbox.reply = saying(note('good', ['Requested D-1'], 'Requested D-1.'));
    hosted.fake.faults.add({ call: 'target', kind: 'status', status: 403, code: 'MessageWritesBlocked' });

    await hosted.fake.say('anna', 'deploys', 'web to prod');

    await until('the answer', () => told('anna').includes('Requested D-1'));
    expect(hosted.fake.calls('create')).toHaveLength(1);
    expect(hosted.fake.messages('deploys')).toEqual([]);
  });

  it('is told that there is an answer where none can be given to them alone, and not what it is', async () => {
    inbox.reply = saying(note('bad', ['Not for all'], 'Not for all to read.'));
    hosted.fake.faults.add({ call: 'target', kind: 'status', status: 403, code: 'MessageWritesBlocked' });
    hosted.fake.faults.add({ call: 'create', kind: 'status', status: 403, code: 'BotNotInConversationRoster' });

    await hosted.fake.say('anna', 'deploys', 'approve D-1');

    const [said] = await until('the word', () => hosted.fake.messages('deploys')[0] && hosted.fake.messages('deploys'));
    expect(said === undefined ? '' : hosted.fake.words(said)).toContain('cannot be given to you alone');
    expect(said === undefined ? '' : hosted.fake.words(said)).not.toContain('Not for all');
  });

  it('gets the answer although Teams asks for a pause, and gets it once', async () => {
    inbox.reply = saying(note('good', ['Requested D-1'], 'Requested D-1.'));
    hosted.fake.faults.add({ call: 'target', kind: 'status', status: 429 });

    await hosted.fake.say('anna', 'deploys', 'web to prod');

    await until('the answer', () => told('anna').includes('Requested D-1'), 5000);
    expect(hosted.fake.privately('anna')).toHaveLength(1);
  });

  it('is greeted once for each coming of the bot, and not when others come', async () => {
    await hosted.fake.install('support');

    await until('the place', () => inbox.places[0]);
    expect(inbox.places.map(({ chat }) => chat)).toEqual(['teams']);
  });
});

describe('a card in Teams', () => {
  it('shows Approve to those who may approve, and to nobody else', async () => {
    const message = waiting();
    inbox.pictures.set(message.key, message);
    const card = ref(await posted(message));
    await hosted.fake.settled();

    expect(hosted.fake.buttons(card, 'cleo')).toEqual(expect.arrayContaining(['Approve', 'Reject', 'View Changes']));
    for (const other of ['anna', 'ben', 'gina']) {
      expect(hosted.fake.buttons(card, other)).not.toContain('Approve');
      expect(hosted.fake.buttons(card, other)).not.toContain('Reject');
    }
    expect(hosted.fake.words(card, 'anna')).toContain('cleo');
  });

  it('shows the buttons to everybody when the roster cannot be read: the press decides', async () => {
    hosted.fake.faults.add({ call: 'members', kind: 'status', status: 503, times: 9 });

    const card = ref(await posted(waiting()));

    expect(hosted.fake.buttons(card, 'anna')).toContain('Approve');
  });

  it('does what was pressed, and says the answer at once to the presser alone', async () => {
    const message = waiting();
    inbox.pictures.set(message.key, message);
    inbox.reply = saying(note('good', ['Done'], 'You have countersigned D-1.'));
    const card = ref(await posted(message));
    await hosted.fake.settled();

    const acted = await hosted.fake.press('cleo', card, 'approve');

    expect(acted.outcome).toEqual({ kind: 'message', text: 'You have countersigned D-1.' });
    expect(inbox.received[0]?.input).toEqual({ kind: 'button', verb: 'approve', value: 'token.1' });
    expect(hosted.fake.calls('target')).toEqual([]);
  });

  it('sends what one sentence cannot hold as a private message beside the answer', async () => {
    inbox.reply = saying({
      ...note('neutral', ['Changes'], '2 changes.'),
      sections: [{ title: 'Changes', items: [['Faster checkout'], ['Less waiting']], total: 2 }],
    });
    const card = ref(await posted(waiting()));

    const acted = await hosted.fake.press('anna', card, 'diff');

    expect(acted.outcome).toEqual({ kind: 'message', text: '2 changes.' });
    await until('the list', () => told('anna').includes('Less waiting'));
    expect(told('ben')).not.toContain('Less waiting');
  });

  it('works for clients that know no Action.Execute', async () => {
    inbox.reply = saying(note('bad', ['No'], 'Only @platform can decide on this.'));
    const card = ref(await posted(waiting()));

    await hosted.fake.submit('anna', card, 'diff');

    expect((await first()).input).toEqual({ kind: 'button', verb: 'diff', value: 'token.1' });
    await until('the answer', () => told('anna').includes('Only @platform'));
  });

  it('asks for the reason of a rejection in a dialog', async () => {
    const message = waiting();
    inbox.pictures.set(message.key, message);
    inbox.reply = saying(note('neutral', ['Rejected'], 'You have rejected D-1.'));
    const handle = await posted(message);
    await hosted.fake.settled();

    await hosted.fake.press('cleo', ref(handle), 'reject');
    const before = inbox.received.length;
    const acted = await hosted.fake.fill('cleo', { answer: 'Not on Friday' });

    expect(before).toBe(0);
    expect(inbox.received[0]).toMatchObject({
      input: { kind: 'button', verb: 'reject', value: 'token.1', answer: 'Not on Friday' },
      at: handle,
    });
    expect(acted.outcome).toEqual({ kind: 'message', text: 'You have rejected D-1.' });
  });

  it('says so when a button is not known any more', async () => {
    const card = ref(await posted(waiting()));
    const { message } = hosted.fake;
    expect(message(card)).toBeDefined();
    const activity = (await hosted.fake.press('anna', card, 'diff')).activity;

    const strange = await hosted.fake.deliver({
      ...activity,
      id: 'f:2',
      value: { action: { type: 'Action.Execute', verb: 'press', data: { other: 1 } }, trigger: 'manual' },
    });

    expect(strange.body).toMatchObject({ statusCode: 200, value: expect.stringContaining('not known any more') });
    await hosted.fake.deliver({ ...activity, type: 'message', name: undefined, id: '3', value: { other: 1 } });
    await until('the answer', () => told('anna').includes('not known any more'));
  });
});

describe('the form in Teams', () => {
  beforeEach(() => {
    inbox.reply = { kind: 'form', form: FORM };
    inbox.form = async () => FORM;
  });

  it('opens at once from the compose box, and becomes a request', async () => {
    await hosted.fake.extension('anna', 'deploys', 'deploy');
    expect(inbox.received[0]?.input).toEqual({ kind: 'text', text: '' });
    inbox.reply = saying(note('good', ['Requested D-1'], 'Requested D-1.'));

    const acted = await hosted.fake.fill('anna', { service: 'web', environment: 'production', reason: 'Because' });

    expect(inbox.received[1]?.input).toEqual({
      kind: 'form',
      fields: { service: 'web', environment: 'production', reason: 'Because' },
    });
    expect(acted.outcome).toEqual({ kind: 'message', text: 'Requested D-1.' });
    expect(hosted.fake.dialogs('anna')).toEqual([]);
  });

  it('is offered as a private card to whoever types the command alone, and opens from there', async () => {
    await hosted.fake.say('anna', 'deploys', 'deploy');
    const offered = await until('the invitation', () => hosted.fake.privately('anna')[0]);

    await hosted.fake.press('anna', offered, 'Open Form');

    expect(hosted.fake.dialogs('anna')).toHaveLength(1);
    expect(inbox.received.map(({ input }) => input.kind)).toEqual(['text', 'button']);
  });

  it('comes back with what is wrong, and with what was entered', async () => {
    await hosted.fake.extension('anna', 'deploys', 'deploy');
    inbox.reply = { kind: 'mend', errors: { reason: 'A reason is needed for production.' } };

    const acted = await hosted.fake.fill('anna', { service: 'web', environment: 'production' });

    expect(acted.outcome.kind).toBe('dialog');
    const card = JSON.stringify(hosted.fake.dialogs('anna')[0]?.card);
    expect(card).toContain('A reason is needed for production.');
    expect(card).toContain('"value":"web"');
  });

  it('is one wish when the same words of one dialog come twice, and two from two dialogs', async () => {
    await hosted.fake.extension('anna', 'deploys', 'deploy');
    inbox.reply = saying(note('good', ['Requested D-1'], 'Requested D-1.'));
    const sent = await hosted.fake.fill('anna', { service: 'web', environment: 'production' });
    await hosted.fake.deliver({ ...sent.activity, id: 'f:another' });
    inbox.reply = { kind: 'form', form: FORM };
    await hosted.fake.extension('anna', 'deploys', 'deploy');
    inbox.reply = saying(note('good', ['Requested D-2'], 'Requested D-2.'));
    await hosted.fake.fill('anna', { service: 'web', environment: 'production' });

    const keys = inbox.received.filter(({ input }) => input.kind === 'form').map(({ key }) => key);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(2);
  });

  it('finds branches while somebody types, also before anything is typed', async () => {
    inbox.choices = async (field, text, { service }) => [{ value: `${field}-${text}-${service}`, label: 'x' }];
    await hosted.fake.extension('anna', 'deploys', 'deploy');
    hosted.fake.type('anna', { service: 'web' });

    const [typed] = await hosted.fake.typeahead('anna', 'ref', 'ma');
    const [blank] = await hosted.fake.typeahead('anna', 'ref', '');

    expect([typed?.['value'], blank?.['value']]).toEqual(['ref-ma-web', 'ref--web']);
  });

  it('is refused to people from outside, in the dialog’s place', async () => {
    inbox.reply = saying(note('bad', ['No'], 'People from outside may look, but not act.'));

    const acted = await hosted.fake.extension('gina', 'deploys', 'deploy');

    expect(acted.outcome).toEqual({ kind: 'message', text: 'People from outside may look, but not act.' });
  });
});

describe('an answer that takes too long', () => {
  it('is promised in time, and brought when it is there', async () => {
    await hosted.close();
    const clock = manualClock(Date.now());
    inbox = testInbox();
    let answer: (reply: Reply) => void = () => undefined;
    const slow = new Promise<Reply>((resolve) => {
      answer = resolve;
    });
    let asked = 0;
    inbox.receive = () => {
      asked += 1;
      return slow;
    };
    hosted = await hostTeams(inbox, { clock });
    const card = ref(await posted(waiting()));

    const pressing = hosted.fake.press('anna', card, 'diff');
    await until('the press', () => asked === 1);
    clock.advance(4000);
    const acted = await pressing;
    answer(saying(note('good', ['Done'], 'It is done now.')));

    expect(acted.outcome).toEqual({ kind: 'message', text: 'This takes a moment. You will be told.' });
    await until('the answer', () => told('anna').includes('It is done now.'));
  });
});
