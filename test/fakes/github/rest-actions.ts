import { type Call, ok, paged, Refused, type Reply, type RouteTable, repositoryOf } from './calls.ts';
import { runOf } from './run-of.ts';
import { endRun, madeRun } from './runs.ts';
import { artifactShape, deploymentShape, jobShape, runShape, runUrl, statusShape } from './shapes.ts';
import type { FakeDeployment, FakeRun } from './world.ts';

/** Workflow runs, jobs, logs, and GitHub's own deployments. */
export const actionsRoutes: RouteTable = [
  ['POST', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', dispatch],
  ['GET', '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs', listRuns],
  ['GET', '/repos/{owner}/{repo}/actions/runs/{run_id}', getRun],
  ['GET', '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', listJobs],
  ['GET', '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', listArtifacts],
  ['GET', '/repos/{owner}/{repo}/actions/jobs/{job_id}/logs', jobLog],
  ['POST', '/repos/{owner}/{repo}/actions/runs/{run_id}/cancel', cancel],
  ['GET', '/repos/{owner}/{repo}/deployments', listDeployments],
  ['POST', '/repos/{owner}/{repo}/deployments', makeDeployment],
  ['GET', '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses', listStatuses],
  ['POST', '/repos/{owner}/{repo}/deployments/{deployment_id}/statuses', makeStatus],
];

async function dispatch(call: Call): Promise<Reply> {
  const { quirks, body } = call;
  const repository = repositoryOf(call);
  const workflow = call.params['workflow_id'] ?? '';
  const declared = repository.workflows.get(workflow);
  if (declared === undefined) throw new Refused(404, 'Not Found');
  if (quirks.dispatch === 'unknown-word' && 'return_run_details' in body) {
    throw new Refused(422, 'Invalid request.\n\n"return_run_details" is not a permitted key.');
  }
  const ref = String(body['ref']).replace(/^refs\/(tags|heads)\//, '');
  const sha = repository.tags.get(ref)?.sha ?? repository.branches.get(ref);
  if (sha === undefined) throw new Refused(422, `No ref found for: ${ref}`);
  const inputs = (body['inputs'] ?? {}) as Record<string, string>;
  const unexpected = Object.keys(inputs).filter((name) => !declared.includes(name));
  if (unexpected.length > 0) throw new Refused(422, `Unexpected inputs provided: ${JSON.stringify(unexpected)}`);
  const run = newRun(call, { workflow, branch: ref, sha: quirks.otherSha ?? sha, inputs });
  repository.runs.push(run);
  const told = call.changed(repository, run, 'requested');
  if (quirks.webhookFirst) await told;
  if (quirks.dispatch !== 'named' || body['return_run_details'] !== true) return { status: 204 };
  return ok({
    workflow_run_id: run.id,
    run_url: `${call.origin}/repos/${repository.name}/actions/runs/${run.id}`,
    html_url: runUrl(repository, run),
  });
}

function newRun(
  { world, quirks }: Call,
  wish: { workflow: string; branch: string; sha: string; inputs: Record<string, string> },
): FakeRun {
  const id = quirks.showsId ? ` ${wish.inputs['countersign_id'] ?? ''}` : '';
  return madeRun(world, { ...wish, title: `Deploy${id}`.trim() });
}

function listRuns(call: Call): Reply {
  const repository = repositoryOf(call);
  const workflow = call.params['workflow_id'] ?? '';
  if (!repository.workflows.has(workflow)) throw new Refused(404, 'Not Found');
  const branch = call.query.get('branch');
  const fitting = repository.runs.filter(
    (run) => run.workflow === workflow && (branch === null || run.branch === branch),
  );
  const listed = fitting.filter((run) => {
    run.listings += 1;
    return !run.lost && run.listings > call.quirks.listingDelay;
  });
  const shapes = paged(call, listed.toReversed()).map((run) => runShape(repository, run));
  return ok({ total_count: listed.length, workflow_runs: shapes });
}

async function getRun(call: Call): Promise<Reply> {
  const { automatic } = call.quirks;
  const repository = repositoryOf(call);
  const run = runOf(call, repository);
  run.looks += 1;
  if (automatic !== undefined && run.status !== 'completed' && run.looks >= automatic.looks) {
    endRun(call.world, run, automatic.conclusion);
    await call.changed(repository, run, 'completed');
  }
  return ok(runShape(repository, run));
}

function listJobs(call: Call): Reply {
  const repository = repositoryOf(call);
  const run = runOf(call, repository);
  return ok({
    total_count: run.jobs.length,
    jobs: paged(call, run.jobs).map((job) => jobShape(repository, run, job)),
  });
}

function listArtifacts(call: Call): Reply {
  const { artifacts } = runOf(call, repositoryOf(call));
  return ok({ total_count: artifacts.length, artifacts: paged(call, artifacts.toReversed()).map(artifactShape) });
}

/** The log lies elsewhere, under an address that needs no credentials for a minute. */
function jobLog(call: Call): Reply {
  const jobs = repositoryOf(call).runs.flatMap((run) => run.jobs);
  const job = jobs.find(({ id }) => String(id) === call.params['job_id']);
  if (job?.status !== 'completed') throw new Refused(404, 'Not Found');
  return { status: 302, headers: { location: `${call.origin}/_logs/${job.id}` } };
}

async function cancel(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const run = runOf(call, repository);
  if (run.status === 'completed') throw new Refused(409, 'Cannot cancel a workflow run that is completed.');
  endRun(call.world, run, 'cancelled');
  await call.changed(repository, run, 'completed');
  return { status: 202, body: {} };
}

function listDeployments(call: Call): Reply {
  const { query } = call;
  const fits = (deployment: FakeDeployment) =>
    (['sha', 'ref', 'task', 'environment'] as const).every(
      (key) => (query.get(key) ?? deployment[key]) === deployment[key],
    );
  return ok(paged(call, repositoryOf(call).deployments.filter(fits).toReversed()).map(deploymentShape));
}

function makeDeployment(call: Call): Reply {
  const { body, world } = call;
  const repository = repositoryOf(call);
  const ref = String(body['ref']);
  if (!repository.commits.has(ref)) throw new Refused(422, `No ref found for: ${ref}`);
  const deployment: FakeDeployment = {
    id: world.nextId(),
    sha: ref,
    ref,
    task: String(body['task'] ?? 'deploy'),
    environment: String(body['environment'] ?? 'production'),
    payload: body['payload'] ?? {},
    description: String(body['description'] ?? ''),
    statuses: [],
  };
  repository.deployments.push(deployment);
  return { status: 201, body: deploymentShape(deployment) };
}

function listStatuses(call: Call): Reply {
  const { statuses, environment } = deploymentOf(call);
  return ok(paged(call, statuses.toReversed()).map((status) => statusShape(status, environment)));
}

function makeStatus(call: Call): Reply {
  const { statuses, environment } = deploymentOf(call);
  const description = String(call.body['description'] ?? '');
  if (description.length > 140) throw new Refused(422, 'description is too long (maximum is 140 characters)');
  const state = String(call.body['state']);
  const status = { id: call.world.nextId(), state, description, url: String(call.body['log_url'] ?? '') };
  statuses.push(status);
  return { status: 201, body: statusShape(status, environment) };
}

function deploymentOf(call: Call): FakeDeployment {
  const found = repositoryOf(call).deployments.find(({ id }) => String(id) === call.params['deployment_id']);
  if (found === undefined) throw new Refused(404, 'Not Found');
  return found;
}
