import { Octokit } from '@octokit/rest';
import { type Gate, openGate } from '../chaos/gate.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addRepository } from '../fakes/github/world.ts';
import { buttonsOf, type FakeSlack } from '../fakes/slack/index.ts';
import { until } from '../support/until.ts';
import { ANNA, CLEO, channelOf, githubText, makeHome, peopledSlack, slackLines, slackSecrets } from './installation.ts';
import { type Hosted, hosted } from './programme.ts';

const DISPATCH = /\/actions\/workflows\/[^/]+\/dispatches$/;
const TAG = /\/git\/refs$/;

/** Milliseconds from the click (or from the beginning) until each call of the start has arrived at GitHub. */
export interface Arrivals {
  readonly tag: number;
  readonly dispatch: number;
}

/** An installation in which so many deployments wait for the click on Approve, each in a channel of its own. */
export interface ClickSite {
  /** Waits until the next deployment can be approved. */
  ready(): Promise<void>;
  /** Approves it. */
  click(): Promise<Arrivals>;
  /** The same two calls without anything around them. */
  direct(): Promise<Arrivals>;
  close(): Promise<void>;
}

export interface SiteWish {
  readonly deployments: number;
  /** How many instances of the programme; each click is brought to the next one. */
  readonly instances: number;
  /** Address of a PostgreSQL database; absent: an SQLite file. */
  readonly database?: string;
}

export async function openClickSite({ deployments, instances, database }: SiteWish): Promise<ClickSite> {
  const channels = Array.from({ length: deployments }, (_, n) => channelOf(n));
  const slack = await peopledSlack(channels);
  const github = await startFakeGitHub({ strict: false });
  const gate = await openGate({ to: github.url, token: github.doorkeeper.token });
  const repository = addRepository(github.world, 'acme/web');
  const sha = addCommit(repository);
  const line = database === undefined ? '' : `database: '${database}'\n`;
  const text = `${line}${githubText(slackLines(slack), gate.url, channels.length)}`;
  const homes = Array.from({ length: instances }, () =>
    makeHome({ ...slackSecrets(slack), github: github.doorkeeper.token }),
  );
  const hosts: Hosted[] = [];
  for (const { folder } of homes)
    hosts.push(await hosted(new URL('./host-programme.ts', import.meta.url), { folder, text }));
  const direct = directCaller(github, gate, sha);
  let clicks = 0;

  const brought = () => slack.deliverTo(`${hosts[clicks % hosts.length]?.url}/slack/events`);
  const card = () => waitingCard(slack, channels[clicks] ?? '');
  brought();
  for (const [n, channel] of channels.entries())
    await slack.command(ANNA, channel, `s${n} production --reason measured`);
  return {
    ready: async () => void (await until('a card to approve', () => card() !== undefined, 30_000)),
    direct,
    async click() {
      const message = card();
      if (message === undefined) throw new Error('there is nothing to approve');
      brought();
      clicks += 1;
      const begin = performance.now();
      const [tag, dispatch] = [gate.arrival(TAG), gate.arrival(DISPATCH)];
      await slack.click(CLEO, message, 'approve');
      return { tag: (await tag) - begin, dispatch: (await dispatch) - begin };
    },
    async close() {
      for (const host of hosts) await host.stop();
      await gate.close();
      await Promise.all([slack.close(), github.close()]);
      for (const home of homes) home.remove();
    },
  };
}

function waitingCard(slack: FakeSlack, channel: string) {
  return slack.messages(channel).find((message) => buttonsOf(message).includes('Approve'));
}

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
