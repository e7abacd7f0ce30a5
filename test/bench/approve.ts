import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Octokit } from '@octokit/rest';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addRepository } from '../fakes/github/world.ts';
import { buttonsOf, type FakeSlack } from '../fakes/slack/index.ts';
import { until } from '../support/until.ts';
import { ANNA, CLEO, channelOf, githubText, makeHome, peopledSlack, slackLines, slackSecrets } from './installation.ts';
import { type Case, pause, percentile, type Row, spread } from './measure.ts';
import { hosted } from './programme.ts';

const TIMES = 24;
const WARM_UP = 8;
const REST_MS = 150;
const AIM_MS = 10;
const DISPATCH = /\/actions\/workflows\/[^/]+\/dispatches$/;
const TAG = /\/git\/refs$/;

/** From the click as Slack sends it to the arrival of the start at GitHub. */
export const approve: Case = {
  name: 'approve',
  about: 'from the click on Approve to the call that starts the run, against a direct Octokit call to the same server',
  async run() {
    const channels = Array.from({ length: TIMES + WARM_UP }, (_, n) => channelOf(n));
    const slack = await peopledSlack(channels);
    const github = await startFakeGitHub({ strict: false });
    const gate = await openGate(github.url);
    const home = makeHome({ ...slackSecrets(slack), github: github.doorkeeper.token });
    const repository = addRepository(github.world, 'acme/web');
    const sha = addCommit(repository);
    const text = githubText(slackLines(slack), gate.url, channels.length);
    const ours = await hosted(new URL('./host-programme.ts', import.meta.url), { folder: home.folder, text });
    slack.deliverTo(`${ours.url}/slack/events`);
    try {
      return await measured(slack, directCaller(github, gate, sha), gate, channels);
    } finally {
      await ours.stop();
      await gate.close();
      await Promise.all([slack.close(), github.close()]);
      home.remove();
    }
  },
};

async function measured(slack: FakeSlack, direct: () => Promise<Arrivals>, gate: Gate, channels: readonly string[]) {
  for (const [n, channel] of channels.entries())
    await slack.command(ANNA, channel, `s${n} production --reason measured`);
  const found = { ours: [] as Arrivals[], direct: [] as Arrivals[] };
  for (const [n, channel] of channels.entries()) {
    const card = await until('a card to approve', () => waitingCard(slack, channel), 30_000);
    await pause(REST_MS);
    const bare = await direct();
    await pause(REST_MS);
    const begin = performance.now();
    const [tag, dispatch] = [gate.arrival(TAG), gate.arrival(DISPATCH)];
    await slack.click(CLEO, card, 'approve');
    const whole = { tag: (await tag) - begin, dispatch: (await dispatch) - begin };
    if (n < WARM_UP) continue;
    found.ours.push(whole);
    found.direct.push(bare);
  }
  return [
    rowOf('approve to first call of the start (tag)', 'tag', found),
    rowOf('approve to dispatch, after the tag', 'dispatch', found),
  ];
}

function rowOf(name: string, call: keyof Arrivals, found: Record<'ours' | 'direct', readonly Arrivals[]>): Row {
  const [ours, direct] = [found.ours, found.direct].map((all) => all.map((one) => one[call])) as [number[], number[]];
  const more = percentile(ours, 0.5) - percentile(direct, 0.5);
  const aim = `<= ${AIM_MS} ms more`;
  const note = `${more.toFixed(1)} ms more at p50, which the aim is about; both make the tag first, as GitHub dispatches no bare commit`;
  return { name, unit: 'ms', ours: spread(ours), baseline: spread(direct), aim, met: more <= AIM_MS, note };
}

function waitingCard(slack: FakeSlack, channel: string) {
  return slack.messages(channel).find((message) => buttonsOf(message).includes('Approve'));
}

interface Arrivals {
  readonly tag: number;
  readonly dispatch: number;
}

/** The same two calls without anything around them, and how many milliseconds until each has arrived. */
function directCaller(github: FakeGitHub, gate: Gate, sha: string): () => Promise<Arrivals> {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const octokit = new Octokit({ auth: github.doorkeeper.token, baseUrl: gate.url, log });
  const place = { owner: 'acme', repo: 'web' };
  let calls = 0;
  return async () => {
    calls += 1;
    const ref = `refs/tags/direct-${calls}`;
    const begin = performance.now();
    const [tag, dispatch] = [gate.arrival(TAG), gate.arrival(DISPATCH)];
    await octokit.rest.git.createRef({ ...place, ref, sha });
    const inputs = { countersign_id: ref };
    await octokit.rest.actions.createWorkflowDispatch({ ...place, workflow_id: 'deploy.yml', ref, inputs });
    return { tag: (await tag) - begin, dispatch: (await dispatch) - begin };
  };
}

/** Stands before the fake GitHub, hands everything on, and notes when what arrived. */
interface Gate {
  readonly url: string;
  /** When the next POST to such a path arrives, by `performance.now`. */
  arrival(path: RegExp): Promise<number>;
  close(): Promise<void>;
}

async function openGate(to: string): Promise<Gate> {
  const waiting: { readonly path: RegExp; readonly tell: (at: number) => void }[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const index = method === 'POST' ? waiting.findIndex(({ path }) => path.test(url)) : -1;
    if (index >= 0) waiting.splice(index, 1)[0]?.tell(performance.now());
    const onward = request(new URL(url, to), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrival: (path) => new Promise((tell) => waiting.push({ path, tell })),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
