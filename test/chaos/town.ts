import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import type { FakeRepository } from '../fakes/github/world.ts';
import type { FakeSlack } from '../fakes/slack/index.ts';
import { settingsText, writeSecrets } from '../story/settings.ts';
import { peopledSlack, slackPart } from '../story/slack-people.ts';
import { shopRepository } from '../story/stage.ts';
import type { Dice } from './dice.ts';
import { type Subject, subjectOf } from './subject.ts';

/** A Slack and a GitHub that stay when the programme dies. */
export interface Surroundings {
  readonly slack: FakeSlack;
  readonly github: FakeGitHub;
  readonly repository: FakeRepository;
  /** How the outside behaves in this run, in words. */
  readonly weather: string;
  /** Somebody is there who may answer. */
  up(): boolean;
}

/** The programme as a process, and what is outside it. */
export interface Town extends Surroundings {
  readonly subject: Subject;
  readonly folder: string;
  close(): Promise<void>;
}

export type Mode = 'socket' | 'http';

/** Secret of the webhook that GitHub calls. */
export const HOOK = 'the webhook secret of chaos';

export interface Outside extends Omit<Surroundings, 'up'> {
  readonly mode: Mode;
  close(): Promise<void>;
}

export async function outsideOf(dice: Dice): Promise<Outside> {
  const slack = await peopledSlack();
  const github = await startFakeGitHub({ strict: false });
  const repository = shopRepository(github);
  const mode = dice.pick<Mode>(['socket', 'http']);
  github.quirks.dispatch = dice.pick(['named', 'named', 'named', 'silent', 'unknown-word']);
  github.quirks.listingDelay = dice.pick([0, 0, 1, 2]);
  github.quirks.webhookFirst = dice.chance(0.3);
  const { dispatch, listingDelay, webhookFirst } = github.quirks;
  return {
    slack,
    github,
    repository,
    mode,
    weather: `${mode}, dispatch ${dispatch}, listed after ${listingDelay} looks${webhookFirst ? ', webhook first' : ''}`,
    close: async () => void (await Promise.all([slack.close(), github.close()])),
  };
}

export async function foundTown(dice: Dice): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-chaos-'));
  const { mode, close, ...outside } = await outsideOf(dice);
  const { slack, github } = outside;
  const { botToken, appToken, signingSecret, team } = slack.world;
  const token = github.doorkeeper.token;
  writeSecrets(folder, { bot: botToken, app: appToken, signing: signingSecret, github: token, hook: HOOK });
  const code = { kind: 'github' as const, url: github.url };
  const config = join(folder, 'countersign.yaml');
  writeFileSync(config, settingsText({ chats: [slackPart({ mode, team, apiUrl: slack.apiUrl })], code }));
  const subject = await subjectOf(folder, config);
  if (mode === 'http') slack.deliverTo(`${subject.url}/slack/events`);
  github.postman.target = { url: `${subject.url}/webhooks/runs`, secret: HOOK };
  return {
    ...outside,
    subject,
    folder,
    up: subject.up,
    async close() {
      await subject.kill();
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
