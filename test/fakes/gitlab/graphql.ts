import type { Reply } from '../github/calls.ts';
import type { FakePerson } from '../github/world.ts';
import type { Call } from './calls.ts';

/** Answers the one query that the source adapter asks; the aliases say for what. */
export function answerGraph(call: Call): Reply {
  const query = String(call.body['query']);
  const { path = '' } = (call.body['variables'] ?? {}) as Record<string, string>;
  const project = call.world.projects.get(path);
  if (project === undefined) return { status: 200, body: { data: { project: null } } };
  if (call.quirks.oldGraph && /: commit\(/.test(query)) {
    const message = "Field 'commit' doesn't exist on type 'Repository'";
    return { status: 200, body: { errors: [{ message, locations: [{ line: 1, column: 60 }] }] } };
  }
  const asked = [...query.matchAll(/(c\d+): (commit|tree)\(ref: "([0-9a-f]{40})"\)/g)].map(
    ([, alias = '', kind, sha = '']) => {
      const commit = project.git.commits.get(sha);
      const found = commit === undefined ? null : { sha, author: authorOf(call, commit.author) };
      return [alias, kind === 'tree' ? { lastCommit: found } : found] as const;
    },
  );
  return { status: 200, body: { data: { project: { repository: Object.fromEntries(asked) } } } };
}

/** Whoever has the address, also where it is nobody else's business. */
function authorOf({ world }: Call, { email, login, bot = false }: FakePerson): unknown {
  const username = world.accounts.get(email.toLowerCase())?.login ?? login;
  return username === undefined ? null : { username, bot };
}
