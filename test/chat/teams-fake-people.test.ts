import { describe, expect, it } from 'vitest';
import {
  approve,
  CHANNEL,
  call,
  card,
  GROUP,
  message,
  more,
  mri,
  path,
  peopled,
  reject,
  startBot,
} from '../fakes/teams/bare.ts';
import { CARD } from '../fakes/teams/checks.ts';

describe('the fake Teams: people', () => {
  it('says what people say in the shape of Teams', async () => {
    const fake = await peopled();
    const heard = await startBot(fake);

    await fake.say('anna', CHANNEL, 'status <x>');
    await fake.slash('anna', GROUP, 'status');
    await fake.say('anna', 'personal', 'help');
    await fake.install(CHANNEL, 'ben');

    const [said, slashed, alone, added, installed] = heard;
    expect(said).toMatchObject({
      type: 'message',
      channelId: 'msteams',
      text: '<at>Countersign</at> status &lt;x&gt;',
      from: { id: mri(fake, 'anna'), name: 'anna' },
      recipient: { id: `28:${fake.world.appId}` },
      conversation: { conversationType: 'channel', isGroup: true, id: `${CHANNEL};messageid=${said?.['id']}` },
      channelData: { channel: { id: CHANNEL }, tenant: { id: fake.world.tenant } },
      entities: [{ type: 'mention', text: '<at>Countersign</at>' }, { type: 'clientInfo' }],
    });
    expect(slashed).toMatchObject({ text: 'status', recipient: { isTargeted: true }, conversation: { id: GROUP } });
    expect(alone).toMatchObject({ text: 'help', conversation: { conversationType: 'personal' } });
    expect(added).toMatchObject({ type: 'conversationUpdate', channelData: { eventType: 'teamMemberAdded' } });
    expect(installed).toMatchObject({ type: 'installationUpdate', action: 'add', from: { name: 'ben' } });
  });

  it('presses buttons, and shows the answer to that person alone', async () => {
    const fake = await peopled();
    const answers: unknown[] = [
      { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card('Recorded') },
      { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Already approved' },
      { statusCode: 200, type: 'nonsense', value: 'x' },
    ];
    const heard = await startBot(fake, { 'adaptiveCard/action': () => answers.shift() });
    await call(fake, 'POST', path(CHANNEL), message(card('Open', { actions: [approve, more] })));
    const [root] = fake.messages(CHANNEL);
    if (root === undefined) throw new Error('nothing was posted');

    const before = fake.buttons(root, 'anna');
    const carded = await fake.press('anna', root, 'Approve');
    const told = await fake.press('ben', root, 'approve');
    const wrong = await fake.press('ben', root, 'approve');
    await fake.submit('ben', root, 'Approve');
    const violations = [...fake.world.violations];
    const again = await fake.redeliver(carded);

    expect(before).toEqual(['Approve', 'Reject']);
    expect(heard[0]).toMatchObject({
      type: 'invoke',
      replyToId: root.id,
      conversation: { id: `${CHANNEL};messageid=${root.id}` },
      value: { action: { type: 'Action.Execute', verb: 'approve', data: approve.data }, trigger: 'manual' },
    });
    expect([carded, told, wrong].map(({ outcome }) => outcome.kind)).toEqual(['card', 'message', 'error']);
    expect([fake.words(root, 'anna'), fake.buttons(root, 'anna')]).toEqual([expect.stringContaining('Recorded'), []]);
    expect(fake.words(root)).toContain('Open');
    expect(fake.privately('ben').map((one) => fake.words(one))).toEqual([
      'Already approved',
      expect.stringMatching(/wrong/),
    ]);
    expect(violations).toHaveLength(1);
    expect(heard[3]).toMatchObject({ type: 'message', value: approve.data, replyToId: root.id });
    expect(again.activity['id']).toBe(carded.activity['id']);
  });

  it('asks for views of listed people when a card is new or has changed', async () => {
    const fake = await peopled();
    const value = card('Yours', { actions: [approve] });
    const heard = await startBot(fake, {
      'adaptiveCard/action': () => ({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value }),
    });
    const refresh = { action: { ...approve, verb: 'refresh' }, userIds: [mri(fake, 'ben'), mri(fake, 'dora')] };

    const posted = await call(fake, 'POST', path(CHANNEL), message(card('Everybody', { refresh })));
    await fake.settled();
    const [root] = fake.messages(CHANNEL);
    if (root === undefined) throw new Error('nothing was posted');
    const views = [fake.buttons(root), fake.buttons(root, 'ben'), fake.buttons(root, 'anna')];
    await call(fake, 'PUT', path(CHANNEL, `/activities/${posted.body['id']}`), message(card('Changed')));
    await fake.settled();

    expect(views).toEqual([[], ['Approve'], []]);
    expect(heard.map((one) => [one['from'], one['value']])).toEqual([
      [expect.objectContaining({ name: 'ben' }), expect.objectContaining({ trigger: 'automatic' })],
    ]);
    expect(fake.words(root, 'ben')).toContain('Changed');
  });

  it('opens dialogs from a button and from an extension, searches in them, and follows the answers', async () => {
    const fake = await peopled();
    const query = { 'choices.data': { type: 'Data.Query', dataset: 'ref', associatedInputs: 'auto' } };
    const inputs = [
      { type: 'Input.Text', id: 'answer', isRequired: true, maxLength: 9 },
      { type: 'Input.ChoiceSet', id: 'ref', choices: [], style: 'filtered', ...query },
    ];
    const content = {
      ...card('Why?', { actions: [{ type: 'Action.Submit', title: 'Send', data: { cs: 1 } }] }),
      body: inputs,
    };
    const task = { type: 'continue', value: { title: 'Reject', card: { contentType: CARD, content } } };
    const answers: unknown[] = [{ task }, { task: { type: 'message', value: 'Done' } }];
    const results = [{ title: 'main', value: 'main' }];
    const heard = await startBot(fake, {
      'task/fetch': () => ({ task }),
      'composeExtension/fetchTask': () => ({ task }),
      'task/submit': () => answers.shift(),
      'application/search': () => ({ type: 'application/vnd.microsoft.search.searchResponse', value: { results } }),
    });
    await call(fake, 'POST', path(CHANNEL), message(card('Open', { actions: [approve, more] })));
    const [root] = fake.messages(CHANNEL);
    if (root === undefined) throw new Error('nothing was posted');

    await fake.press('ben', root, 'Reject');
    await expect(fake.fill('ben', {})).rejects.toThrow('answer is empty');
    await expect(fake.fill('ben', { answer: 'far too long' })).rejects.toThrow('so much');
    fake.type('ben', { answer: 'no' });
    const found = await fake.typeahead('ben', 'ref', 'ma');
    await fake.fill('ben', { answer: 'no', ref: 'main' });
    const still = fake.dialogs('ben').length;
    await fake.fill('ben', { answer: 'no' });
    await fake.extension('anna', CHANNEL, 'deploy');
    const sent = await fake.fill('anna', { answer: 'yes' });

    const named = (name: string) => heard.filter((one) => one['name'] === name);
    expect(named('task/fetch')[0]).toMatchObject({ value: { data: reject.data }, replyToId: root.id });
    expect(found).toEqual(results);
    expect(named('application/search')[0]).toMatchObject({
      value: { queryText: 'ma', dataset: 'ref', data: { answer: 'no' }, queryOptions: { skip: 0, top: 15 } },
    });
    expect(named('task/submit')[0]).toMatchObject({ value: { data: { cs: 1, answer: 'no', ref: 'main' } } });
    expect([still, fake.dialogs('ben').length, fake.dialogs('anna').length]).toEqual([1, 0, 0]);
    expect(fake.privately('ben').map((one) => fake.words(one))).toEqual(['Done']);
    expect(named('composeExtension/fetchTask')[0]).toMatchObject({ value: { commandId: 'deploy' } });
    expect(sent.activity).toMatchObject({ name: 'composeExtension/submitAction', value: { commandId: 'deploy' } });
    expect(fake.world.violations).toEqual([]);
  });
});
