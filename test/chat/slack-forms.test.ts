import { afterEach, describe, expect, it } from 'vitest';
import type { Announcement } from '../../src/domain/announcement.ts';
import { note } from '../../src/domain/announcement.ts';
import type { FormSpec, Reply } from '../../src/ports/chat.ts';
import { testInbox } from '../contract/chat.ts';
import { type Hosted, hostSlack } from '../fakes/slack/hosted.ts';
import { buttonsOf, wordsOf } from '../fakes/slack/index.ts';
import { records } from '../fakes/slack/world.ts';
import { until } from '../support/until.ts';

let hosted: Hosted | undefined;
afterEach(async () => {
  await hosted?.close();
  hosted = undefined;
});

async function host(mode: 'socket' | 'http' = 'socket') {
  const inbox = testInbox();
  hosted = await hostSlack(inbox, { mode });
  return { inbox, ...hosted };
}

const place = { chat: 'slack', tenant: 'T1', channel: 'C1' };
const form: FormSpec = {
  services: [{ value: 'web', label: 'Web shop', hint: 'acme/web' }],
  environments: [
    { value: 'staging', label: 'Staging' },
    { value: 'production', label: 'Production' },
  ],
  reasonRequired: false,
  alerts: ['production is locked by Ben: <!channel> broken'],
};
const longBranch = `feature/${'very-long-'.repeat(29)}name`;

const asks: Announcement = {
  ...note('waiting', ['Needs approval'], 'Needs approval.'),
  buttons: [
    {
      label: 'Reject',
      verb: 'reject',
      value: 'token.1',
      style: 'plain',
      ask: { title: 'Reject this deployment, please', label: 'Why', submit: 'Reject', maxLength: 500, required: true },
    },
    { label: 'Nudge', verb: 'nudge', value: 'token.1', style: 'plain', seldom: true },
  ],
};

describe.each(['socket', 'http'] as const)('a button that asks for words (%s)', (mode) => {
  it('opens a dialog at once, and hands over verb, value and words when they come', async () => {
    const { inbox, fake, chat } = await host(mode);
    const root = await chat.post(place, { key: 'root', revision: 0, announcement: note('neutral', ['Root'], 'Root.') });
    const handle = await chat.post(place, { key: 'k', revision: 1, announcement: asks, under: root });
    inbox.reply = { kind: 'say', visibility: 'private', announcement: note('good', ['Rejected'], 'Rejected.') };

    await fake.click('U2', { channel: 'C1', ts: handle.id }, 'reject');
    const dialog = await until('the dialog', () => fake.dialogs('U2')[0]);
    const before = inbox.received.length;
    await fake.submit(dialog.id, { answer: 'The migration is <missing>' });

    const incoming = await until('the words', () => inbox.received[0]);
    expect(before).toBe(0);
    expect(incoming).toMatchObject({ at: handle, place, actor: { id: 'U2' } });
    expect(incoming.input).toEqual({
      kind: 'button',
      verb: 'reject',
      value: 'token.1',
      answer: 'The migration is <missing>',
    });
    const answer = await until('the answer', () => fake.privately('U2')[0]);
    expect(answer).toMatchObject({ only: 'U2', channel: 'C1', thread: root.id });
    expect(fake.dialogs('U2')).toEqual([]);
  });
});

describe('a button', () => {
  it('behind the menu works like any other', async () => {
    const { inbox, fake, chat } = await host();
    const handle = await chat.post(place, { key: 'k', revision: 1, announcement: asks });

    await fake.click('U2', { channel: 'C1', ts: handle.id }, 'nudge');

    expect(fake.messages('C1').map(buttonsOf)).toEqual([['Reject', 'Nudge']]);
    expect((await until('the press', () => inbox.received[0])).input).toEqual({
      kind: 'button',
      verb: 'nudge',
      value: 'token.1',
    });
  });

  it('still gets an answer when its dialog cannot be opened', async () => {
    const { inbox, fake, chat } = await host();
    const handle = await chat.post(place, { key: 'k', revision: 1, announcement: asks });
    inbox.reply = { kind: 'say', visibility: 'private', announcement: note('bad', ['Say why'], 'Say why.') };
    fake.faults.add({ method: 'views.open', kind: 'error', error: 'expired_trigger_id' });

    await fake.click('U2', { channel: 'C1', ts: handle.id }, 'reject');

    expect(wordsOf(await until('the answer', () => fake.privately('U2')[0]))).toContain('Say why');
    expect(inbox.received[0]?.input).toEqual({ kind: 'button', verb: 'reject', value: 'token.1' });
  });

  it('of an old copy brings the old value, so that it can be answered and not obeyed', async () => {
    const { inbox, fake, chat } = await host();
    const button = (value: string): Announcement => ({
      ...note('waiting', ['Asks'], 'Asks.'),
      buttons: [{ label: 'Approve', verb: 'approve', value, style: 'primary' }],
    });
    const handle = await chat.post(place, { key: 'k', revision: 1, announcement: button('token.1') });
    await chat.update(handle, { key: 'k', revision: 2, announcement: button('token.2') });

    await fake.click('U2', { channel: 'C1', ts: handle.id }, 'approve', { version: 0 });

    expect((await until('the press', () => inbox.received[0])).input).toMatchObject({ value: 'token.1' });
  });
});

describe('the form', () => {
  async function opened(mode: 'socket' | 'http' = 'socket') {
    const bench = await host(mode);
    bench.inbox.reply = { kind: 'form', form };
    bench.inbox.choices = async (field, text, { service }) =>
      field === 'service'
        ? form.services
        : [longBranch, 'main', `${service}-only`]
            .filter((one) => one.includes(text))
            .map((value) => ({ value, label: value }));
    bench.inbox.form = async (fields) => ({
      ...form,
      ...fields,
      reasonRequired: fields['environment'] === 'production',
      alerts: fields['environment'] === 'production' ? ['production is locked'] : [],
    });
    await bench.fake.command('U1', 'C1', '');
    const dialog = await until('the form', () => bench.fake.dialogs('U1')[0]);
    bench.inbox.received.length = 0;
    return { ...bench, dialog };
  }

  it('shows what to know before asking, without letting it ring any bell', async () => {
    const { dialog } = await opened();

    expect(JSON.stringify(dialog.view)).toContain('production is locked by Ben: &lt;!channel&gt; broken');
  });

  it('offers services at once, and refs of the chosen service even when their names are longer than Slack allows', async () => {
    const { fake, dialog, inbox } = await opened();
    const services = await fake.suggest(dialog.id, 'service', '');
    await fake.choose(dialog.id, 'service', 'web');
    await until(
      'the form for web',
      () => dialog.view['private_metadata'] !== undefined && JSON.stringify(dialog.view).includes('"service\\":\\"web'),
    );
    const refs = await fake.suggest(dialog.id, 'ref', '');
    await fake.choose(dialog.id, 'ref', String(refs[0]?.['value']));

    inbox.reply = { kind: 'nothing' };
    await fake.submit(dialog.id, { environment: 'staging' });

    expect(services.map((one) => one['value'])).toEqual(['web']);
    expect(refs.map((one) => one['value'])).toContain('web-only');
    expect((await until('the request', () => inbox.received[0])).input).toEqual({
      kind: 'form',
      fields: { service: 'web', environment: 'staging', ref: longBranch },
    });
  });

  it('asks for a reason and shows the lock as soon as production is chosen', async () => {
    const { fake, dialog } = await opened();
    await fake.choose(dialog.id, 'service', 'web');
    await until('the form for web', () => fake.calls('views.update').length === 1);

    await fake.choose(dialog.id, 'environment', 'production');

    await until('the form for production', () => JSON.stringify(dialog.view).includes('production is locked'));
    const reason = records(dialog.view['blocks']).find((block) => block['block_id'] === 'cs-reason');
    expect(reason?.['optional']).toBe(false);
    await expect(fake.submit(dialog.id, {})).rejects.toThrow('while csf:reason is empty');
  });

  it.each(['socket', 'http'] as const)('shows faults beside their fields and stays open (%s)', async (mode) => {
    const { fake, dialog, inbox } = await opened(mode);
    inbox.reply = { kind: 'mend', errors: { ref: 'There is no such branch', reason: 'Too short' } };

    await fake.submit(dialog.id, { service: 'web', environment: 'staging', reason: 'x' });

    const shown = Object.entries(dialog.errors).map(([block, fault]) => [block.split('-')[1], fault]);
    expect(shown).toEqual([
      ['ref', 'There is no such branch'],
      ['reason', 'Too short'],
    ]);
    expect(dialog.open).toBe(true);
    expect(fake.privately('U1')).toEqual([]);
  });

  it('is closed in time when the answer takes long, and the faults are told privately then', async () => {
    const { fake, dialog, inbox } = await opened();
    let finish = (_reply: Reply) => {};
    inbox.receive = () =>
      new Promise((resolve) => {
        finish = resolve;
      });

    const { ack } = await fake.submit(dialog.id, { service: 'web', environment: 'staging' });
    finish({ kind: 'mend', errors: { ref: 'There is no such branch' } });

    expect(ack.status).toBe(200);
    expect(ack.ms).toBeLessThan(3000);
    expect(wordsOf(await until('the answer', () => fake.privately('U1')[0]))).toContain('There is no such branch');
  });

  it('asks to choose again when a long ref is gone meanwhile', async () => {
    const { fake, dialog, inbox } = await opened();

    await fake.submit(dialog.id, { service: 'web', environment: 'staging', ref: '~~unknown' });

    expect(Object.values(dialog.errors)).toEqual(['This choice is no longer known. Please choose it again.']);
    expect(inbox.received).toEqual([]);
  });

  it('that cannot be opened any more is answered with another way', async () => {
    const { inbox, fake } = await host();
    inbox.reply = { kind: 'form', form };
    fake.faults.add({ method: 'views.open', kind: 'error', error: 'expired_trigger_id' });

    await fake.command('U1', 'C1', '');

    expect(wordsOf(await until('the answer', () => fake.privately('U1')[0]))).toContain('Type the command again');
  });
});
