import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import type { FakeRepository } from '../fakes/github/world.ts';
import { settingsText, writeSecrets } from '../story/settings.ts';
import { shopRepository } from '../story/stage.ts';
import type { Dice } from './dice.ts';
import { ACCESS, governedRules } from './governance.ts';
import { openSides } from './open-sides.ts';
import type { ChatId, Side } from './sides.ts';
import { type Subject, subjectOf } from './subject.ts';

/** Chats and a GitHub that stay when the programme dies. */
export interface Surroundings {
  readonly sides: readonly Side[];
  readonly github: FakeGitHub;
  readonly repository: FakeRepository;
  /** How many of the group must countersign. */
  readonly count: 1 | 2;
  /** Two groups must countersign in production, and people lock, hurry, hand over and review. */
  readonly governed: boolean;
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

/** Secret of the webhook that GitHub calls. */
export const HOOK = 'the webhook secret of chaos';

export interface Outside extends Omit<Surroundings, 'up'> {
  close(): Promise<void>;
}

export interface OutsideWish {
  readonly chats: readonly ChatId[];
  readonly dice: Dice;
  readonly governed: boolean;
}

export async function outsideOf({ chats, dice, governed }: OutsideWish): Promise<Outside> {
  const sides = await openSides(chats, dice.fork('chats'));
  const github = await startFakeGitHub({ strict: false });
  const repository = shopRepository(github);
  const thrown = dice.pick([1, 2] as const);
  // Two groups ask two people already.
  const count = governed ? 1 : thrown;
  github.quirks.dispatch = dice.pick(['named', 'named', 'named', 'silent', 'unknown-word']);
  github.quirks.listingDelay = dice.pick([0, 0, 1, 2]);
  github.quirks.webhookFirst = dice.chance(0.3);
  const { dispatch, listingDelay, webhookFirst } = github.quirks;
  const words = sides.map(({ weather }) => weather).join(', ');
  return {
    sides,
    github,
    repository,
    count,
    governed,
    weather: `${words}, ${governed ? 'governed' : `${count} of the group`}, dispatch ${dispatch}, listed after ${listingDelay} looks${webhookFirst ? ', webhook first' : ''}`,
    close: async () => void (await Promise.all([...sides.map(({ hands }) => hands.close()), github.close()])),
  };
}

export async function foundTown(wish: OutsideWish): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-chaos-'));
  const { close, ...outside } = await outsideOf(wish);
  const { sides, github, count, governed } = outside;
  writeSecrets(folder, { github: github.doorkeeper.token, hook: HOOK });
  for (const { hands } of sides) writeSecrets(folder, hands.secrets);
  const code = { kind: 'github' as const, url: github.url };
  const config = join(folder, 'countersign.yaml');
  const parts = { chats: sides.map(({ hands }) => hands.part), code, count };
  writeFileSync(config, settingsText(governed ? { ...parts, rules: governedRules(), more: ACCESS } : parts));
  const subject = await subjectOf(folder, config);
  for (const { hands } of sides) hands.deliverTo(subject.url);
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
