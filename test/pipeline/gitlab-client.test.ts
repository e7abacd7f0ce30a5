import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GITLAB } from '../../adapters/shared/gitlab/manner.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { type GitLabBench, gitlabBench } from './gitlab-bench.ts';

let bench: GitLabBench;

beforeEach(async () => {
  bench = await gitlabBench();
});
afterEach(() => bench.close());

describe('what GitLab says when it refuses', () => {
  // The forms are those of docs.gitlab.com/api/rest/troubleshooting.
  it.each([
    [{ message: '404 Project Not Found' }, '404 Project Not Found'],
    [{ message: { base: ['Reference not found', 'No jobs'] } }, 'Reference not found; No jobs'],
    [{ message: { bio: ['is too long'], base: ['Invalid'] } }, 'bio is too long; Invalid'],
    [
      { error: 'insufficient_scope', error_description: 'needs a higher scope' },
      'insufficient_scope: needs a higher scope',
    ],
    ['<html>', ''],
    [null, ''],
  ])('%j is told as words', (data, words) => {
    expect(GITLAB.complaint(data)).toBe(words);
  });

  it.each([
    [{ 'retry-after': '30', 'ratelimit-reset': '9' }, 30_000],
    [{ 'ratelimit-reset': '1700000060' }, 61_000],
    [{}, 60_000],
  ])('with %j names the pause', (headers, pause) => {
    expect(GITLAB.pause({ status: 429, headers, data: '' }, 1_700_000_000_000)).toBe(pause);
    expect(GITLAB.pause({ status: 403, headers, data: '' }, 1_700_000_000_000)).toBeUndefined();
  });
});

describe('the way to GitLab', () => {
  it('takes a page to sign in for no answer', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    bench.fake.faults.plan({ method: 'GET', fault: { kind: 'garbage' } });

    expect(await failureOf(bench.pipeline.look(run, wish))).toMatchObject({ kind: 'misbehaved', retryable: false });
  });

  it('says which token to look at when it is not accepted', async () => {
    const pipeline = await bench.provider({ token: 'env:EMPTY' });

    const error = await pipeline.start(bench.wish()).catch((thrown: Error) => thrown);

    expect(String(error)).toContain(
      'GitLab does not accept the credentials. Check the access token of the configuration.',
    );
  });

  it('names the file of an authority that is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-gitlab-'));
    const path = join(folder, 'authority.pem');
    const missing = await failureOf(bench.provider({ certificateAuthority: path }));
    writeFileSync(path, 'no certificate');
    const other = await failureOf(bench.provider({ certificateAuthority: path }));
    rmSync(folder, { recursive: true });

    expect([missing.code, other.code]).toEqual(['certificate-authority', 'certificate-authority']);
  });
});
