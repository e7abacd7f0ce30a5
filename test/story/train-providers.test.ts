import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addRepository, BEN, type FakeRepository } from '../fakes/github/world.ts';
import { type FakeGitLab, startFakeGitLab } from '../fakes/gitlab/index.ts';
import { addProject, type FakeProject } from '../fakes/gitlab/world.ts';
import { type FakeJenkins, startFakeJenkins } from '../fakes/jenkins/index.ts';
import { addJob, type FakeJob } from '../fakes/jenkins/world.ts';
import { until } from '../support/until.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, PLACES, SHOP } from './hands.ts';
import { meanwhile } from './meanwhile.ts';
import { openStage, type Stage, shopRepository } from './stage.ts';

const IDS = ['D-1', 'D-2', 'D-3'] as const;
/** The shop is on GitHub and runs there, the API is on GitLab and runs there, the worker is on GitHub and runs on Jenkins. */
const TARGETS = `      { production: { url: 'https://shop.example.com' } }
  api:
    title: Acme API
    repository: { source: lab, name: acme/api }
    pipeline: { provider: lab }
    environments: { production: {} }
  worker:
    title: Acme Worker
    repository: { source: code, name: acme/worker }
    pipeline: { provider: ci, job: worker/deploy }
    environments: { production: {} }`;

describe('a train over three providers', () => {
  let github: FakeGitHub;
  let gitlab: FakeGitLab;
  let jenkins: FakeJenkins;
  let web: FakeRepository;
  let api: FakeProject;
  let worker: FakeJob;
  let clock: HandClock;
  let stage: Stage;

  beforeEach(async () => {
    [github, gitlab, jenkins] = await Promise.all([startFakeGitHub(), startFakeGitLab(), startFakeJenkins()]);
    web = shopRepository(github);
    addCommit(addRepository(github.world, 'acme/worker'), { message: 'Begin the worker', author: BEN });
    api = addProject(gitlab.world, 'acme/api');
    addCommit(api.git, { message: 'Begin the API', author: BEN });
    worker = addJob(jenkins.world, 'worker/deploy', { remotes: ['https://github.com/acme/worker.git'] });
    clock = handClock();
    const hub = `apiUrl: '${github.url}', auth: { token: 'file:hub.txt' }`;
    const lab = `{ type: gitlab, url: '${gitlab.url}', token: 'file:lab.txt' }`;
    stage = await openStage({
      clock,
      rules: { targets: TARGETS },
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ type: github, ${hub} }, lab: ${lab}`,
        provider: `{ type: github-actions, ${hub} }, lab: ${lab}, ci: { type: jenkins, url: '${jenkins.url}', auth: { user: countersign, apiToken: 'file:jenkins.txt' } }`,
        pipeline: 'workflow: deploy.yml',
        repository: 'acme/web',
        secrets: { hub: github.doorkeeper.token, lab: gitlab.token, jenkins: jenkins.doorkeeper.token },
      },
    });
  });
  afterEach(async () => {
    await stage.close();
    await Promise.all([github.close(), gitlab.close(), jenkins.close()]);
  });

  /** One request by Anna, one press by Cleo. */
  async function approved(): Promise<void> {
    const line = 'train web api worker to production --reason "Spring sale"';
    await stage.told(ANNA, () => stage.hands.ask(ANNA, DEPLOYS, line));
    for (const id of IDS) await stage.reaches(id, 'awaiting-approval');
    const card = await stage.card('T-1', DEPLOYS, 'web Needs approval', 'api Needs approval', 'worker Needs approval');
    await stage.hands.press(CLEO, card, 'approve');
  }

  const runOf = async (id: string): Promise<string> =>
    (await until(`the run of ${id}`, async () => (await stage.program().store.deployment(id))?.run)).id;
  const counts = () => [web.runs.length, api.pipelines.length, jenkins.world.items.length];
  const ends = (id: string, state: string) =>
    meanwhile(clock, `${id} to be ${state}`, async () => (await stage.program().store.deployment(id))?.state === state);

  test('is one request and one approval, three runs one after the other, and one broadcast', async () => {
    await approved();

    const first = await runOf('D-1');
    expect(counts()).toEqual([1, 0, 0]);
    await github.run(first).succeed();
    await ends('D-1', 'succeeded');
    const second = await runOf('D-2');
    expect(counts()).toEqual([1, 1, 0]);
    await stage.card('T-1', EVERYBODY, 'new versions are on their way');
    await gitlab.run(second).succeed();
    await ends('D-2', 'succeeded');
    const third = jenkins.run(await runOf('D-3'));
    expect(counts()).toEqual([1, 1, 1]);
    third.stage('Deploy');
    third.end('SUCCESS');
    await ends('D-3', 'succeeded');

    await stage.card('T-1', DEPLOYS, 'Deployed', '3 of 3 deployed', 'Cleo Marsh');
    await stage.card('T-1', SHOP, '3 of 3 deployed');
    const news = await stage.card('T-1', EVERYBODY, 'new versions are live for customers');
    for (const title of ['Acme Shop', 'Acme API', 'Acme Worker']) expect(news.words()).toContain(title);
    await stage.quiet();
    expect(await stage.counts('T-1', PLACES)).toEqual([1, 1, 1]);
    for (const id of IDS) expect(await stage.counts(id, PLACES)).toEqual([0, 0, 0]);
    expect(counts()).toEqual([1, 1, 1]);
    expect(worker.builds).toHaveLength(1);
    expect([...github.violations, ...gitlab.violations, ...stage.hands.violations()]).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test('stops when the second fails, starts nothing on the third, and tells so', async () => {
    await approved();
    await github.run(await runOf('D-1')).succeed();
    await ends('D-1', 'succeeded');
    await gitlab.run(await runOf('D-2')).fail();
    await ends('D-2', 'failed');
    await ends('D-3', 'cancelled');

    const card = await stage.card('T-1', DEPLOYS, 'Failed', 'stopped: D-2 (api) failed');
    await stage.reply('T-1', DEPLOYS, 'train T-1 is stopped', 'worker (D-3)');
    const news = await stage.card('T-1', EVERYBODY, 'not all new versions arrived', 'Acme Shop');
    expect(await card.buttons(CLEO)).toContain('Roll Back web');
    expect(news.words()).not.toContain('D-3');
    await stage.quiet();
    expect(await stage.counts('T-1', PLACES)).toEqual([1, 1, 1]);
    expect(counts()).toEqual([1, 1, 0]);
    expect(stage.complaints).toEqual([]);
  });
});
