import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addCommit } from '../fakes/github/world.ts';
import { until } from '../support/until.ts';
import { type GitHubBench, githubBench } from './github-bench.ts';

let bench: GitHubBench;

beforeEach(async () => {
  bench = await githubBench();
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

function dispatches() {
  return bench.fake.asked.filter(({ path }) => path.endsWith('/dispatches'));
}

describe('the tag', () => {
  it('pins the run to the approved commit, although the branch has moved on', async () => {
    const wish = bench.wish();
    addCommit(bench.repository);

    const run = await bench.pipeline.start(wish);

    expect(bench.repository.tags.get('countersign/D-1')?.sha).toBe(wish.sha);
    expect(dispatches()[0]?.body).toEqual({
      ref: 'refs/tags/countersign/D-1',
      inputs: { countersign_id: wish.correlation },
      return_run_details: true,
    });
    expect((await bench.pipeline.look(run, wish)).sha).toBe(wish.sha);
  });

  it('is never moved when somebody else put it on another commit, and is left there by tidy', async () => {
    const wish = bench.wish();
    const other = addCommit(bench.repository);
    bench.repository.tags.set('countersign/D-1', { sha: other, annotated: false });

    const failure = await failureOf(bench.pipeline.start(wish));
    await bench.pipeline.tidy?.({ provider: 'github', id: '1' }, wish);

    expect(failure).toMatchObject({ kind: 'refused', code: 'tag-elsewhere', retryable: false });
    expect(bench.repository.tags.get('countersign/D-1')?.sha).toBe(other);
    expect(dispatches()).toEqual([]);
  });

  it('is gone after tidy', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);

    await bench.pipeline.tidy?.(run, wish);

    expect([...bench.repository.tags.keys()]).toEqual([]);
  });

  it('is taken over from a start that was cut off before the dispatch', async () => {
    const wish = bench.wish();
    bench.repository.tags.set('countersign/D-1', { sha: wish.sha, annotated: false });

    const run = await hurried(bench.pipeline.start(wish));

    expect(bench.repository.runs.map(({ id }) => String(id))).toEqual([run.id]);
  });

  it('keeps a second start from making a second run while GitHub does not list the first one yet', async () => {
    const wish = bench.wish();
    bench.droppedAfterAccepting?.();
    bench.fake.quirks.listingDelay = 3;
    await failureOf(bench.pipeline.start(wish));

    expect(await bench.pipeline.find(wish)).toBeUndefined();
    const run = await hurried((await bench.restarted()).start(wish));

    expect(bench.repository.runs.map(({ id }) => String(id))).toEqual([run.id]);
  });

  it('puts no start in doubt when making the tag failed', async () => {
    const wish = bench.wish();
    bench.fake.faults.plan({ path: '/git/refs', fault: { kind: 'status', status: 502, after: true } });

    const failure = await failureOf(bench.pipeline.start(wish));
    const run = await hurried(bench.pipeline.start(wish));

    expect(failure).toMatchObject({ kind: 'unreachable', retryable: true, inDoubt: false });
    expect(bench.repository.runs.map(({ id }) => String(id))).toEqual([run.id]);
  });
});

describe('a fence that falls in the middle of a start', () => {
  const lost = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });

  /** A fence that is fallen once GitHub was asked for something. */
  function fallenAfter(path: string): () => void {
    return () => {
      if (bench.fake.asked.some((asked) => asked.path.endsWith(path))) throw lost;
    };
  }

  it('holds the run back when the tag was made already, and in no doubt', async () => {
    const wish = bench.wish();

    const failure = await bench.pipeline.start(wish, fallenAfter('/git/refs')).catch((error: unknown) => error);

    expect(failure).toBe(lost);
    expect([...bench.repository.tags.keys()]).toEqual(['countersign/D-1']);
    expect(dispatches()).toEqual([]);
    expect(bench.repository.runs).toEqual([]);
  });

  it('holds the second dispatch back where GitHub did not know a word of the first', async () => {
    bench.fake.quirks.dispatch = 'unknown-word';

    const failure = await bench.pipeline
      .start(bench.wish(), fallenAfter('/dispatches'))
      .catch((error: unknown) => error);

    expect(failure).toBe(lost);
    expect(dispatches().map(({ status }) => status)).toEqual([422]);
    expect(bench.repository.runs).toEqual([]);
  });

  it('is asked behind the pacer, whose wait may outlast the lease', async () => {
    const asked = new Set<string>();
    const starts = Array.from({ length: 11 }, () => bench.wish());
    const fence = (wish: { deployment: string }) => () => {
      asked.add(wish.deployment);
      if (bench.clock.now() - begun > 500) throw lost;
    };
    const begun = bench.clock.now();

    const ends = await hurried(
      Promise.all(starts.map((wish) => bench.pipeline.start(wish, fence(wish)).catch((error: unknown) => error))),
    );

    expect(asked.size).toBe(starts.length);
    expect(ends.filter((end) => end === lost).length).toBeGreaterThan(0);
    expect(bench.repository.runs).toHaveLength(ends.filter((end) => end !== lost).length);
  });
});

describe('a GitHub that does not name the run it starts', () => {
  it.each(['silent', 'unknown-word'] as const)('is asked for the run by its tag (%s)', async (dispatch) => {
    bench.fake.quirks.dispatch = dispatch;
    bench.fake.quirks.listingDelay = 2;
    const wish = bench.wish();

    const run = await hurried(bench.pipeline.start(wish));

    expect(run.id).toBe(String(bench.repository.runs[0]?.id));
    expect(bench.repository.runs).toHaveLength(1);
  });

  it('is not asked to name runs again once it did not know the word', async () => {
    bench.fake.quirks.dispatch = 'unknown-word';

    await hurried(bench.pipeline.start(bench.wish()));
    await hurried(bench.pipeline.start(bench.wish()));

    expect(dispatches().map(({ status, body }) => [status, 'return_run_details' in body])).toEqual([
      [422, true],
      [204, false],
      [204, false],
    ]);
  });

  it('leaves the start in doubt when the run is never listed', async () => {
    bench.fake.quirks.dispatch = 'silent';
    bench.fake.quirks.listingDelay = 100;

    const failure = await failureOf(hurried(bench.pipeline.start(bench.wish())));

    expect(failure).toMatchObject({ kind: 'timeout', inDoubt: true, retryable: true, code: 'not-listed' });
    expect(dispatches()).toHaveLength(1);
  });

  it('leaves the start in doubt when the listing fails after the dispatch', async () => {
    bench.fake.quirks.dispatch = 'silent';
    bench.fake.faults.plan({ path: '/runs', fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } } });

    const failure = await failureOf(hurried(bench.pipeline.start(bench.wish())));

    expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: 7000, inDoubt: true });
  });
});

describe('finding', () => {
  it('prefers the run that shows our id over one that somebody started on the tag by hand', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    const mine = bench.fake.run(run.id).run;
    bench.repository.runs.unshift({ ...mine, id: 7, title: 'Deploy by hand' });

    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('takes the first run on the tag when the workflow shows no id', async () => {
    bench.fake.quirks.showsId = false;
    bench.repository.workflows.set('plain.yml', ['region']);
    const wish = bench.wish({}, { workflow: 'plain.yml', inputs: { region: 'eu' }, correlationInput: false });

    const run = await bench.pipeline.start(wish);

    expect(bench.repository.runs[0]?.inputs).toEqual({ region: 'eu' });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });
});

describe('a refusal says what to mend', () => {
  it.each([
    [
      'the workflow is unknown',
      { workflow: 'nowhere.yml' },
      {},
      'not-found',
      /does not know workflow nowhere\.yml of acme\/web/,
    ],
    [
      'the input is not declared',
      { workflow: 'bare.yml' },
      {},
      'refused',
      /input "countersign_id".*correlationInput to false/,
    ],
    ['the commit is unknown', {}, { sha: 'f'.repeat(40) }, 'refused', /Object does not exist/],
    ['the repository is no name', {}, { repository: 'web' }, 'not-found', /Write it as owner\/name/],
  ])('when %s', async (_case, settings, more, kind, words) => {
    bench.repository.workflows.set('bare.yml', []);

    const error = await bench.pipeline.start(bench.wish(more, settings)).catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(PortFailure);
    expect((error as PortFailure).details).toMatchObject({ kind, retryable: false });
    expect((error as PortFailure).message).toMatch(words);
  });
});
