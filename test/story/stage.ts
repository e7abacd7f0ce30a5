import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, type Program } from '../../bin/assemble.ts';
import type { Deployment, State } from '../../src/domain/deployment.ts';
import { createLog } from '../../src/log.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addPull, addRepository, BEN, type FakeRepository } from '../fakes/github/world.ts';
import { type FakeSlack, startFakeSlack, wordsOf } from '../fakes/slack/index.ts';
import type { FakeMessage } from '../fakes/slack/world.ts';
import { until } from '../support/until.ts';
import { loaded, type SettingsWish, settingsText, writeSecrets } from './settings.ts';

export const ANNA = 'U1';
export const BEN_U = 'U2';
export const CLEO = 'U3';
export const SAM = 'U5';
/** Nobody has said whose account this is. */
export const STRANGER = 'U9';
export const DEPLOYS = 'C1';
export const SHOP = 'C2';
export const EVERYBODY = 'C3';
const HOOK_SECRET = 'the webhook secret of the stories';
const PATIENCE_MS = 12_000;
/** What is due later than this (reminders, nets under lost news) is not waited for. */
const SOON_MS = 10_000;
const CALM_MS = 150;

export interface StageWish extends Pick<SettingsWish, 'count' | 'more' | 'expires'> {
  readonly mode?: 'socket' | 'http';
  /** A repository and a command on this machine instead of GitHub. */
  readonly local?: { readonly folder: string; readonly command: string };
  /** So many instances of the programme on one server database instead of one on a file. */
  readonly several?: { readonly database: string; readonly instances: number };
}

/** The whole programme in front of a Slack and a GitHub of our own. */
export interface Stage {
  readonly slack: FakeSlack;
  readonly github: FakeGitHub;
  readonly repository: FakeRepository;
  /** Lines of the log at `warn` and above. */
  readonly complaints: readonly string[];
  /** The programme; of several instances the first. */
  program(): Program;
  programs(): readonly Program[];
  /** Stops one of several instances for good, letting it finish what it has in hand. */
  retire(program: Program): Promise<void>;
  /** A deployment as the store has it, once it is in one of these states. */
  reaches(id: string, ...states: readonly State[]): Promise<Deployment>;
  /** The one root message of a deployment in a channel, once it shows all these words. */
  card(id: string, channel: string, ...words: readonly string[]): Promise<FakeMessage>;
  roots(id: string, channel: string): readonly FakeMessage[];
  /** Replies under the root message of a deployment. */
  thread(id: string, channel: string): readonly FakeMessage[];
  /** What a person is told next, after having done this. */
  told(user: string, act: () => Promise<unknown>): Promise<FakeMessage>;
  /** Waits until nothing more is to be done now. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
  /** Assembles the programme anew on the same data. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(wish: StageWish = {}): Promise<Stage> {
  const mode = wish.mode ?? 'socket';
  const home = mkdtempSync(join(tmpdir(), 'countersign-story-'));
  const slack = await peopledSlack();
  const github = await startFakeGitHub();
  const repository = shopRepository(github);
  const { botToken, appToken, signingSecret, team } = slack.world;
  const token = github.doorkeeper.token;
  writeSecrets(home, { bot: botToken, app: appToken, signing: signingSecret, github: token, hook: HOOK_SECRET });
  const code =
    wish.local === undefined ? { kind: 'github' as const, url: github.url } : { kind: 'local' as const, ...wish.local };
  const { several } = wish;
  const more = several === undefined ? wish.more : `${wish.more ?? ''}\ndatabase: ${several.database}\n`;
  const text = settingsText({
    ...wish,
    ...(more === undefined ? {} : { more }),
    mode,
    team,
    slackUrl: slack.apiUrl,
    code,
  });
  const complaints: string[] = [];
  const log = createLog({ level: 'warn', form: 'readable', write: (line) => complaints.push(line) });
  let running: readonly Program[] = [];

  function program(): Program {
    const [first] = running;
    if (first === undefined) throw new Error('the programme is stopped');
    return first;
  }

  async function start(): Promise<void> {
    const clock = systemClock();
    for (let instance = 1; instance <= (several?.instances ?? 1); instance += 1) {
      const dataFolder = several === undefined ? home : join(home, `instance-${instance}`);
      const options = { loaded: loaded(text), dataFolder, home, version: '0.0.0', log, clock, port: 0 };
      running = [...running, await assemble(options)];
    }
    if (mode === 'http') slack.deliverTo(`${program().url}/slack/events`);
    github.postman.target = { url: `${program().url}/webhooks/runs`, secret: HOOK_SECRET };
  }

  async function stop(): Promise<void> {
    const before = running;
    running = [];
    await Promise.all(before.map((one) => one.stop()));
  }

  async function retire(one: Program): Promise<void> {
    running = running.filter((other) => other !== one);
    await one.stop();
    github.postman.target = { url: `${program().url}/webhooks/runs`, secret: HOOK_SECRET };
  }

  await start();
  return {
    slack,
    github,
    repository,
    complaints,
    program,
    programs: () => running,
    retire,
    ...looks(slack, program),
    start,
    stop,
    async close() {
      await stop();
      await Promise.all([slack.close(), github.close()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function looks(slack: FakeSlack, program: () => Program) {
  const keyOf = ({ metadata }: FakeMessage) =>
    String((metadata?.['event_payload'] as { readonly key?: unknown } | undefined)?.key ?? '');
  const roots = (id: string, channel: string) =>
    slack.messages(channel).filter((one) => one.thread === undefined && keyOf(one).startsWith(`card:${id}@`));

  async function reaches(id: string, ...states: readonly State[]): Promise<Deployment> {
    return until(
      `${id} to be ${states.join(' or ')}`,
      async () => {
        const row = await program().store.deployment(id);
        return row !== undefined && states.includes(row.state) ? row : undefined;
      },
      PATIENCE_MS,
    );
  }

  async function card(id: string, channel: string, ...words: readonly string[]): Promise<FakeMessage> {
    const shown = () => roots(id, channel).at(-1);
    try {
      return await until(
        `the card of ${id} in ${channel}`,
        () => {
          const one = shown();
          return one !== undefined && words.every((word) => wordsOf(one).includes(word)) ? one : undefined;
        },
        PATIENCE_MS,
      );
    } catch (error) {
      const one = shown();
      throw new Error(`${String(error)}; it shows: ${one === undefined ? 'nothing' : wordsOf(one)}`);
    }
  }

  async function told(user: string, act: () => Promise<unknown>): Promise<FakeMessage> {
    const before = slack.privately(user).length;
    await act();
    return until(`an answer for ${user}`, () => slack.privately(user)[before], PATIENCE_MS);
  }

  /** Nothing is due soon, and nothing has been said for a moment: what a worker has in hand is not seen among what is due. */
  async function quiet(): Promise<void> {
    let [calls, since] = [-1, 0];
    await until(
      'everything to be delivered',
      async () => {
        const due = await program().store.nextDue();
        const made = slack.world.calls.length;
        const busy = due !== undefined && due < Date.now() + SOON_MS;
        if (busy || made !== calls) [calls, since] = [made, performance.now()];
        return performance.now() - since > CALM_MS;
      },
      PATIENCE_MS,
    );
  }

  return {
    roots,
    reaches,
    card,
    told,
    quiet,
    thread: (id: string, channel: string) => {
      const tops = roots(id, channel).map(({ ts }) => ts);
      return slack.messages(channel).filter((one) => one.thread !== undefined && tops.includes(one.thread));
    },
  };
}

export async function peopledSlack(): Promise<FakeSlack> {
  const slack = await startFakeSlack();
  const people = { U1: 'anna', U2: 'ben', U3: 'cleo', U4: 'dina', U5: 'sam', U9: 'nobody' };
  for (const [id, name] of Object.entries(people)) slack.addUser({ id, name, email: `${name}@example.com` });
  const members = Object.keys(people);
  slack.addChannel({ id: DEPLOYS, name: 'deploys', members });
  slack.addChannel({ id: SHOP, name: 'shop', members });
  slack.addChannel({ id: EVERYBODY, name: 'everybody', members });
  return slack;
}

/** Two commits by Ben, the second from a pull request with a note for customers. */
export function shopRepository(github: FakeGitHub): FakeRepository {
  const repository = addRepository(github.world, 'acme/web');
  addCommit(repository, { message: 'Begin the shop' });
  const sha = addCommit(repository, { message: 'Faster checkout (#1)', files: ['src/checkout.ts'] });
  addPull(repository, { landed: [sha], title: 'Faster checkout', author: BEN, mergedBy: BEN });
  repository.checks.set(sha, [{ name: 'tests', status: 'completed', conclusion: 'success' }]);
  return repository;
}
