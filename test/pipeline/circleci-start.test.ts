import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addPipeline } from '../fakes/circleci/world.ts';
import { addCommit } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { APP_SLUG, type CircleBench, circleBench, DEFINITION } from './circleci-bench.ts';

const lost = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });
let bench: CircleBench;

async function opened(kind: 'tags' | 'branch'): Promise<CircleBench> {
  bench = await circleBench(kind);
  return bench;
}

/** Lets the adapter's waits pass at once, as long as the call goes on. */
async function hurried<Result>(call: Promise<Result>): Promise<Result> {
  let over = false;
  const end = () => {
    over = true;
  };
  call.then(end, end);
  await until('the call has ended', () => {
    bench.clock.skip(2000);
    return over;
  });
  return call;
}

function writes() {
  return bench.fake.asked.filter(({ method }) => method === 'POST');
}

async function refusal(call: Promise<unknown>): Promise<PortFailure> {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PortFailure);
  return error as PortFailure;
}

afterEach(async () => {
  await bench.close();
  expect(bench.violations()).toEqual([]);
});

describe('a project whose code is pinned by a tag', () => {
  beforeEach(() => opened('tags'));

  it('runs the approved commit although the branch has moved on', async () => {
    const wish = bench.wish();
    addCommit(bench.repository);

    const run = await bench.pipeline.start(wish);

    expect(writes()).toMatchObject([
      {
        path: '/api/v2/project/gh/acme/web/pipeline',
        body: { tag: 'countersign/D-1', parameters: { countersign_id: wish.correlation } },
      },
    ]);
    expect(run.url).toMatch(/\/pipelines\/github\/acme\/web\/\d+$/);
    expect((await bench.pipeline.look(run, wish)).sha).toBe(wish.sha);
  });

  it('is not taken in by the pipeline that the push of the tag makes', async () => {
    const wish = bench.wish();
    bench.droppedAfterAccepting?.();
    await failureOf(bench.pipeline.start(wish));

    const found = await bench.pipeline.find(wish);

    const made = bench.project.pipelines.map(({ id, trigger }) => ({ id, trigger }));
    expect(made.map(({ trigger }) => trigger).sort()).toEqual(['api', 'webhook']);
    expect(found?.id).toBe(made.find(({ trigger }) => trigger === 'api')?.id);
  });

  it('is not started twice while CircleCI does not list the first run yet', async () => {
    const wish = bench.wish();
    bench.droppedAfterAccepting?.();
    await failureOf(bench.pipeline.start(wish));
    for (const name of bench.repository.tags.keys()) bench.project.pushed.add(name);
    bench.fake.world.quirks.listingDelay = 5;

    const unseen = await bench.pipeline.find(wish);
    const run = await hurried((await bench.restarted()).start(wish));

    expect(unseen).toBeUndefined();
    expect(bench.project.pipelines.map(({ id }) => id)).toEqual([run.id]);
  });

  it('is not started once the fence has fallen between the tag and the pipeline', async () => {
    const wish = bench.wish();
    const fence = () => {
      if (bench.repository.tags.size > 0) throw lost;
    };

    expect(await refusal(bench.pipeline.start(wish, fence))).toBe(lost);
    expect([bench.repository.tags.size, writes()]).toEqual([1, []]);
  });

  it('is found among many, also by a token of somebody else', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    bench.fake.world.quirks.page = 2;
    for (let other = 0; other < 5; other += 1) {
      addPipeline(bench.fake.world, bench.project, { ref: { branch: 'main' }, sha: bench.sha });
    }
    const mine = await bench.pipeline.find(wish);
    for (const [index, pipeline] of bench.project.pipelines.entries()) {
      bench.project.pipelines[index] = { ...pipeline, mine: false };
    }

    expect([mine?.id, (await bench.pipeline.find(bench.wish()))?.id]).toEqual([run.id, undefined]);
    expect((await bench.pipeline.find({ ...wish }))?.id).toBeUndefined();
    bench.fake.world.quirks.page = 20;
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('makes no tag for what CircleCI would not take', async () => {
    const wish = bench.wish({ inputs: { region: 'x'.repeat(513) } });

    const failure = await refusal(bench.pipeline.start(wish));

    expect(failure.details).toMatchObject({ kind: 'refused', code: 'parameter-too-long' });
    expect(failure.message).toMatch(/512 characters.*"region" has 513/);
    expect(bench.repository.tags.size).toBe(0);
  });

  it.each([
    [
      { correlationParameter: 'ticket' },
      {},
      /Unexpected argument\(s\): ticket .*default of "", or set correlationParameter to false/,
    ],
    [{ parameters: { colour: 'red' } }, {}, /Declare each of them under parameters in \.circleci\/config\.yml/],
    [{ types: {} }, { inputs: { dry: 'true' } }, /Type error.*Name the type of that parameter under types/],
  ])('says what to mend when parameters do not fit: %j', async (settings, more, words) => {
    const failure = await refusal(bench.pipeline.start(bench.wish(more, settings)));

    expect(failure.details).toMatchObject({ kind: 'refused', retryable: false });
    expect(failure.details.inDoubt ?? false).toBe(false);
    expect(failure.message).toMatch(words);
  });

  it('says the same where CircleCI only stumbles afterwards', async () => {
    bench.fake.world.quirks.undeclared = 'errored';
    const wish = bench.wish({}, { correlationParameter: 'ticket' });

    const run = await bench.pipeline.start(wish);
    const { state, error } = await bench.pipeline.look(run, wish);

    expect(state).toBe('failed');
    expect(error).toMatch(/could not begin the pipeline: Unexpected argument\(s\): ticket\. Declare/);
  });

  it('hands typed inputs on in their types', async () => {
    const wish = bench.wish({ inputs: { dry: 'true', region: 'eu' } }, { parameters: { region: 'us' } });

    await bench.pipeline.start(wish);

    expect(writes()[0]?.body['parameters']).toEqual({ region: 'eu', dry: true, countersign_id: wish.correlation });
  });
});

describe('a project of the GitHub App, of which a branch is run', () => {
  beforeEach(() => opened('branch'));

  it('is started by its definition', async () => {
    const wish = bench.wish({}, { configBranch: 'trunk' });

    const run = await bench.pipeline.start(wish);

    expect(writes()).toMatchObject([
      {
        path: `/api/v2/project/${APP_SLUG}/pipeline/run`,
        body: { definition_id: DEFINITION, config: { branch: 'trunk' }, checkout: { branch: 'main' } },
      },
    ]);
    expect((await bench.pipeline.look(run, wish)).sha).toBe(wish.sha);
  });

  it('shows the commit that the branch has come to, for the engine to refuse', async () => {
    const wish = bench.wish();
    const newer = addCommit(bench.repository);

    const run = await bench.pipeline.start(wish);

    expect((await bench.pipeline.look(run, wish)).sha).toBe(newer);
  });

  it('is not found, rather than missed, while CircleCI prepares it', async () => {
    bench.fake.world.quirks.unready = 1;
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);

    const failure = await failureOf(bench.pipeline.find(wish));

    expect(failure).toMatchObject({ kind: 'timeout', retryable: true, code: 'not-prepared' });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('says why CircleCI started nothing', async () => {
    bench.fake.world.quirks.ignores = 'Ignoring pipeline due to CI skip in the commit';

    const failure = await refusal(bench.pipeline.start(bench.wish()));

    expect(failure.details).toMatchObject({ kind: 'refused', code: 'not-started', retryable: false });
    expect(failure.message).toContain('CI skip in the commit');
  });

  it.each([
    [{ branch: undefined }, 'nothing-to-run'],
    [{ correlationParameter: false }, 'nothing-to-find-by'],
  ])('is refused where nothing says what to run or how to find it: %j', async (settings, code) => {
    const failure = await failureOf(bench.pipeline.start(bench.wish({}, settings)));

    expect(failure).toMatchObject({ kind: 'refused', code, retryable: false });
    expect(writes()).toEqual([]);
  });

  it('has nothing to tidy', () => {
    expect(bench.pipeline.tidy).toBeUndefined();
  });
});

describe('a provider', () => {
  beforeEach(() => opened('branch'));

  it('names the file of a private authority that is none, as it is made', async () => {
    const failure = await refusal(bench.provider({ certificateAuthority: '/nowhere/ca.pem' }));

    expect(failure.details.code).toBe('certificate-authority');
  });

  it('says to check the token when it is refused', async () => {
    const other = await bench.provider({ token: 'env:OTHER' }, { 'env:OTHER': 'no such token' });

    const failure = await refusal(other.start(bench.wish()));

    expect(failure.details.kind).toBe('forbidden');
    expect(failure.message).toContain('Check the API token');
  });
});
