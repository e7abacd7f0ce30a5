import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, type Program } from '../../bin/assemble.ts';
import type { Deployment, State } from '../../src/domain/deployment.ts';
import { createLog } from '../../src/log.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addPull, addRepository, BEN, type FakeRepository } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { type ChatKind, handsOf } from './chats.ts';
import type { HandClock } from './hand-clock.ts';
import type { Hands } from './hands.ts';
import type { SlackHands } from './hands-slack.ts';
import type { TeamsHands } from './hands-teams.ts';
import { loaded, type OwnCode, type SettingsWish, settingsText, writeSecrets } from './settings.ts';
import { PATIENCE_MS, type View, viewOf } from './view.ts';

const HOOK_SECRET = 'the webhook secret of the stories';
/** What is due later than this (reminders, nets under lost news) is not waited for. */
const SOON_MS = 10_000;
const CALM_MS = 150;

export interface StageWish extends Pick<SettingsWish, 'console' | 'count' | 'more' | 'expires' | 'rules' | 'hear'> {
  /** The chats that people are in; the first is the one that stories speak of. Slack by socket when absent. */
  readonly chats?: readonly ChatKind[];
  /** A repository and a command on this machine instead of GitHub. */
  readonly local?: { readonly folder: string; readonly command: string };
  /** A source and a provider of the story's own instead of GitHub, with their secrets by file. */
  readonly code?: OwnCode & { readonly secrets: Readonly<Record<string, string>> };
  /** So many instances of the programme on one server database instead of one on a file. */
  readonly several?: { readonly database: string; readonly instances: number };
  /** A clock that the story puts forward; the real time when absent. */
  readonly clock?: HandClock;
}

/** The whole programme in front of chats and a GitHub of our own. What is seen and done is so in the first of its chats. */
export interface Stage extends View {
  /** What is seen and done in one of its chats. */
  in(chat: Hands['id']): View;
  /** The Slack of this stage, for what only Slack does. */
  slack(): SlackHands;
  /** The Teams of this stage, for what only Teams does. */
  teams(): TeamsHands;
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
  /** Waits until nothing more is to be done now. */
  quiet(): Promise<void>;
  /** Waits until nothing more is to be done now, then lets so many milliseconds pass on the clock of the story. */
  pass(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
  /** Assembles the programme anew on the same data. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(wish: StageWish = {}): Promise<Stage> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-story-'));
  const crowd = await Promise.all((wish.chats ?? ['slack-socket']).map(handsOf));
  const github = await startFakeGitHub();
  const repository = shopRepository(github);
  writeSecrets(home, { github: github.doorkeeper.token, hook: HOOK_SECRET });
  writeSecrets(home, wish.code?.secrets ?? {});
  for (const { secrets } of crowd) writeSecrets(home, secrets);
  const text = textOf(wish, crowd, github);
  const complaints: string[] = [];
  const log = createLog({ level: 'warn', form: 'readable', write: (line) => complaints.push(line) });
  const clock = wish.clock ?? systemClock();
  for (const hands of crowd) hands.follow(clock);
  let running: readonly Program[] = [];

  function program(): Program {
    const [first] = running;
    if (first === undefined) throw new Error('the programme is stopped');
    return first;
  }

  /** The outside turns to the instances that are there now. */
  function reached(): void {
    github.postman.target = { url: `${program().url}/webhooks/runs`, secret: HOOK_SECRET };
    for (const hands of crowd) hands.deliverTo(...running.map(({ url }) => url));
  }

  async function start(): Promise<void> {
    const { several } = wish;
    for (let instance = 1; instance <= (several?.instances ?? 1); instance += 1) {
      const dataFolder = several === undefined ? home : join(home, `instance-${instance}`);
      const options = { loaded: loaded(text), dataFolder, home, version: '0.0.0', log, clock, port: 0 };
      running = [...running, await assemble(options)];
    }
    reached();
  }

  async function stop(): Promise<void> {
    const before = running;
    running = [];
    await Promise.all(before.map((one) => one.stop()));
  }

  async function retire(one: Program): Promise<void> {
    running = running.filter((other) => other !== one);
    reached();
    await one.stop();
  }

  await start();
  const waiting = waits(crowd, program, clock);
  return {
    ...lookAt(crowd, program),
    github,
    repository,
    complaints,
    program,
    programs: () => running,
    retire,
    ...waiting,
    async pass(milliseconds) {
      if (wish.clock === undefined) throw new Error('a stage without a clock of its own');
      await waiting.quiet();
      wish.clock.pass(milliseconds);
    },
    start,
    stop,
    async close() {
      await stop();
      await Promise.all([...crowd.map((hands) => hands.close()), github.close()]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function textOf(
  { chats: _, clock: _own, code: own, local, several, ...wish }: StageWish,
  crowd: readonly Hands[],
  github: FakeGitHub,
): string {
  const code =
    own ?? (local === undefined ? { kind: 'github' as const, url: github.url } : { kind: 'local' as const, ...local });
  const more = several === undefined ? wish.more : `${wish.more ?? ''}\ndatabase: ${several.database}\n`;
  const chats = crowd.map(({ part }) => part);
  return settingsText({ ...wish, ...(more === undefined ? {} : { more }), chats, code });
}

function lookAt(crowd: readonly Hands[], program: () => Program) {
  const views = crowd.map((hands) => viewOf(hands, program));
  const [first] = views;
  if (first === undefined) throw new Error('a stage without a chat');
  return {
    ...first,
    in(chat: Hands['id']): View {
      const found = views.find(({ hands }) => hands.id === chat);
      if (found === undefined) throw new Error(`this stage has no ${chat}`);
      return found;
    },
    slack(): SlackHands {
      const found = crowd.find((hands): hands is SlackHands => hands.id === 'slack');
      if (found === undefined) throw new Error('this stage has no Slack');
      return found;
    },
    teams(): TeamsHands {
      const found = crowd.find((hands): hands is TeamsHands => hands.id === 'teams');
      if (found === undefined) throw new Error('this stage has no Teams');
      return found;
    },
  };
}

function waits(crowd: readonly Hands[], program: () => Program, clock: Clock): Pick<Stage, 'reaches' | 'quiet'> {
  return {
    async reaches(id: string, ...states: readonly State[]): Promise<Deployment> {
      return until(
        `${id} to be ${states.join(' or ')}`,
        async () => {
          const row = await program().store.deployment(id);
          return row !== undefined && states.includes(row.state) ? row : undefined;
        },
        PATIENCE_MS,
      );
    },

    /** Nothing is due soon, and nothing has been said for a moment: what a worker has in hand is not seen among what is due. */
    async quiet(): Promise<void> {
      let [calls, since] = [-1, 0];
      await until(
        'everything to be delivered',
        async () => {
          const due = await program().store.nextDue();
          const made = crowd.reduce((sum, hands) => sum + hands.calls(), 0);
          const busy = due !== undefined && due < clock.now() + SOON_MS;
          if (busy || made !== calls) [calls, since] = [made, performance.now()];
          return performance.now() - since > CALM_MS;
        },
        PATIENCE_MS,
      );
    },
  };
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
