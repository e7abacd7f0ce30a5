import { afterEach, describe, expect, test } from 'vitest';
import { BEN, repository, type TestRepository } from '../source/git-repository.ts';
import { PLATFORMS } from './chats.ts';
import { ANNA, DEPLOYS } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked } from './steps.ts';

describe.each(PLATFORMS)('in $name', ({ chats }) => {
  let stage: Stage;
  let shop: TestRepository;
  afterEach(async () => {
    await stage.close();
    shop.remove();
  });

  /** A repository of one commit by Ben, and the programme that deploys it with a command on this machine. */
  async function opened(command: string): Promise<string> {
    shop = repository();
    const sha = shop.commit('Begin the shop', { author: BEN });
    stage = await openStage({ chats, local: { folder: shop.folder, command } });
    return sha;
  }

  test('a command on this machine runs at the approved commit, step by step', async () => {
    const sha = await opened(
      'echo ::step::Build; test "$(git rev-parse HEAD)" = "$COUNTERSIGN_SHA"; echo ::step::Start; sleep 0.3',
    );
    const id = await asked(stage);
    shop.commit('Sneaked in', { author: BEN });

    await approved(stage, id);

    const row = await stage.reaches(id, 'succeeded', 'failed');
    expect(row).toMatchObject({ state: 'succeeded', runSha: sha });
    expect(row.steps.map(({ name, state }) => `${name} ${state}`)).toEqual(['Build succeeded', 'Start succeeded']);
    await stage.card(id, DEPLOYS, 'Deployed');
  });

  test('a command that fails says what it said', async () => {
    await opened('echo ::step::Test; echo "::error::Two tests failed."; exit 3');
    const id = await asked(stage);

    await approved(stage, id);

    await stage.reaches(id, 'failed');
    await stage.card(id, DEPLOYS, 'Failed', 'Two tests failed.', 'Test failed');
  });

  test('a run goes on while the programme is away, and is found again', async () => {
    await opened('echo ::step::Wait; while [ ! -e "$COUNTERSIGN_GO" ]; do sleep 0.05; done; echo ::step::Done');
    const id = await asked(stage, 'web staging');
    await stage.reaches(id, 'running');
    await stage.card(id, DEPLOYS, 'Deploying', 'Wait');

    await stage.stop();
    await stage.start();
    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Seen enough"`);

    await stage.reaches(id, 'cancelled');
    await stage.card(id, DEPLOYS, 'Cancelled', 'Seen enough');
  });
});
