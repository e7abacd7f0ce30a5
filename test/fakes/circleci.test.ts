import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FakeCircleCI, startFakeCircleCI } from './circleci/index.ts';
import { described } from './circleci/openapi.ts';
import { addPipeline, addProject } from './circleci/world.ts';
import { addCommit, addRepository, createWorld } from './github/world.ts';

let fake: FakeCircleCI;
let sha: string;

beforeEach(async () => {
  fake = await startFakeCircleCI();
  const repository = addRepository(createWorld(), 'acme/web');
  sha = addCommit(repository);
  addProject(fake.world, 'gh/acme/web', repository);
});

afterEach(() => fake.close());

async function call(path: string, body?: unknown): Promise<number> {
  const headers = { 'circle-token': fake.token };
  const written = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await fetch(`${fake.url}/api/v2/${path}`, { headers, ...written })).status;
}

it.skipIf(!described)('notices requests and answers that are not as CircleCI describes them', async () => {
  const [project] = fake.world.projects.values();
  if (project === undefined) throw new Error('no project');
  expect(await call('project/gh/acme/web/pipeline', { branch: 'main' })).toBe(201);
  expect(fake.violations).toEqual([]);

  await call('project/gh/acme/web/pipeline?limit=5');
  await call('project/gh/acme/web/pipeline', { branch: 'main', revision: sha });
  await call('project/gh/acme/web/pipeline', { branch: 'main', parameters: { countersign_id: null } });
  const pipeline = addPipeline(fake.world, project, { ref: { branch: 'main' }, sha });
  pipeline.errors.push({ type: 'config' } as never);
  await call(`pipeline/${pipeline.id}`);

  expect(fake.violations).toEqual([
    'GET /project/{project-slug}/pipeline: no query parameter "limit"',
    'POST /project/{project-slug}/pipeline: no field "revision"',
    expect.stringMatching(
      /^POST \/project\/\{project-slug\}\/pipeline request: .*data\/parameters\/countersign_id must be/,
    ),
    expect.stringMatching(
      /^GET \/pipeline\/\{pipeline-id\} 200: data\/errors\/0 must have required property 'message'/,
    ),
  ]);
});

it('lets nobody in without the token, and notices one that is carried to the storage', async () => {
  const without = await fetch(`${fake.url}/api/v2/project/gh/acme/web/pipeline`);
  await fetch(`${fake.url}/_storage/x/0`, { headers: { 'circle-token': fake.token } });

  expect(without.status).toBe(401);
  expect(fake.violations).toEqual(['the login was sent to the storage']);
});
