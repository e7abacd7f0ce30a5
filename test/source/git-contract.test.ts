import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gitSource } from '../../adapters/source/git/index.ts';
import { sourceContract } from '../contract/source.ts';
import { adapterTools } from '../fakes/github/bench.ts';
import { repository } from './git-repository.ts';

sourceContract({
  name: 'git on this machine',
  async open() {
    const repo = repository();
    const source = await gitSource.create('local', { folder: tmpdir() }, adapterTools({}));
    const has = (branch: string) => repo.git(['branch', '--list', branch]) !== '';
    return {
      source,
      repository: repo.folder,
      commit({ message, branch = 'main', from, author, coAuthors = [] }) {
        const trailers = coAuthors.map(({ name, email }) => `Co-authored-by: ${name} <${email}>`);
        const text = [message, ...(trailers.length > 0 ? ['', ...trailers] : [])].join('\n');
        if (branch !== 'main') {
          repo.git([
            'switch',
            '--quiet',
            ...(has(branch) ? [branch] : ['--create', branch, ...(from === undefined ? [] : [from])]),
          ]);
        }
        const sha = repo.commit(text, author === undefined ? {} : { author });
        if (branch !== 'main' && has('main')) repo.git(['switch', '--quiet', 'main']);
        return sha;
      },
      tag: (name, sha, annotated) => void repo.git(['tag', ...(annotated ? ['-a', '-m', name] : []), name, sha]),
      accountOf: ({ email }) => `email::${email}`,
      unreachable: () => repo.remove(),
      close: () => rmSync(repo.folder, { recursive: true, force: true }),
    };
  },
});
