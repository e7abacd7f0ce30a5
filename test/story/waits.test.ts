import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addCommit, BEN } from '../fakes/github/world.ts';
import { type FakeGitLab, startFakeGitLab } from '../fakes/gitlab/index.ts';
import { addProject, type FakeJob, type FakeProject } from '../fakes/gitlab/world.ts';
import { until } from '../support/until.ts';
import { ANNA, CLEO, DEPLOYS, SHOP } from './hands.ts';
import { openStage, type Stage } from './stage.ts';
import { approved, asked } from './steps.ts';

const SIGNING = `whsec_${Buffer.from('the signing token of the stories').toString('base64')}`;
const PRODUCTION = 'title: live for customers, aliases: [prod], customerFacing: true';

describe('a manual job of GitLab that stands before the target', () => {
  let gitlab: FakeGitLab;
  let project: FakeProject;
  let stage: Stage;
  let head: string;

  beforeEach(async () => {
    gitlab = await startFakeGitLab();
    project = addProject(gitlab.world, 'acme/web');
    addCommit(project.git, { message: 'Begin the shop' });
    head = addCommit(project.git, { message: 'Faster checkout', author: BEN });
  });
  afterEach(async () => {
    await stage.close();
    await gitlab.close();
  });

  async function opened(waits?: 'answered' | 'shown'): Promise<void> {
    const policy = waits === undefined ? PRODUCTION : `${PRODUCTION}, waits: ${waits}`;
    const login = `type: gitlab, url: '${gitlab.url}', token: 'file:gitlab.txt'`;
    stage = await openStage({
      rules: { environments: `  staging: { approval: { rules: [] }, waits: answered }\n  production: { ${policy} }` },
      code: {
        kind: 'own',
        accounts: 'gitlab',
        source: `{ ${login} }`,
        provider: `{ ${login}, webhookSigningToken: 'file:gitlab-hook.txt' }`,
        pipeline: 'variables: { REGION: eu }',
        repository: project.path,
        secrets: { gitlab: gitlab.token, 'gitlab-hook': SIGNING },
      },
    });
    gitlab.postman.target = { url: `${stage.program().url}/webhooks/runs`, signingToken: SIGNING };
  }

  /** The pipeline has come to the manual job. */
  async function held(id: string): Promise<FakeJob> {
    const { id: run } = await until('the run', async () => (await stage.program().store.deployment(id))?.run);
    await gitlab.run(run).begin();
    return gitlab.run(run).wait('Go live');
  }

  /** What answers the question there, or says who did. */
  const answers = () =>
    gitlab.asked.filter(({ method, path }) => method === 'POST' && /\/play$|\/approval$|\/comments$/.test(path));

  test('is started by the bot once, in the name of whoever countersigned, who stands in the record at GitLab', async () => {
    await opened('answered');
    const id = await asked(stage);
    await approved(stage, id);
    const job = await held(id);
    await until('the answer', () => job.status === 'running');
    await until('the comment', () => project.comments.length > 0);
    const { run } = await stage.reaches(id, 'running');
    await gitlab.run(run?.id ?? '').succeed();
    await stage.reaches(id, 'succeeded');
    await stage.quiet();

    const words = `Countersigned by Cleo Marsh (${id}), in Countersign.`;
    expect(job.variables.get('COUNTERSIGN_APPROVED_BY')).toBe(words);
    expect(project.comments).toEqual([{ sha: head, note: expect.stringContaining(`"Go live". ${words}`) }]);
    const entries = await stage.program().store.entries({ limit: 1000 });
    expect(entries.flatMap(({ event }) => (event.type === 'wait-answered' ? [event] : []))).toEqual([
      { type: 'wait-answered', wait: { id: String(job.id), name: 'Go live' }, words },
    ]);
    expect(answers().filter(({ path }) => path.endsWith('/play'))).toHaveLength(1);
    expect(project.pipelines).toHaveLength(1);
    expect(gitlab.violations).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test.each([
    { where: 'that is said', waits: 'shown' as const },
    { where: 'nothing is said', waits: undefined },
  ])('is left to people at GitLab where $where, with a link', async ({ waits }) => {
    await opened(waits);
    const id = await asked(stage);
    await approved(stage, id);
    const job = await held(id);

    const card = await stage.card(
      id,
      DEPLOYS,
      'The provider waits for a person: “Go live”; somebody must answer there.',
    );
    await stage.card(id, SHOP, 'Go live');
    const why = await stage.told(CLEO, () => stage.hands.ask(CLEO, DEPLOYS, `why ${id}`));
    expect(why.words()).toContain('The provider waits for a person: “Go live”.');
    expect(why.words()).toContain(`/jobs/${job.id}`);
    expect(card.raw()).toContain(`/jobs/${job.id}`);
    expect(job.status).toBe('manual');
    expect(answers()).toEqual([]);

    job.status = 'running';
    const { run } = await stage.reaches(id, 'running');
    await gitlab.run(run?.id ?? '').succeed();
    await stage.reaches(id, 'succeeded');
    expect(answers()).toEqual([]);
  });

  test('is left to people where nobody countersigned, however it is configured', async () => {
    await opened('answered');
    const id = await asked(stage, 'web staging');
    const job = await held(id);

    await stage.card(id, DEPLOYS, '“Go live”; somebody must answer there.');
    expect(job.status).toBe('manual');
    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);
    await stage.reaches(id, 'cancelled');
    expect(answers()).toEqual([]);
  });
});
