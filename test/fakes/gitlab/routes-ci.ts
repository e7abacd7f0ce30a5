import { commitOf } from '../github/world.ts';
import { type Call, ok, paged, projectOf, Refused, type Route } from './calls.ts';
import { deploymentShape, jobShape, pipelineItemShape, pipelineShape, userShape } from './shapes.ts';
import { addPipeline, beginJob, endJob, endPipeline, type FakeJob, type FakePipeline, isOpen, touch } from './world.ts';

const PAGES = ['page', 'per_page'];
const PIPELINE_FILTERS = ['scope', 'status', 'source', 'ref', 'sha', 'name', 'order_by', 'sort', 'username'];

/** Names and parameters are those of docs.gitlab.com/api/pipelines, /jobs and /deployments. */
export const ciRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: 'projects/:id/pipelines',
    takes: [...PAGES, ...PIPELINE_FILTERS],
    gives: 'pipelineShort',
    handle: listPipelines,
  },
  {
    method: 'POST',
    template: 'projects/:id/pipeline',
    takes: ['ref', 'variables', 'inputs'],
    gives: 'pipeline',
    handle: createPipeline,
  },
  { method: 'GET', template: 'projects/:id/pipelines/:pipeline', takes: [], gives: 'pipeline', handle: lookAt },
  {
    method: 'GET',
    template: 'projects/:id/pipelines/:pipeline/variables',
    takes: PAGES,
    handle: (call) => {
      if (call.quirks.hidesVariables) throw new Refused(403, '403 Forbidden');
      const variables = Object.entries(pipelineOf(call).variables);
      return ok(variables.map(([key, value]) => ({ variable_type: 'env_var', key, value, raw: false })));
    },
  },
  {
    method: 'GET',
    template: 'projects/:id/pipelines/:pipeline/jobs',
    takes: [...PAGES, 'scope', 'include_retried'],
    gives: 'job',
    handle: (call) => listJobs(call, ({ downstream }) => downstream === undefined),
  },
  {
    method: 'GET',
    template: 'projects/:id/pipelines/:pipeline/bridges',
    takes: [...PAGES, 'scope'],
    gives: 'job',
    handle: (call) => listJobs(call, ({ downstream }) => downstream !== undefined),
  },
  { method: 'POST', template: 'projects/:id/pipelines/:pipeline/cancel', takes: [], gives: 'pipeline', handle: cancel },
  { method: 'GET', template: 'projects/:id/jobs/:job', takes: [], gives: 'job', handle: (call) => job(call) },
  { method: 'GET', template: 'projects/:id/jobs/:job/trace', takes: [], handle: trace },
  { method: 'GET', template: 'projects/:id/jobs/:job/artifacts/:folder/:file', takes: [], handle: artifact },
  { method: 'GET', template: 'projects/:id/jobs/:job/artifacts/:file', takes: [], handle: artifact },
  {
    method: 'POST',
    template: 'projects/:id/jobs/:job/play',
    takes: ['job_variables_attributes'],
    gives: 'job',
    handle: play,
  },
  { method: 'POST', template: 'projects/:id/jobs/:job/cancel', takes: ['force'], gives: 'job', handle: cancelJob },
  {
    method: 'GET',
    template: 'projects/:id/deployments',
    takes: [...PAGES, 'order_by', 'sort', 'environment', 'status'],
    gives: 'deployment',
    handle: (call) => {
      const project = projectOf(call);
      const status = call.query.get('status');
      if (call.quirks.noApprovals && status === 'blocked') throw new Refused(400, 'status does not have a valid value');
      const found = project.deployments.filter((one) => status === null || one.status === status);
      return paged(
        call,
        found.map((one) => deploymentShape(project, one)),
      );
    },
  },
  {
    method: 'POST',
    template: 'projects/:id/deployments/:deployment/approval',
    takes: ['status', 'comment', 'represented_as'],
    handle: approve,
  },
];

function pipelineOf(call: Call): FakePipeline {
  const found = projectOf(call).pipelines.find(({ id, lost }) => String(id) === call.params['pipeline'] && !lost);
  if (found === undefined) throw new Refused(404, '404 Not found');
  return found;
}

function jobOf(call: Call): { readonly pipeline: FakePipeline; readonly job: FakeJob } {
  for (const pipeline of projectOf(call).pipelines) {
    const job = pipeline.jobs.find(({ id }) => String(id) === call.params['job']);
    if (job !== undefined) return { pipeline, job };
  }
  throw new Refused(404, '404 Not found');
}

function job(call: Call) {
  const found = jobOf(call);
  return ok(jobShape(projectOf(call), found.pipeline, found.job));
}

function listPipelines(call: Call) {
  const project = projectOf(call);
  const fits = (pipeline: FakePipeline) =>
    (['ref', 'sha', 'source', 'status'] as const).every(
      (key) => (call.query.get(key) ?? pipeline[key]) === pipeline[key],
    );
  const found = project.pipelines.filter((one) => !one.lost && fits(one)).map((one) => pipelineItemShape(project, one));
  return paged(call, call.query.get('sort') === 'asc' ? found : found.reverse());
}

async function createPipeline(call: Call) {
  const project = projectOf(call);
  const ref = String(call.body['ref']);
  const found = commitOf(project.git, ref);
  const variables = (call.body['variables'] ?? []) as readonly { readonly key: string; readonly value: string }[];
  if (found === undefined) throw new Refused(400, { base: ['Reference not found'] });
  if (call.quirks.forbidsVariables && variables.length > 0) {
    throw new Refused(400, { base: ['Insufficient permissions to set pipeline variables'] });
  }
  const { otherSha } = call.quirks;
  delete call.quirks.otherSha;
  const pipeline = addPipeline(call.world, project, {
    ref,
    sha: otherSha ?? found.sha,
    source: 'api',
    variables: Object.fromEntries(variables.map(({ key, value }) => [key, value])),
    inputs: (call.body['inputs'] ?? {}) as Readonly<Record<string, unknown>>,
  });
  await call.changed(project, pipeline);
  return { status: 201, body: pipelineShape(project, pipeline) };
}

const looks = new WeakMap<FakePipeline, number>();

async function lookAt(call: Call) {
  const project = projectOf(call);
  const pipeline = pipelineOf(call);
  const seen = (looks.get(pipeline) ?? 0) + 1;
  looks.set(pipeline, seen);
  const { automatic } = call.quirks;
  if (automatic !== undefined && seen >= automatic.looks && isOpen(pipeline.status))
    endPipeline(pipeline, automatic.status);
  return ok(pipelineShape(project, pipeline));
}

/** The newest first; those that were tried again only when asked for. */
function listJobs(call: Call, fits: (job: FakeJob) => boolean) {
  const pipeline = pipelineOf(call);
  const project = projectOf(call);
  const all = call.query.get('include_retried') === 'true';
  const found = pipeline.jobs.filter((one) => fits(one) && (all || !one.retried));
  return paged(call, found.map((one) => jobShape(project, pipeline, one)).reverse());
}

/** Where nothing can be cancelled, GitLab says yes and does nothing; a job that waits for a person cannot. */
async function cancel(call: Call) {
  const project = projectOf(call);
  const pipeline = pipelineOf(call);
  if (isOpen(pipeline.status) && pipeline.status !== 'manual') endPipeline(pipeline, 'canceled');
  await call.changed(project, pipeline);
  return ok(pipelineShape(project, pipeline));
}

async function cancelJob(call: Call) {
  const { pipeline, job: found } = jobOf(call);
  if (isOpen(found.status)) endJob(found, 'canceled');
  if (isOpen(pipeline.status) && !pipeline.jobs.some(({ status }) => isOpen(status))) endPipeline(pipeline, 'canceled');
  await call.changed(projectOf(call), pipeline);
  return { ...job(call), status: 201 };
}

async function play(call: Call) {
  const { pipeline, job: found } = jobOf(call);
  const variables = (call.body['job_variables_attributes'] ?? []) as readonly { key: string; value: string }[];
  if (call.quirks.forbidsVariables && variables.length > 0) throw new Refused(403, '403 Forbidden');
  const blocked = projectOf(call).deployments.some((one) => one.job === found.id && one.status === 'blocked');
  if (found.status !== 'manual' || blocked) throw new Refused(400, '400 Bad request - Unplayable Job');
  for (const { key, value } of variables) found.variables.set(key, value);
  beginJob(call.world, pipeline, found.name);
  await call.changed(projectOf(call), pipeline);
  return job(call);
}

async function approve(call: Call) {
  const project = projectOf(call);
  const found = project.deployments.find(({ id }) => String(id) === call.params['deployment']);
  const waiting = project.pipelines.flatMap(({ jobs }) => jobs).find(({ id }) => id === found?.job);
  if (found === undefined || waiting === undefined) throw new Refused(404, '404 Not found');
  if (found.status !== 'blocked') throw new Refused(400, 'This deployment is not waiting for approvals');
  const said = { status: String(call.body['status']), comment: String(call.body['comment'] ?? '') };
  found.approvals.push(said);
  found.missing -= 1;
  if (said.status === 'rejected') {
    endJob(waiting, 'failed', 'deployment_rejected');
    found.status = 'failed';
    const pipeline = project.pipelines.find(({ jobs }) => jobs.includes(waiting));
    if (pipeline !== undefined) touch(pipeline, 'failed');
  } else if (found.missing <= 0) found.status = 'created';
  const user = userShape({ name: 'Countersign', email: 'bot@example.com', login: 'project_7_bot_5f' });
  return { status: 201, body: { user, ...said, created_at: '2026-09-01T09:00:00.000Z' } };
}

/** Kept elsewhere, as with object storage. */
function trace(call: Call) {
  return { status: 302, headers: { location: `${call.origin}/_traces/${jobOf(call).job.id}` } };
}

function artifact(call: Call) {
  const { folder, file = '' } = call.params;
  const text = jobOf(call).job.files.get(folder === undefined ? file : `${folder}/${file}`);
  if (text === undefined) throw new Refused(404, '404 Not found');
  return ok(text);
}
