import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../adapters/pipeline/gitlab/schema.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addCommit } from '../fakes/github/world.ts';
import { addPipeline } from '../fakes/gitlab/world.ts';
import { until } from '../support/until.ts';
import { type GitLabBench, gitlabBench } from './gitlab-bench.ts';

let bench: GitLabBench;

beforeEach(async () => {
  bench = await gitlabBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

/** Lets the adapter's waits pass at once, as long as the call goes on. */
async function hurried<Result>(call: Promise<Result>): Promise<Result> {
  let over = false;
  const end = () => {
    over = true;
  };
  call.then(end, end);
  await until('the call has ended', () => {
    bench.clock.skip(4000);
    return over;
  });
  return call;
}

function creations() {
  return bench.fake.asked.filter(({ method, path }) => method === 'POST' && path.endsWith('/pipeline'));
}

describe('the tag', () => {
  it('pins the run to the approved commit, although the branch has moved on', async () => {
    const wish = bench.wish();
    addCommit(bench.project.git);

    const run = await bench.pipeline.start(wish);

    expect(bench.project.git.tags.get('countersign/D-1')?.sha).toBe(wish.sha);
    expect((await bench.pipeline.look(run, wish)).sha).toBe(wish.sha);
    await bench.pipeline.tidy?.(run, wish);
    expect(bench.project.git.tags.size).toBe(0);
  });

  it('is never moved when somebody else put it on another commit, and is left there by tidy', async () => {
    const wish = bench.wish();
    const other = addCommit(bench.project.git);
    bench.project.git.tags.set('countersign/D-1', { sha: other, annotated: false });

    const failure = await failureOf(bench.pipeline.start(wish));
    await bench.pipeline.tidy?.({ provider: 'gitlab', id: '1' }, wish);

    expect(failure).toMatchObject({ kind: 'refused', code: 'tag-elsewhere', retryable: false });
    expect(bench.project.git.tags.get('countersign/D-1')?.sha).toBe(other);
    expect(creations()).toEqual([]);
  });

  it('leaves no start in doubt when it was perhaps made, and starts one run when asked again', async () => {
    const wish = bench.wish();
    bench.fake.faults.plan({ method: 'POST', path: '/repository/tags', fault: { kind: 'drop', after: true } });

    const failure = await failureOf(bench.pipeline.start(wish));
    await hurried(bench.pipeline.start(wish));

    expect(failure).toMatchObject({ retryable: true, inDoubt: false });
    expect(creations()).toHaveLength(1);
  });

  it('may start a pipeline by itself, which is not taken for ours', async () => {
    bench.fake.quirks.tagPipelines = true;
    const wish = bench.wish();

    const run = await bench.pipeline.start(wish);

    expect(bench.project.pipelines.map(({ source }) => source)).toEqual(['push', 'api']);
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
    expect(run.id).toBe(String(bench.project.pipelines[1]?.id));
  });

  it('may have a pipeline that somebody else started by the API, which is not ours either', async () => {
    const wish = bench.wish();
    addPipeline(bench.fake.world, bench.project, { ref: 'countersign/D-1', sha: wish.sha, source: 'api' });

    const none = await bench.pipeline.find(wish);
    const run = await bench.pipeline.start(wish);

    expect(none).toBeUndefined();
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('tells whose pipeline it is where the variables are hidden', async () => {
    bench.fake.quirks.hidesVariables = true;
    const wish = bench.wish();

    const run = await bench.pipeline.start(wish);

    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });
});

describe('what the pipeline is told', () => {
  const inputs = { 'dry-run': 'false', region: 'eu-west-1', path: '2nd' };

  it('are variables in capitals, of which nothing takes the place of ours', async () => {
    const settings = { variables: { REGION: 'eu', COLOUR: 'blue' }, inputNames: { path: 'TARGET_PATH' } };
    const wish = bench.wish({ inputs }, settings);

    const run = await bench.pipeline.start(wish);

    expect(bench.fake.run(run.id).run).toMatchObject({
      variables: {
        REGION: 'eu-west-1',
        COLOUR: 'blue',
        DRY_RUN: 'false',
        TARGET_PATH: '2nd',
        COUNTERSIGN_ID: wish.correlation,
        COUNTERSIGN_DEPLOYMENT: 'D-1',
        COUNTERSIGN_ENVIRONMENT: 'staging',
        COUNTERSIGN_SERVICE: 'shop',
        COUNTERSIGN_SHA: wish.sha,
        COUNTERSIGN_KIND: 'regular',
      },
      inputs: {},
    });
  });

  it('are inputs of the pipeline where it declares them, and then no variables need be allowed', async () => {
    bench.fake.quirks.forbidsVariables = true;
    const artifacts = [{ name: 'web', digest: `sha256:${'a'.repeat(64)}` }];
    const wish = bench.wish(
      { inputs, artifacts },
      {
        inputs: { replicas: 3, region: 'eu' },
        typedInputs: 'inputs',
        ownVariables: false,
        correlationInput: 'deployment_id',
        artifactsInput: 'images',
      },
    );

    const run = await bench.pipeline.start(wish);

    expect(creations()[0]?.body).toEqual({
      ref: 'countersign/D-1',
      inputs: {
        replicas: 3,
        'dry-run': false,
        region: 'eu-west-1',
        path: '2nd',
        images: `web@sha256:${'a'.repeat(64)}`,
        deployment_id: wish.correlation,
      },
    });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('must not be refused without a word on what to change', async () => {
    bench.fake.quirks.forbidsVariables = true;

    const error = await bench.pipeline.start(bench.wish()).catch((thrown: Error) => thrown);

    expect(String(error)).toMatch(/Insufficient permissions to set pipeline variables.*ownVariables to false/);
  });

  it.each([
    [{ variables: { COUNTERSIGN_ID: 'x' } }, /set by the bot/],
    [{ variables: { 'no-name': 'x' } }, /not a variable name/],
    [{ ownVariables: false }, /typedInputs/],
  ])('%j is refused in the configuration', (settings, words) => {
    expect(Settings.safeParse(settings).error?.message).toMatch(words);
  });
});

describe('a start', () => {
  it('that is asked for twice at once makes the second wait for the first', async () => {
    const wish = bench.wish();
    bench.project.git.tags.set('countersign/D-1', { sha: wish.sha, annotated: false });

    const second = bench.pipeline.start(wish);
    await until('it has looked once', () => bench.fake.asked.some(({ path }) => path.endsWith('/pipelines')));
    addPipeline(bench.fake.world, bench.project, {
      ref: 'countersign/D-1',
      sha: wish.sha,
      source: 'api',
      variables: { COUNTERSIGN_ID: wish.correlation },
    });
    const run = await hurried(second);

    expect(run.id).toBe(String(bench.project.pipelines[0]?.id));
    expect(creations()).toEqual([]);
  });

  it('of a project that is not named as one asks GitLab nothing', async () => {
    const failure = await failureOf(bench.pipeline.start(bench.wish({ repository: 'web' })));

    expect(failure).toMatchObject({ kind: 'not-found', code: 'repository-name' });
    expect(bench.fake.asked).toEqual([]);
  });
});
