import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startFakeSlack } from '../fakes/slack/index.ts';
import { isRecord } from '../fakes/slack/world.ts';

const samples = join(import.meta.dirname, '../../../shared/specs/slack/samples');
const missing = !existsSync(samples);

async function call(apiUrl: string, method: string, args: Record<string, unknown>, token = 'xoxb-fake') {
  const response = await fetch(`${apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(args),
  });
  return (await response.json()) as Record<string, unknown>;
}

const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'x' } }];

describe('the fake Slack', () => {
  it.each([
    ['auth.test', {}, 'wrong', 'not_allowed_token_type'],
    ['auth.test', {}, 'xoxb-wrong', 'invalid_auth'],
    ['apps.connections.open', {}, 'xoxb-fake', 'not_allowed_token_type'],
    ['chat.postMessage', { channel: 'C404', text: 'x', blocks }, 'xoxb-fake', 'channel_not_found'],
    ['chat.postMessage', { channel: 'C1', blocks }, 'xoxb-fake', 'no_text'],
    ['chat.postMessage', { channel: 'C1', text: 'x', blocks: [{ type: 'section' }] }, 'xoxb-fake', 'invalid_blocks'],
    ['chat.postMessage', { channel: 'C1', text: 'x', blocks, thread_ts: '1.1' }, 'xoxb-fake', 'thread_not_found'],
    ['chat.update', { channel: 'C1', ts: '1.1', text: 'x', blocks }, 'xoxb-fake', 'message_not_found'],
    ['chat.postEphemeral', { channel: 'C1', user: 'U9', text: 'x', blocks }, 'xoxb-fake', 'user_not_in_channel'],
    ['views.open', { trigger_id: 'none', view: {} }, 'xoxb-fake', 'invalid_trigger_id'],
    ['users.info', { user: 'U404' }, 'xoxb-fake', 'user_not_found'],
    ['usergroups.users.list', { usergroup: 'S404' }, 'xoxb-fake', 'no_such_subteam'],
    ['no.such', {}, 'xoxb-fake', 'unknown_method'],
  ])('is as strict as Slack: %s %j by %s is %s', async (method, args, token, error) => {
    const fake = await startFakeSlack();
    fake.addUser({ id: 'U9' });
    fake.addChannel({ id: 'C1' });

    const answer = await call(fake.apiUrl, method, args, token);
    await fake.close();

    expect(answer).toMatchObject({ ok: false, error });
  });

  it.skipIf(missing)(
    'sends and answers only keys that Slack knows (skipped where ../shared/specs/slack is not there)',
    async () => {
      const fake = await startFakeSlack({ enterprise: 'E1' });
      fake.addUser({ id: 'U1' });
      fake.addGroup('S1', ['U1']);
      fake.addChannel({ id: 'C1', members: ['U1'] });
      const button = {
        type: 'button',
        action_id: 'cs:approve:0',
        value: 'v',
        text: { type: 'plain_text', text: 'Approve' },
      };
      const sent = await call(fake.apiUrl, 'chat.postMessage', {
        channel: 'C1',
        text: 'x',
        blocks: [{ type: 'actions', elements: [button] }],
      });
      const answers = {
        'chat.postMessage': sent,
        'auth.test': await call(fake.apiUrl, 'auth.test', {}),
        'conversations.history': await call(fake.apiUrl, 'conversations.history', { channel: 'C1' }),
        'users.info': await call(fake.apiUrl, 'users.info', { user: 'U1' }),
        'usergroups.users.list': await call(fake.apiUrl, 'usergroups.users.list', { usergroup: 'S1' }),
        'apps.connections.open': await call(fake.apiUrl, 'apps.connections.open', {}, 'xapp-fake'),
      };
      fake.deliverTo('http://127.0.0.1:9/');
      const command = await fake.command('U1', 'C1', 'status');
      const click = await fake.click('U1', { channel: 'C1', ts: String(sent['ts']) }, 'approve');
      const mention = await fake.mention('U1', 'C1', 'status');
      await fake.close();

      for (const [method, answer] of Object.entries(answers)) {
        expect(answer['ok'], method).toBe(true);
        expect(unknownKeys(answer, `api/${method}.json`), method).toEqual([]);
      }
      expect(unknownKeys(command.payload, 'app-backend/SlashCommandPayload.json')).toEqual([]);
      expect(unknownKeys(click.payload, 'app-backend/BlockActionPayload.json')).toEqual([]);
      expect(unknownKeys(mention.payload, 'events/AppMentionPayload.json')).toEqual([]);
    },
  );

  it('brings an event again, over another connection, when the one that got it ended unheard; a command only once', async () => {
    const fake = await startFakeSlack();
    fake.addUser({ id: 'U1' });
    fake.addChannel({ id: 'C1', members: ['U1'] });
    const heard: Record<string, unknown>[] = [];
    const connect = async (answers: boolean) => {
      const { url } = await call(fake.apiUrl, 'apps.connections.open', {}, 'xapp-fake');
      const socket = new WebSocket(String(url));
      socket.on('message', (data) => {
        const { envelope_id, type, retry_attempt, payload } = JSON.parse(String(data));
        if (envelope_id === undefined) return;
        heard.push({ answers, type, retry_attempt, event: payload.event_id });
        if (answers) socket.send(JSON.stringify({ envelope_id }));
        else socket.terminate();
      });
      await new Promise((resolve) => socket.once('message', resolve));
    };
    await connect(true);
    // By turns, the second one is the next.
    await connect(false);
    const mention = await fake.mention('U1', 'C1', 'status');
    await connect(false);
    const commands = [await fake.command('U1', 'C1', 'status'), await fake.command('U1', 'C1', 'status')];
    await fake.close();

    expect(mention.ack.status).toBe(200);
    const event = mention.payload['event_id'];
    expect(heard.slice(0, 2)).toEqual([
      { answers: false, type: 'events_api', event },
      { answers: true, type: 'events_api', retry_attempt: 1, event },
    ]);
    expect(commands.map(({ ack }) => ack.status).toSorted()).toEqual([0, 200]);
    expect(heard.filter(({ type }) => type === 'slash_commands')).toHaveLength(2);
  });

  it('runs as a process of its own and is controlled over HTTP', async () => {
    const main = join(import.meta.dirname, '../fakes/slack/main.ts');
    const child = spawn(process.execPath, [main, '--team', 'T5'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line = ''] = await new Promise<string[]>((resolve) =>
      createInterface({ input: child.stdout }).once('line', (one) => resolve([one])),
    );
    const { port, apiUrl } = JSON.parse(line) as { port: number; apiUrl: string };
    const act = async (name: string, ...args: unknown[]) =>
      (await fetch(`http://127.0.0.1:${port}/_control/${name}`, { method: 'POST', body: JSON.stringify(args) })).json();

    await act('addUser', { id: 'U1' });
    await act('addChannel', { id: 'C1', members: ['U1'] });
    await act('fault', { method: 'chat.postMessage', kind: '500-after' });
    const failed = await fetch(`${apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer xoxb-fake' },
      body: JSON.stringify({ channel: 'C1', text: 'x', blocks }),
    });
    const messages = (await act('messages', 'C1')) as readonly { versions: unknown[] }[];
    const state = (await act('state')) as { team: string; users: Record<string, unknown> };
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');

    expect(failed.status).toBe(500);
    expect(messages.map(({ versions }) => versions.length)).toEqual([1]);
    expect([state.team, Object.keys(state.users)]).toEqual(['T5', ['UBOT', 'U1']]);
    expect(await ended).toBe(0);
  });
});

/** Paths of keys that Slack's sample does not have. Blocks and state are free in form. */
function unknownKeys(value: unknown, sample: string): readonly string[] {
  return compare(value, JSON.parse(readFileSync(join(samples, sample), 'utf8')), '');
}

const FREE = ['blocks', 'actions', 'response_metadata', 'authorizations', 'state'];

function compare(value: unknown, shape: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return Array.isArray(shape) ? value.flatMap((one) => compare(one, shape[0], path)) : [];
  if (!isRecord(value) || !isRecord(shape)) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    if (FREE.includes(key)) return [];
    return key in shape ? compare(one, shape[key], `${path}.${key}`) : [`${path}.${key}`];
  });
}
