import { Agent, request } from 'node:http';
import { encoded, signature } from '../fakes/slack/delivery.ts';
import type { FakeSlack } from '../fakes/slack/index.ts';
import { fresh, trigger } from '../fakes/slack/world.ts';
import { ANNA, localText, makeHome, peopledSlack, slackLines, slackSecrets } from './installation.ts';
import { type Case, pause, percentile, type Row, spread } from './measure.ts';
import { type Hosted, hosted } from './programme.ts';

const CHANNEL = 'C1';
const EVERY_MS = 20;
/** Ours and the bare one take turns, a block of a second each. */
const BLOCK = 50;
const BLOCKS = 16;
const WARM_UP = 150;

/** From the signed request to the end of the acknowledgement. */
export const ack: Case = {
  name: 'ack',
  about: 'slash commands at 50 a second over HTTP, against a Bolt application that only acknowledges',
  async run() {
    const slack = await peopledSlack([CHANNEL]);
    const home = makeHome(slackSecrets(slack));
    const { signingSecret, botToken } = slack.world;
    const text = localText(slackLines(slack));
    const ours = await hosted(new URL('./host-programme.ts', import.meta.url), { folder: home.folder, text });
    const bare = await hosted(new URL('./host-bare-bolt.ts', import.meta.url), { signingSecret, botToken });
    try {
      return [await measured(slack, ours, bare)];
    } finally {
      await Promise.all([ours.stop(), bare.stop()]);
      await slack.close();
      home.remove();
    }
  },
};

async function measured(slack: FakeSlack, ours: Hosted, bare: Hosted): Promise<Row> {
  const agent = new Agent({ keepAlive: true });
  const to = { ours: sender(slack, ours, agent), bare: sender(slack, bare, agent) };
  await at50(to.ours, WARM_UP);
  await at50(to.bare, WARM_UP);
  const found = { ours: [] as number[], bare: [] as number[] };
  for (let block = 0; block < BLOCKS; block += 1) {
    found.bare.push(...(await at50(to.bare, BLOCK)));
    found.ours.push(...(await at50(to.ours, BLOCK)));
  }
  agent.destroy();
  const answered = slack.messages(CHANNEL).length + slack.privately(ANNA).length;
  if (answered === 0) throw new Error('the commands were acknowledged but never obeyed');
  const ratios = [0.5, 0.99].map((share) => percentile(found.ours, share) / percentile(found.bare, share));
  const ratio = Math.max(...ratios);
  return {
    name: 'ack of a slash command',
    unit: 'ms',
    ours: spread(found.ours),
    baseline: spread(found.bare),
    ratio,
    aim: '<= 1.5x',
    met: ratio <= 1.5,
    note: `ratio is the worse one of p50 (${ratios[0]?.toFixed(2)}) and p99 (${ratios[1]?.toFixed(2)}); ours goes on to obey "status" after each acknowledgement`,
  };
}

type Send = () => Promise<number>;

/** Requests begin on time, whether or not the former ones have been answered. */
async function at50(send: Send, count: number): Promise<readonly number[]> {
  const begin = performance.now();
  const under: Promise<number>[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    await pause(Math.max(0, begin + sent * EVERY_MS - performance.now()));
    under.push(send());
  }
  return Promise.all(under);
}

function sender(slack: FakeSlack, { url }: Hosted, agent: Agent): Send {
  const address = `${url}/slack/events`;
  return () =>
    new Promise((resolve, reject) => {
      const [type, body] = encoded('slash_commands', command(slack));
      const headers = { 'content-type': type, ...signature(slack.world.signingSecret, body) };
      const begin = performance.now();
      const call = request(address, { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - begin);
          else reject(new Error(`a command was answered with ${response.statusCode}`));
        });
      });
      call.once('error', reject);
      call.end(body);
    });
}

function command({ world, port }: FakeSlack) {
  const id = fresh(world, 'R');
  world.hooks.set(id, { channel: CHANNEL, user: ANNA, at: Date.now(), uses: 0, expired: false });
  return {
    token: 'verification',
    team_id: world.team,
    team_domain: 'acme',
    channel_id: CHANNEL,
    channel_name: 'deploys',
    user_id: ANNA,
    user_name: 'anna',
    command: '/deploy',
    text: 'status web',
    api_app_id: world.appId,
    is_enterprise_install: 'false',
    response_url: `http://127.0.0.1:${port}/hooks/${id}`,
    trigger_id: trigger(world, ANNA),
  };
}
