import { tmpdir } from 'node:os';
import { afterEach, expect, it } from 'vitest';
import { gitSource } from '../../adapters/source/git/index.ts';
import { adapterTools } from '../fakes/github/bench.ts';
import { repository, type TestRepository } from './git-repository.ts';

let repo: TestRepository | undefined;
afterEach(() => repo?.remove());

it('gives a file as it was at a commit, and nothing for a folder or what is not there', async () => {
  repo = repository();
  const source = await gitSource.create('local', { folder: tmpdir() }, adapterTools({}));
  const old = repo.commit('One', { path: 'docs/CODEOWNERS' });
  repo.commit('Two', { path: 'docs/CODEOWNERS' });
  const at = (path: string) => source.file?.(repo?.folder ?? '', old, path);

  expect(await at('docs/CODEOWNERS')).toMatch(/^One/);
  expect(await at('docs')).toBeUndefined();
  expect(await at('CODEOWNERS')).toBeUndefined();
  await expect(source.file?.(repo.folder, 'f'.repeat(40), 'docs')).rejects.toThrow('not in the repository');
});
