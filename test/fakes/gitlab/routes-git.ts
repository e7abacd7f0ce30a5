import { ancestors, between, commitOf, type FakeCommit } from '../github/world.ts';
import { type Call, ok, paged, projectOf, Refused, type Route } from './calls.ts';
import {
  branchShape,
  commitShape,
  comparisonShape,
  isSquash,
  memberShape,
  mergeRequestShape,
  statusShape,
  tagShape,
  userShape,
} from './shapes.ts';
import { addPipeline, type FakeProject } from './world.ts';

const PAGES = ['page', 'per_page'];

/** Names and parameters are those of docs.gitlab.com/api. */
export const gitRoutes: readonly Route[] = [
  route('GET', 'projects/:id/repository/branches', ['search', 'regex', 'sort'], (call) => {
    const { git } = projectOf(call);
    return paged(
      call,
      named(call, git.branches.keys()).map((name) => branch(call, name)),
    );
  }),
  route('GET', 'projects/:id/repository/branches/:name', [], (call) => ok(branch(call, call.params['name'] ?? ''))),
  route('GET', 'projects/:id/repository/tags', ['search', 'order_by', 'sort'], (call) => {
    const { git } = projectOf(call);
    return paged(
      call,
      named(call, git.tags.keys()).map((name) => tag(call, name)),
    );
  }),
  route('GET', 'projects/:id/repository/tags/:name', [], (call) => ok(tag(call, call.params['name'] ?? ''))),
  route('POST', 'projects/:id/repository/tags', ['tag_name', 'ref', 'message'], makeTag),
  route('DELETE', 'projects/:id/repository/tags/:name', [], (call) => {
    if (!projectOf(call).git.tags.delete(call.params['name'] ?? '')) throw new Refused(404, '404 Tag Not Found');
    return { status: 204 };
  }),
  route('GET', 'projects/:id/repository/commits', commitFilters(), listCommits),
  route('GET', 'projects/:id/repository/commits/:sha', ['stats'], (call) => {
    const project = projectOf(call);
    return ok(commitShape(project, commit(project, call.params['sha'] ?? '', '404 Commit Not Found')));
  }),
  route(
    'GET',
    'projects/:id/repository/commits/:sha/merge_requests',
    ['state'],
    (call) => {
      const project = projectOf(call);
      const { sha = '' } = call.params;
      const brought = project.git.pulls.filter(
        ({ landed, mergeCommit }) => landed.includes(sha) || mergeCommit === sha,
      );
      return paged(
        call,
        brought.map((pull) => mergeRequestShape(project, pull, isSquash(project.git, pull))),
      );
    },
    'mr',
  ),
  route('GET', 'projects/:id/merge_requests/:iid/commits', [], (call) => {
    const project = projectOf(call);
    const pull = project.git.pulls.find(({ number }) => String(number) === call.params['iid']);
    if (pull === undefined) throw new Refused(404, '404 Not found');
    const own = pull.commits.flatMap((sha) => project.git.commits.get(sha) ?? []);
    return paged(call, own.map((one) => commitShape(project, one)).reverse());
  }),
  route(
    'GET',
    'projects/:id/repository/commits/:sha/statuses',
    ['ref', 'stage', 'name', 'all', 'pipeline_id'],
    (call) => {
      const { sha = '' } = call.params;
      const all = projectOf(call).statuses.get(sha) ?? [];
      return paged(
        call,
        all.map((status, at) => statusShape(sha, status, 500 + at)),
      );
    },
  ),
  route('POST', 'projects/:id/repository/commits/:sha/comments', ['note', 'path', 'line', 'line_type'], (call) => {
    const { sha = '' } = call.params;
    const note = String(call.body['note']);
    projectOf(call).comments.push({ sha, note });
    return { status: 201, body: { note, path: null, line: null, line_type: null, author: null, created_at: null } };
  }),
  route('GET', 'projects/:id/repository/compare', ['from', 'to', 'from_project_id', 'straight', 'unidiff'], compare),
  route('GET', 'projects/:id/repository/merge_base', ['refs[]'], mergeBase),
  route('GET', 'projects/:id/repository/files/:path', ['ref'], (call) => {
    const { path = '' } = call.params;
    const text = projectOf(call).files.get(`${call.query.get('ref')} ${path}`);
    if (text === undefined) throw new Refused(404, '404 File Not Found');
    const content = Buffer.from(text).toString('base64');
    return ok({ file_name: path.split('/').at(-1), file_path: path, size: text.length, encoding: 'base64', content });
  }),
  route('GET', 'groups/:group/members/all', ['query', 'user_ids', 'state'], (call) => {
    const members = call.world.groups.get(call.params['group'] ?? '');
    if (members === undefined) throw new Refused(404, '404 Group Not Found');
    return paged(call, members.map(memberShape));
  }),
  route('GET', 'groups/:group/members', ['query', 'user_ids', 'state'], (call) => {
    const members = call.world.groups.get(call.params['group'] ?? '')?.filter(({ inherited }) => inherited !== true);
    if (members === undefined) throw new Refused(404, '404 Group Not Found');
    return paged(call, members.map(memberShape));
  }),
  route('GET', 'users', ['username', 'search'], (call) => {
    const all = [...call.world.accounts.values()];
    const login = call.query.get('username')?.toLowerCase();
    return paged(call, all.filter((one) => one.login?.toLowerCase() === login).map(userShape));
  }),
];

function commitFilters(): readonly string[] {
  return ['ref_name', 'since', 'until', 'path', 'author', 'all', 'with_stats', 'first_parent', 'order', 'trailers'];
}

function route(
  method: string,
  template: string,
  takes: readonly string[],
  handle: Route['handle'],
  gives?: Route['gives'],
): Route {
  const all = method === 'GET' ? [...takes, ...PAGES] : takes;
  return { method, template, takes: all, handle, ...(gives === undefined ? {} : { gives }) };
}

/** Names that contain the words, the newest commit first. */
function named(call: Call, names: Iterable<string>): readonly string[] {
  const { git } = projectOf(call);
  const search = (call.query.get('search') ?? '').toLowerCase();
  const fitting = [...names].filter((name) => name.toLowerCase().includes(search));
  const at = (name: string) => commitOf(git, name)?.at ?? '';
  return fitting.sort((one, other) => at(other).localeCompare(at(one)));
}

function branch(call: Call, name: string): unknown {
  const project = projectOf(call);
  const sha = project.git.branches.get(name);
  if (sha === undefined) throw new Refused(404, '404 Branch Not Found');
  return branchShape(project, name, commit(project, sha, '404 Branch Not Found'));
}

function tag(call: Call, name: string): unknown {
  const project = projectOf(call);
  const found = project.git.tags.get(name);
  if (found === undefined) throw new Refused(404, '404 Tag Not Found');
  return tagShape(project, name, commit(project, found.sha, '404 Tag Not Found'), found.annotated);
}

function commit(project: FakeProject, ref: string, refusal: string): FakeCommit {
  const found = commitOf(project.git, ref);
  if (found === undefined) throw new Refused(404, refusal);
  return found;
}

async function makeTag(call: Call) {
  const project = projectOf(call);
  const name = String(call.body['tag_name']);
  const found = commitOf(project.git, String(call.body['ref']));
  if (project.git.tags.has(name)) throw new Refused(400, `Tag ${name} already exists`);
  if (found === undefined) throw new Refused(400, 'Target is invalid');
  project.git.tags.set(name, { sha: found.sha, annotated: false });
  if (call.quirks.tagPipelines) addPipeline(call.world, project, { ref: name, sha: found.sha, source: 'push' });
  return { status: 201, body: tagShape(project, name, found, false) };
}

/** Of a range, or all that a name reaches; the newest first. */
function listCommits(call: Call) {
  const project = projectOf(call);
  const name = call.query.get('ref_name') ?? 'main';
  const [from, to] = name.includes('..') ? name.split('..') : [undefined, name];
  const head = commit(project, to ?? '', '404 Commit Not Found');
  const base = from === undefined ? undefined : commit(project, from, '404 Commit Not Found');
  const reach = ancestors(project.git, head.sha);
  const found =
    base === undefined
      ? [...project.git.commits.values()].filter(({ sha }) => reach.has(sha))
      : between(project.git, base.sha, head.sha);
  return paged(
    call,
    found.toReversed().map((one) => commitShape(project, one)),
  );
}

/** Without `from` GitLab compares nothing and says so to nobody. */
function compare(call: Call) {
  const project = projectOf(call);
  const head = commit(project, call.query.get('to') ?? '', '404 Ref Not Found');
  const base = commitOf(project.git, call.query.get('from') ?? '');
  if (base === undefined) return ok(comparisonShape(project, [], [], false));
  const ahead = between(project.git, base.sha, head.sha);
  const back = call.query.get('straight') === 'true' ? between(project.git, head.sha, base.sha) : [];
  const paths = [...new Set([...ahead, ...back].flatMap(({ files }) => files))];
  const { listsAtMost = paths.length } = call.quirks;
  const shape = comparisonShape(project, ahead, paths.slice(0, listsAtMost), base.sha === head.sha);
  return ok({ ...shape, compare_timeout: paths.length > listsAtMost });
}

function mergeBase(call: Call) {
  const project = projectOf(call);
  const [one = '', other = ''] = call.query.getAll('refs[]');
  const [first, second] = [commitOf(project.git, one), commitOf(project.git, other)];
  if (first === undefined || second === undefined) throw new Refused(400, `Could not find refs: ${one}, ${other}`);
  const reach = ancestors(project.git, first.sha);
  const theirs = ancestors(project.git, second.sha);
  const found = [...project.git.commits.values()].findLast(({ sha }) => reach.has(sha) && theirs.has(sha));
  if (found === undefined) throw new Refused(404, '404 Merge Base Not Found');
  return ok(commitShape(project, found));
}
