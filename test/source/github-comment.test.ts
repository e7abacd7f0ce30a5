import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addPull } from '../fakes/github/world.ts';
import { type GitHubSourceBench, githubSourceBench } from './github-bench.ts';

const MARKER = '<!-- countersign:web/production -->';

let bench: GitHubSourceBench;
beforeEach(async () => {
  bench = await githubSourceBench();
  addPull(bench.repo, { landed: [] });
});
afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const say = async (words: string, marker = MARKER) => bench.source.comment?.('acme/web', 1, marker, words);
const bodies = () => bench.repo.comments.map(({ body }) => body);

describe('a comment on a pull request', () => {
  it('is made once, and edited in place ever after', async () => {
    await say('Not deployed');
    await say('Deployed');

    expect(bodies()).toEqual([`${MARKER}\nDeployed`]);
  });

  it('is not written again when it says the same already', async () => {
    await say('Deployed');
    await say('Deployed');

    expect(bench.fake.asked.filter(({ method }) => method !== 'GET')).toHaveLength(1);
  });

  it('is one for each target, and no comment of others is touched, wherever ours stands among them', async () => {
    for (let id = 1; id <= 150; id += 1) bench.repo.comments.push({ id, pull: 1, body: `I quote ${MARKER}` });
    await say('Deployed', '<!-- countersign:web/staging -->');
    await say('Failed');
    await say('Deployed');

    expect(bodies().slice(150)).toEqual(['<!-- countersign:web/staging -->\nDeployed', `${MARKER}\nDeployed`]);
    expect(new Set(bodies().slice(0, 150))).toEqual(new Set([`I quote ${MARKER}`]));
  });

  it('is found again when nobody could say whether it was made', async () => {
    bench.fake.faults.plan({ method: 'POST', path: '/comments', fault: { kind: 'drop', after: true } });
    const failure = await failureOf(say('Deployed') as Promise<unknown>);
    await say('Deployed');

    expect(failure).toMatchObject({ retryable: true, inDoubt: true });
    expect(bodies()).toHaveLength(1);
  });

  it('is refused for good where GitHub does not let us write', async () => {
    bench.fake.faults.plan({ method: 'POST', path: '/comments', fault: { kind: 'status', status: 403 } });

    expect(await failureOf(say('Deployed') as Promise<unknown>)).toMatchObject({ kind: 'forbidden', retryable: false });
  });
});
