import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import type { FakeRepository } from '../fakes/github/world.ts';
import type { FakeSlack } from '../fakes/slack/index.ts';
import { settingsText, writeSecrets } from '../story/settings.ts';
import { peopledSlack, shopRepository } from '../story/stage.ts';
import type { Dice } from './dice.ts';
import { type Subject, subjectOf } from './subject.ts';

/** The programme as a process, and outside it a Slack and a GitHub that stay when it dies. */
export interface Town {
  readonly slack: FakeSlack;
  readonly github: FakeGitHub;
  readonly repository: FakeRepository;
  readonly subject: Subject;
  readonly folder: string;
  /** How the outside behaves in this run, in words. */
  readonly weather: string;
  close(): Promise<void>;
}

export async function foundTown(dice: Dice): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-chaos-'));
  const slack = await peopledSlack();
  const github = await startFakeGitHub({ strict: false });
  const repository = shopRepository(github);
  const mode = dice.pick<'socket' | 'http'>(['socket', 'http']);
  github.quirks.dispatch = dice.pick(['named', 'named', 'named', 'silent', 'unknown-word']);
  github.quirks.listingDelay = dice.pick([0, 0, 1, 2]);
  github.quirks.webhookFirst = dice.chance(0.3);
  const { botToken, appToken, signingSecret, team } = slack.world;
  const hook = 'the webhook secret of chaos';
  writeSecrets(folder, { bot: botToken, app: appToken, signing: signingSecret, github: github.doorkeeper.token, hook });
  const code = { kind: 'github' as const, url: github.url };
  const config = join(folder, 'countersign.yaml');
  writeFileSync(config, settingsText({ mode, slackUrl: slack.apiUrl, team, code }));
  const subject = await subjectOf(folder, config);
  if (mode === 'http') slack.deliverTo(`${subject.url}/slack/events`);
  github.postman.target = { url: `${subject.url}/webhooks/runs`, secret: hook };
  const { dispatch, listingDelay, webhookFirst } = github.quirks;
  return {
    slack,
    github,
    repository,
    subject,
    folder,
    weather: `${mode}, dispatch ${dispatch}, listed after ${listingDelay} looks${webhookFirst ? ', webhook first' : ''}`,
    async close() {
      await subject.kill();
      await Promise.all([slack.close(), github.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
