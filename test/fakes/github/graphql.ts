import { type Call, Refused, type Reply } from './calls.ts';
import { commitOf, type FakeCommit, type FakePerson, type FakePull, type FakeRepository } from './world.ts';

/** Answers the few queries that the source adapter asks; the aliases say for what. */
export function answerGraph(call: Call): Reply {
  const query = String(call.body['query']);
  const { owner, repo, text = '' } = (call.body['variables'] ?? {}) as Record<string, string>;
  const repository = call.world.repositories.get(`${owner}/${repo}`);
  if (repository === undefined) {
    const message = `Could not resolve to a Repository with the name '${owner}/${repo}'.`;
    return { status: 200, body: { data: { repository: null }, errors: [{ type: 'NOT_FOUND', message }] } };
  }
  const asked = [...commits(repository, query), ...pulls(repository, query), ...refs(repository, query, text)];
  if (asked.length === 0) throw new Refused(400, 'A query that this server does not know');
  return { status: 200, body: { data: { repository: Object.fromEntries(asked) } } };
}

type Answers = readonly (readonly [alias: string, answer: unknown])[];

function commits(repository: FakeRepository, query: string): Answers {
  const asked = [...query.matchAll(/(c\d+): object\(oid: "([0-9a-f]{40})"\)/g)];
  return asked.map(([, alias = '', sha = '']) => {
    const commit = repository.commits.get(sha);
    return [alias, commit === undefined ? null : partsOf(repository, commit)];
  });
}

function partsOf(repository: FakeRepository, commit: FakeCommit): unknown {
  const brought = repository.pulls.filter(
    (pull) => pull.landed.includes(commit.sha) || pull.mergeCommit === commit.sha,
  );
  return {
    oid: commit.sha,
    parents: { totalCount: commit.parents.length },
    authors: connection(writersOf(commit).map(gitActor)),
    associatedPullRequests: connection(brought.map(pullShape)),
  };
}

function pullShape(pull: FakePull): unknown {
  const { number, title, body, mergedBy, mergeCommit } = pull;
  return {
    number,
    title,
    url: `https://github.test/pull/${number}`,
    body,
    merged: mergedBy !== undefined,
    mergedBy: mergedBy === undefined ? null : actor(mergedBy),
    mergeCommit: mergeCommit === undefined ? null : { oid: mergeCommit },
    labels: { nodes: pull.labels.map((name) => ({ name })) },
  };
}

function pulls(repository: FakeRepository, query: string): Answers {
  const asked = [
    ...query.matchAll(/(p\d+): pullRequest\(number: (\d+)\) \{ number commits\(first: 100(?:, after: "(\d+)")?\)/g),
  ];
  return asked.map(([, alias = '', number, after = '0']) => {
    const pull = repository.pulls.find((one) => one.number === Number(number));
    const page = (pull?.commits ?? []).slice(Number(after), Number(after) + 100);
    const end = Number(after) + page.length;
    const nodes = page.flatMap((sha) => {
      const commit = repository.commits.get(sha);
      return commit === undefined ? [] : [{ commit: { authors: connection(writersOf(commit).map(gitActor)) } }];
    });
    const pageInfo = { hasNextPage: end < (pull?.commits.length ?? 0), endCursor: String(end) };
    return [alias, { number: Number(number), commits: { pageInfo, nodes } }];
  });
}

function refs(repository: FakeRepository, query: string, text: string): Answers {
  if (!query.includes('refs/heads/')) return [];
  const node = ([name, sha]: readonly [string, string]) => {
    const commit = commitOf(repository, sha);
    return { name, target: { oid: sha, committedDate: commit?.at ?? '' } };
  };
  const fits = ([name]: readonly [string, unknown]) => name.toLowerCase().includes(text.toLowerCase());
  const tags = [...repository.tags].filter(fits).map(([name, { sha, annotated }]) => {
    const bare = node([name, sha]);
    return annotated ? { name, target: { oid: [...sha].reverse().join(''), target: bare.target } } : bare;
  });
  return [
    ['branches', { nodes: [...repository.branches].filter(fits).map(node) }],
    ['tags', { nodes: tags }],
  ];
}

function writersOf(commit: FakeCommit): readonly FakePerson[] {
  return [commit.author, ...commit.coAuthors];
}

/** GitHub ties an address to a user, never to a bot. */
function gitActor({ name, email, login, bot }: FakePerson): unknown {
  return { name, email, user: login === undefined || bot === true ? null : { login } };
}

function actor({ login = '', bot }: FakePerson): unknown {
  return bot === true ? { login: login.replace(/\[bot\]$/, ''), __typename: 'Bot' } : { login, __typename: 'User' };
}

function connection<Node>(nodes: readonly Node[]): { totalCount: number; nodes: readonly Node[] } {
  return { totalCount: nodes.length, nodes };
}
