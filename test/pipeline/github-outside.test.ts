import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runShape } from '../fakes/github/shapes.ts';
import { signed } from '../fakes/github/webhooks.ts';
import { type GitHubBench, githubBench, SECRET } from './github-bench.ts';

let bench: GitHubBench;

beforeEach(async () => {
  bench = await githubBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const byHand = async (event?: string) => {
  const { run, ...lever } = await bench.fake.startByHand(bench.repository, event === undefined ? {} : { event });
  return { ...lever, id: String(run.id), run };
};

describe('a run that somebody started at GitHub', () => {
  it('is told with who, what and which commit, also once it has ended', async () => {
    const { id, end } = await byHand();
    const seen = await bench.pipeline.outside?.(id, 'acme/web');
    await end('failure');

    expect(seen).toMatchObject({
      run: { provider: 'github', id, url: expect.stringContaining(id) },
      workflow: 'deploy.yml',
      actor: 'ben',
      sha: bench.sha,
      state: 'queued',
    });
    expect(await bench.pipeline.outside?.(id, 'acme/web')).toMatchObject({ state: 'failed' });
  });

  it.each(['pull_request', 'pull_request_target', 'merge_group'])('is none when it is a trial (%s)', async (event) => {
    const { id } = await byHand(event);

    expect(await bench.pipeline.outside?.(id, 'acme/web')).toBeUndefined();
  });

  it('is none when Countersign started it, or when it is gone', async () => {
    const own = await bench.pipeline.start(bench.wish());
    const { id, lose } = await byHand();
    lose();

    expect(await bench.pipeline.outside?.(own.id, 'acme/web')).toBeUndefined();
    expect(await bench.pipeline.outside?.(id, 'acme/web')).toBeUndefined();
  });

  it('is named by the call, by file and number, so that its targets are found', async () => {
    const { run } = await byHand();
    const shape = runShape(bench.repository, run);
    const call = { action: 'requested', workflow_run: shape, repository: { full_name: 'acme/web' } };
    const { headers, body } = signed(SECRET, 'workflow_run', call);

    const verdict = await bench.pipeline.verify?.(new Headers(headers), body);

    const workflows = ['deploy.yml', String(shape['workflow_id'])];
    expect(verdict).toMatchObject({ hints: [{ run: String(run.id), repository: 'acme/web', workflows }] });
    const uses = (workflow: unknown) => bench.pipeline.uses?.({ workflow }, workflows);
    expect([uses('deploy.yml'), uses(shape['workflow_id']), uses('test.yml'), uses(undefined)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
