import { afterEach, describe, expect, it } from 'vitest';
import { type Announcement, note } from '../../src/domain/announcement.ts';
import type { FormSpec } from '../../src/ports/chat.ts';
import { type TestInbox, testInbox } from '../contract/chat.ts';
import { type HostOptions, hostInstances } from '../fakes/slack/hosted.ts';
import { until } from '../support/until.ts';

let close = async () => {};
afterEach(() => close());

/** Two instances; by turns, what follows on a press arrives at the one that did not get the press. */
async function two(options: HostOptions = { mode: 'socket' }) {
  const inboxes = [testInbox(), testInbox()] as const;
  const hosted = await hostInstances(inboxes, options);
  close = hosted.close;
  const [one] = hosted.instances;
  if (one === undefined) throw new Error('There is no instance.');
  return { ...hosted, inboxes, one };
}

function received(inboxes: readonly TestInbox[]): readonly number[] {
  return inboxes.map((inbox) => inbox.received.length);
}

const place = { chat: 'slack', tenant: 'T1', channel: 'C1' };
const both = [{ mode: 'socket' }, { mode: 'http' }] as const satisfies readonly HostOptions[];

const question = {
  title: 'Roll back',
  label: 'Why? It stays locked.',
  submit: 'Roll Back',
  maxLength: 77,
  required: true,
};
const asks: Announcement = {
  ...note('bad', ['Failed'], 'Failed.'),
  buttons: [
    { label: 'Say No', verb: 'reject', value: 't.1', style: 'plain', ask: { ...question, title: 'Reject D-1' } },
    { label: 'Roll Back', verb: 'rollback', value: 't.1', style: 'danger', seldom: true, ask: question },
  ],
};

describe('Slack with several instances', () => {
  it.each([...both, { mode: 'socket', slack: { dice: 7 } } as const])(
    'hands each delivery to one of them, and each of them gets some ($mode, dice $slack.dice)',
    async (options) => {
      const { fake, inboxes } = await two(options);

      for (let number = 0; number < 12; number += 1) await fake.command('U1', 'C1', `status D-${number}`);

      await until('all commands', () => inboxes[0].received.length + inboxes[1].received.length === 12);
      expect(received(inboxes).every((count) => count > 0)).toBe(true);
      const keys = inboxes.flatMap((inbox) => inbox.received.map(({ key }) => key));
      expect(new Set(keys).size).toBe(12);
    },
  );

  it.each(both)('brings the same key to whichever instance gets a delivery again ($mode)', async (options) => {
    const { fake, inboxes, one } = await two(options);
    const handle = await one.chat.post(place, {
      key: 'k',
      revision: 1,
      announcement: {
        ...note('waiting', ['Asks'], 'Asks.'),
        buttons: [{ label: 'Approve', verb: 'approve', value: 't.1', style: 'primary' }],
      },
    });
    const deliveries = [
      await fake.command('U1', 'C1', 'status'),
      await fake.click('U2', { channel: 'C1', ts: handle.id }, 'approve'),
      await fake.mention('U1', 'C1', 'status'),
    ];

    for (const [index, delivery] of deliveries.entries()) {
      for (const inbox of inboxes) inbox.received.length = 0;
      await fake.redeliver(delivery);
      await fake.redeliver(delivery);
      await until('both', () => inboxes.every((inbox) => inbox.received.length === 1));
      const keys = inboxes.flatMap((inbox) => inbox.received.map(({ key }) => key));
      expect(new Set(keys).size, `delivery ${index}`).toBe(1);
    }
  });

  it.each(both)('asks the button’s own question on an instance that never showed it ($mode)', async (options) => {
    const { fake, inboxes, one } = await two(options);
    const handle = await one.chat.post(place, { key: 'k', revision: 1, announcement: asks });
    const ref = { channel: 'C1', ts: handle.id };

    // Twice each, so that both instances are asked.
    for (const verb of ['reject', 'reject', 'rollback', 'rollback']) await fake.click('U2', ref, verb);
    const dialogs = await until('the dialogs', () => fake.dialogs('U2')[3] && [...fake.dialogs('U2')].reverse());
    for (const dialog of dialogs) await fake.submit(dialog.id, { answer: 'Basket is broken' });

    const titles = dialogs.map(({ view }) => (view['title'] as { text: string }).text);
    expect(titles.toSorted()).toEqual(['Reject D-1', 'Reject D-1', 'Roll back', 'Roll back']);
    for (const { view } of dialogs) {
      const words = JSON.stringify(view);
      expect(words).toContain('"text":"Why? It stays locked."');
      expect(words).toContain('"max_length":77');
    }
    await until('the words', () => inboxes[0].received.length + inboxes[1].received.length === 4);
    expect(received(inboxes)).toEqual([2, 2]);
    expect(inboxes[0].received[0]).toMatchObject({ at: handle, input: { value: 't.1', answer: 'Basket is broken' } });
  });

  it('takes a dialog that is sent again after an unheard acknowledgement for the same wish', async () => {
    const { fake, inboxes, one } = await two();
    const handle = await one.chat.post(place, { key: 'k', revision: 1, announcement: asks });
    await fake.click('U2', { channel: 'C1', ts: handle.id }, 'rollback');
    const dialog = await until('the dialog', () => fake.dialogs('U2')[0]);

    await fake.submit(dialog.id, { answer: 'Basket is broken' });
    for (const answer of ['Basket is broken', 'Something else']) {
      dialog.open = true;
      await fake.submit(dialog.id, { answer });
    }

    await until('three', () => inboxes[0].received.length + inboxes[1].received.length === 3);
    const all = inboxes.flatMap((inbox) => inbox.received);
    const keyOf = (words: string) => all.filter(({ input }) => 'answer' in input && input.answer === words);
    expect(new Set(keyOf('Basket is broken').map(({ key }) => key)).size).toBe(1);
    expect(new Set(all.map(({ key }) => key)).size).toBe(2);
  });

  it.each(both)('resolves a long choice on an instance that never offered it ($mode)', async (options) => {
    const { fake, inboxes } = await two(options);
    const shared = `feature/${'very-long-'.repeat(29)}`;
    const branches = [`${shared}name`, `${shared}nome`];
    const service = `web-${'x'.repeat(90)}`;
    const form: FormSpec = {
      services: [{ value: service, label: 'Web' }],
      environments: [{ value: `production-${'y'.repeat(90)}`, label: 'Production' }],
      reasonRequired: false,
      alerts: [],
    };
    for (const inbox of inboxes) {
      inbox.reply = { kind: 'form', form };
      inbox.form = async (fields) => ({ ...form, ...fields });
      inbox.choices = async (field, text, chosen) => {
        if (field === 'service') return form.services.filter(({ value }) => value.includes(text));
        return branches
          .filter((name) => chosen.service === service && name.includes(text))
          .map((name) => ({ value: name, label: name }));
      };
    }
    await fake.command('U1', 'C1', '');
    const dialog = await until('the form', () => fake.dialogs('U1')[0]);
    for (const inbox of inboxes) {
      inbox.reply = { kind: 'nothing' };
      inbox.received.length = 0;
    }
    const [chosen] = await fake.suggest(dialog.id, 'service', '');
    await fake.choose(dialog.id, 'service', String(chosen?.['value']));
    await until('the form of the service', () => fake.calls('views.update').length === 1);
    const refs = await fake.suggest(dialog.id, 'ref', 'very');
    await fake.choose(dialog.id, 'ref', String(refs[1]?.['value']));
    const environment = JSON.stringify(dialog.view).match(/"value":"(~~[^"]*y{20}[^"]*)"/)?.[1] ?? '';

    // Sent twice, so that both instances must understand it.
    await fake.submit(dialog.id, { environment });
    dialog.open = true;
    await fake.submit(dialog.id, { environment });

    await until('the requests', () => inboxes.every((inbox) => inbox.received.length === 1));
    const wanted = { service, environment: form.environments[0]?.value, ref: branches[1] };
    for (const inbox of inboxes) expect(inbox.received[0]?.input).toEqual({ kind: 'form', fields: wanted });
  });
});
