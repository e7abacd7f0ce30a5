import { type Call, ok, paged, Refused, type Reply, type RouteTable, repositoryOf } from './calls.ts';
import { example } from './openapi.ts';
import type { FakeComment } from './world.ts';

/** Comments on pull requests: https://docs.github.com/rest/issues/comments */
export const commentRoutes: RouteTable = [
  ['GET', '/repos/{owner}/{repo}/issues/{issue_number}/comments', list],
  ['POST', '/repos/{owner}/{repo}/issues/{issue_number}/comments', make],
  ['PATCH', '/repos/{owner}/{repo}/issues/comments/{comment_id}', edit],
];

const shape = ({ id, body }: FakeComment) => ({ ...example('issue-comment'), id, body });

function pullOf(call: Call): number {
  const pull = Number(call.params['issue_number']);
  if (!repositoryOf(call).pulls.some(({ number }) => number === pull)) throw new Refused(404, 'Not Found');
  return pull;
}

function list(call: Call): Reply {
  const pull = pullOf(call);
  const own = repositoryOf(call).comments.filter((one) => one.pull === pull);
  return ok(paged(call, own).map(shape));
}

function make(call: Call): Reply {
  const made = { id: call.world.nextId(), pull: pullOf(call), body: String(call.body['body']) };
  repositoryOf(call).comments.push(made);
  return { status: 201, body: shape(made) };
}

function edit(call: Call): Reply {
  const found = repositoryOf(call).comments.find(({ id }) => String(id) === call.params['comment_id']);
  if (found === undefined) throw new Refused(404, 'Not Found');
  found.body = String(call.body['body']);
  return ok(shape(found));
}
