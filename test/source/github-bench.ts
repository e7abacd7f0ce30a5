import { githubSource } from '../../adapters/source/github/index.ts';
import { Settings } from '../../adapters/source/github/schema.ts';
import type { Source } from '../../src/ports/source.ts';
import type { SourceBench, Writer } from '../contract/source.ts';
import { adapterTools } from '../fakes/github/bench.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { addCommit, addRepository, type FakePerson, type FakeRepository } from '../fakes/github/world.ts';

export interface GitHubSourceBench extends SourceBench {
  readonly fake: FakeGitHub;
  readonly repo: FakeRepository;
  readonly source: Source;
}

/** Everybody has the login that their address begins with. */
function userOf({ name, email }: Writer): FakePerson {
  return { name, email, login: email.split('@')[0] ?? '' };
}

export async function githubSourceBench(): Promise<GitHubSourceBench> {
  const fake = await startFakeGitHub();
  const repo = addRepository(fake.world, 'acme/web');
  const settings = Settings.parse({ apiUrl: fake.url, auth: { token: 'env:TOKEN' } });
  const source = await githubSource.create('hub', settings, adapterTools({ 'env:TOKEN': fake.doorkeeper.token }));
  return {
    fake,
    repo,
    source,
    repository: repo.name,
    commit({ message, branch = 'main', from, author, coAuthors = [] }) {
      const trailers = coAuthors.map(({ name, email }) => `Co-authored-by: ${name} <${email}>`);
      return addCommit(repo, {
        message: [message, ...(trailers.length > 0 ? ['', ...trailers] : [])].join('\n'),
        branch,
        coAuthors: coAuthors.map(userOf),
        ...(from === undefined ? {} : { parents: [from] }),
        ...(author === undefined ? {} : { author: userOf(author) }),
      });
    },
    tag: (name, sha, annotated) => void repo.tags.set(name, { sha, annotated }),
    accountOf: (writer) => `github::${userOf(writer).login}`,
    unreachable: () => fake.close(),
    close: () => fake.close(),
  };
}
