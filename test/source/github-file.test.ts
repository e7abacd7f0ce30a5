import { afterEach, beforeEach, expect, it } from 'vitest';
import { failureOf } from '../contract/pipeline-tools.ts';
import { putFiles } from '../fakes/github/rest-contents.ts';
import { addCommit } from '../fakes/github/world.ts';
import { type GitHubSourceBench, githubSourceBench } from './github-bench.ts';

const OWNERS = '.github/CODEOWNERS';

let bench: GitHubSourceBench;
beforeEach(async () => {
  bench = await githubSourceBench();
});
afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

/** A commit with files in it, and a way to read them at it. */
function commit(files: Readonly<Record<string, string | Uint8Array>>) {
  const sha = addCommit(bench.repo);
  putFiles(bench.repo, sha, files);
  return { sha, at: (path: string) => read(sha, path) };
}

async function read(sha: string, path: string): Promise<string | undefined> {
  if (bench.source.file === undefined) throw new Error('The source reads no files.');
  return bench.source.file('acme/web', sha, path);
}

it('gives a file as it was at the commit, whatever came later', async () => {
  const long = `# ${'Wer fragt wen? '.repeat(20)}\n*.ts @acme/web\n/straße/ @jürgen\n`;
  const old = commit({ [OWNERS]: long });
  const later = commit({ [OWNERS]: '* @acme/all\n' });

  expect(await old.at(OWNERS)).toBe(long);
  expect(await later.at(OWNERS)).toBe('* @acme/all\n');
});

it('gives an empty file as such: it is there', async () => {
  expect(await commit({ CODEOWNERS: '' }).at('CODEOWNERS')).toBe('');
});

it.each([
  ['a file that is not there', 'docs/CODEOWNERS'],
  ['a folder', '.github'],
  ['a file with a zero byte', 'logo.png'],
  ['a file in another encoding than UTF-8', 'old.txt'],
])('gives nothing for %s', async (_what, path) => {
  const files = { [OWNERS]: '* @a\n', 'logo.png': Uint8Array.of(80, 78, 71, 0, 1), 'old.txt': Uint8Array.of(252, 98) };

  expect(await commit(files).at(path)).toBeUndefined();
});

it('does not take a commit that GitHub does not know for one without the file', async () => {
  const failure = await failureOf(read('f'.repeat(40), OWNERS));

  expect(failure).toMatchObject({ kind: 'refused', code: '422' });
});

it('says that a file is too large instead of that there is none', async () => {
  const large = commit({ CODEOWNERS: '# long\n'.repeat(200_000) });

  expect(await failureOf(large.at('CODEOWNERS'))).toMatchObject({ code: 'file-too-large', retryable: false });
});

it('fails when GitHub cannot be reached', async () => {
  const { at } = commit({ CODEOWNERS: '* @a\n' });
  await bench.unreachable();

  expect(await failureOf(at('CODEOWNERS'))).toMatchObject({ kind: 'unreachable' });
});
