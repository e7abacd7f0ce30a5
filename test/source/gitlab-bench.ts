import { gitlabSource } from '../../adapters/source/gitlab/index.ts';
import { Settings } from '../../adapters/source/gitlab/schema.ts';
import type { Source } from '../../src/ports/source.ts';
import type { SourceBench, Writer } from '../contract/source.ts';
import { adapterTools } from '../fakes/github/bench.ts';
import { addCommit, type FakePerson } from '../fakes/github/world.ts';
import { type FakeGitLab, startFakeGitLab } from '../fakes/gitlab/index.ts';
import { addProject, type FakeProject } from '../fakes/gitlab/world.ts';

export interface GitLabSourceBench extends SourceBench {
  readonly fake: FakeGitLab;
  readonly project: FakeProject;
  readonly source: Source;
}

/** Everybody has the user name that their address begins with. */
function userOf({ name, email }: Writer): FakePerson {
  return { name, email, login: email.split('@')[0] ?? '' };
}

export async function gitlabSourceBench(): Promise<GitLabSourceBench> {
  const fake = await startFakeGitLab();
  const project = addProject(fake.world, 'acme/shop/web');
  const settings = Settings.parse({ url: fake.url, token: 'env:TOKEN' });
  const source = await gitlabSource.create('lab', settings, adapterTools({ 'env:TOKEN': fake.token }));
  return {
    fake,
    project,
    source,
    repository: project.path,
    commit({ message, branch = 'main', from, author, coAuthors = [] }) {
      const trailers = coAuthors.map(({ name, email }) => `Co-authored-by: ${name} <${email}>`);
      return addCommit(project.git, {
        message: [message, ...(trailers.length > 0 ? ['', ...trailers] : [])].join('\n'),
        branch,
        ...(from === undefined ? {} : { parents: [from] }),
        ...(author === undefined ? {} : { author: userOf(author) }),
      });
    },
    tag: (name, sha, annotated) => void project.git.tags.set(name, { sha, annotated }),
    // GitLab ties the address of an author to an account, but no address in a trailer.
    accountOf: (writer) =>
      writer.email.startsWith('dana') ? `email::${writer.email}` : `gitlab::${userOf(writer).login}`,
    unreachable: () => fake.close(),
    close: () => fake.close(),
  };
}
