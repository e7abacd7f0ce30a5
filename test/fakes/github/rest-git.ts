import { type Call, ok, paged, Refused, type Reply, type RouteTable, repositoryOf } from './calls.ts';
import { example } from './openapi.ts';
import { contentRoutes } from './rest-contents.ts';
import { annotatedSha, commitShape, refShape, tagShape, userShape } from './shapes.ts';
import { ancestors, between, commitOf } from './world.ts';

/** Refs, tags, commits, comparisons, checks and teams. */
export const gitRoutes: RouteTable = [
  ['GET', '/repos/{owner}/{repo}/git/ref/{ref}', getRef],
  ['POST', '/repos/{owner}/{repo}/git/refs', makeRef],
  ['DELETE', '/repos/{owner}/{repo}/git/refs/{ref}', deleteRef],
  ['GET', '/repos/{owner}/{repo}/git/tags/{tag_sha}', getTag],
  ['GET', '/repos/{owner}/{repo}/commits/{ref}', getCommit],
  ['GET', '/repos/{owner}/{repo}/commits', listCommits],
  ['GET', '/repos/{owner}/{repo}/compare/{basehead}', compare],
  ['GET', '/repos/{owner}/{repo}/commits/{ref}/check-runs', checkRuns],
  ['GET', '/repos/{owner}/{repo}/commits/{ref}/check-suites', checkSuites],
  ['GET', '/repos/{owner}/{repo}/commits/{ref}/status', combinedStatus],
  ['GET', '/repos/{owner}/{repo}/tarball/{ref}', archive],
  ['GET', '/orgs/{org}/teams/{team_slug}/members', members],
  ...contentRoutes,
];

function getRef(call: Call): Reply {
  const repository = repositoryOf(call);
  const [, folder, name = ''] = /^(heads|tags)\/(.+)$/s.exec(call.params['ref'] ?? '') ?? [];
  const branch = folder === 'heads' ? repository.branches.get(name) : undefined;
  const tag = folder === 'tags' ? repository.tags.get(name) : undefined;
  if (branch !== undefined) return ok(refShape(`refs/heads/${name}`, branch, 'commit'));
  if (tag === undefined) throw new Refused(404, 'Not Found');
  return ok(
    refShape(`refs/tags/${name}`, tag.annotated ? annotatedSha(tag.sha) : tag.sha, tag.annotated ? 'tag' : 'commit'),
  );
}

function makeRef(call: Call): Reply {
  const repository = repositoryOf(call);
  const [, name = ''] = /^refs\/tags\/(.+)$/.exec(String(call.body['ref'])) ?? [];
  const sha = String(call.body['sha']);
  if (repository.tags.has(name)) throw new Refused(422, 'Reference already exists');
  if (!repository.commits.has(sha)) throw new Refused(422, 'Object does not exist');
  repository.tags.set(name, { sha, annotated: false });
  return { status: 201, body: refShape(`refs/tags/${name}`, sha, 'commit') };
}

function deleteRef(call: Call): Reply {
  const [, name = ''] = /^tags\/(.+)$/.exec(call.params['ref'] ?? '') ?? [];
  if (!repositoryOf(call).tags.delete(name)) throw new Refused(422, 'Reference does not exist');
  return { status: 204 };
}

/** Of a private repository, the address is good for five minutes: https://docs.github.com/rest/repos/contents#download-a-repository-archive-tar */
function archive(call: Call): Reply {
  const { owner, repo, ref = '' } = call.params;
  if (commitOf(repositoryOf(call), ref) === undefined) throw new Refused(404, 'Not Found');
  const location = `https://codeload.github.com/${owner}/${repo}/legacy.tar.gz/${ref}?token=AAAA`;
  return { status: 302, headers: { location } };
}

function getTag(call: Call): Reply {
  const tags = [...repositoryOf(call).tags];
  const found = tags.find(([, { sha, annotated }]) => annotated && annotatedSha(sha) === call.params['tag_sha']);
  if (found === undefined) throw new Refused(404, 'Not Found');
  return ok(tagShape(found[0], found[1].sha));
}

function getCommit(call: Call): Reply {
  const repository = repositoryOf(call);
  const commit = commitOf(repository, call.params['ref'] ?? '');
  if (commit === undefined) throw new Refused(422, `No commit found for SHA: ${call.params['ref']}`);
  return ok(commitShape(repository, commit));
}

function listCommits(call: Call): Reply {
  const repository = repositoryOf(call);
  const head = commitOf(repository, call.query.get('sha') ?? 'main');
  if (head === undefined) throw new Refused(404, 'Not Found');
  const reach = ancestors(repository, head.sha);
  const newestFirst = [...repository.commits.values()].filter(({ sha }) => reach.has(sha)).reverse();
  return ok(paged(call, newestFirst).map((commit) => commitShape(repository, commit)));
}

function compare(call: Call): Reply {
  const repository = repositoryOf(call);
  const [base = '', head = ''] = (call.params['basehead'] ?? '').split('...');
  const [from, to] = [repository.commits.get(base), repository.commits.get(head)];
  if (from === undefined || to === undefined) throw new Refused(404, 'Not Found');
  const [ahead, behind] = [between(repository, base, head), between(repository, head, base)];
  const page = Number(call.query.get('page') ?? 1);
  const shape = example('commit-comparison');
  const url = `https://github.test/${repository.name}/compare/${base.slice(0, 7)}...${head.slice(0, 7)}`;
  return ok({
    ...shape,
    url,
    html_url: url,
    status: statusOf(ahead.length, behind.length),
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: paged(call, ahead.slice(0, call.quirks.listsAtMost)).map((commit) => commitShape(repository, commit)),
    // GitHub gives the files with the first page alone, and 300 at most.
    ...(page === 1
      ? {
          files: filesOf(
            ahead.flatMap(({ files }) => files),
            shape,
          ),
        }
      : { files: [] }),
  });
}

function statusOf(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead';
  return behind > 0 ? 'behind' : 'identical';
}

function filesOf(names: readonly string[], shape: Record<string, unknown>): readonly unknown[] {
  const [sample] = shape['files'] as readonly object[];
  return [...new Set(names)].slice(0, 300).map((filename) => ({ ...sample, filename }));
}

function checkRuns(call: Call): Reply {
  const { check_runs: samples } = example('check-run-paginated') as { check_runs: readonly object[] };
  const all = checksAt(call).map((check, index) => ({
    ...samples[0],
    id: index + 1,
    name: check.name,
    status: check.status,
    conclusion: check.conclusion,
    started_at: new Date(Date.UTC(2026, 8, 1, 9, index)).toISOString(),
    check_suite: { id: check.suite ?? 1 },
  }));
  return ok({ total_count: all.length, check_runs: paged(call, all) });
}

function checkSuites(call: Call): Reply {
  const repository = repositoryOf(call);
  const { check_suites: samples } = example('check-suite-paginated') as { check_suites: readonly object[] };
  const ours = repository.runs.filter(({ sha }) => sha === call.params['ref']);
  const all = [
    { ...samples[0], id: 1, head_branch: 'main' },
    ...ours.map((run) => ({ ...samples[0], id: run.id, head_branch: run.branch })),
  ];
  return ok({ total_count: all.length, check_suites: paged(call, all) });
}

/** The jobs of a run of Actions are checks of its commit as well. */
function checksAt(call: Call) {
  const repository = repositoryOf(call);
  const sha = call.params['ref'] ?? '';
  const jobs = repository.runs
    .filter((run) => run.sha === sha)
    .flatMap((run) => run.jobs.map(({ name, status, conclusion }) => ({ name, status, conclusion, suite: run.id })));
  return [...(repository.checks.get(sha) ?? []), ...jobs];
}

function combinedStatus(call: Call): Reply {
  const shape = example('combined-commit-status');
  const [sample] = shape['statuses'] as readonly object[];
  const all = (repositoryOf(call).statuses.get(call.params['ref'] ?? '') ?? []).map((one) => ({ ...sample, ...one }));
  return ok({ ...shape, sha: call.params['ref'], total_count: all.length, statuses: paged(call, all) });
}

function members(call: Call): Reply {
  const team = call.world.teams.get(`${call.params['org']}/${call.params['team_slug']}`);
  if (team === undefined) throw new Refused(404, 'Not Found');
  return ok(paged(call, team).map(userShape));
}
