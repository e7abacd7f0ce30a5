import { type Call, ok, Refused, type Reply, type RouteTable, repositoryOf } from './calls.ts';
import { runOf } from './run-of.ts';
import { review } from './runs.ts';
import { deploymentShape, pendingShape } from './shapes.ts';
import { ANNA, type FakePending } from './world.ts';

const PENDING = '/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments';

/** Protected environments: https://docs.github.com/rest/actions/workflow-runs#review-pending-deployments-for-a-workflow-run */
export const reviewRoutes: RouteTable = [
  ['GET', PENDING, listPending],
  ['POST', PENDING, reviewPending],
];

/** The token of the tests is Anna's. */
const mayReview = ({ reviewers }: FakePending): boolean => reviewers.includes(ANNA.login ?? '');

function listPending(call: Call): Reply {
  const { pending } = runOf(call, repositoryOf(call));
  return ok(pending.map((one) => pendingShape(one, mayReview(one))));
}

async function reviewPending(call: Call): Promise<Reply> {
  const { body, changed, world } = call;
  const repository = repositoryOf(call);
  const run = runOf(call, repository);
  const ids = (body['environment_ids'] ?? []) as readonly number[];
  const chosen = run.pending.filter(({ id }) => ids.includes(id));
  if (chosen.length === 0 || !chosen.every(mayReview)) {
    throw new Refused(422, 'No pending deployment requests to approve or reject');
  }
  for (const one of chosen) review(world, run, one, String(body['state']), String(body['comment']));
  await changed(repository, run, run.status === 'completed' ? 'completed' : 'in_progress');
  const made = (environment: string, id: number) => ({
    id,
    sha: run.sha,
    ref: run.branch,
    task: 'deploy',
    environment,
  });
  return ok(
    chosen.map(({ name, id }) => deploymentShape({ ...made(name, id), payload: {}, description: '', statuses: [] })),
  );
}
