import type { FakeJob, FakePipeline, FakeProject, FakeWorkflow } from './world.ts';

/**
 * Answers in the forms of CircleCI's API description. That a pipeline of the GitHub App has `trigger_parameters.git` instead of `vcs`,
 * and what is in it, is from the samples at https://circleci.com/docs/reference/outbound-webhooks-reference and from the types of
 * CircleCI's own command line. Neither tells the parameters of a start.
 */
export function pipelineShape(project: FakeProject, pipeline: FakePipeline): Record<string, unknown> {
  return {
    id: pipeline.id,
    number: pipeline.number,
    project_slug: project.slug,
    state: pipeline.state,
    errors: pipeline.errors,
    created_at: pipeline.createdAt,
    updated_at: pipeline.createdAt,
    trigger: {
      type: pipeline.trigger,
      received_at: pipeline.createdAt,
      actor: { login: 'deploy-bot', avatar_url: null },
    },
    ...(project.definition === undefined
      ? { vcs: vcsShape(project, pipeline) }
      : { trigger_parameters: git(pipeline) }),
  };
}

function vcsShape({ repository }: FakeProject, { ref, sha }: FakePipeline): Record<string, unknown> {
  const url = `https://github.com/${repository.name}`;
  return { provider_name: 'GitHub', origin_repository_url: url, target_repository_url: url, revision: sha, ...ref };
}

function git({ ref, sha }: FakePipeline): Record<string, unknown> {
  const [tag, branch] = 'tag' in ref ? [ref.tag, ''] : ['', ref.branch];
  const name = tag === '' ? `refs/heads/${branch}` : `refs/tags/${tag}`;
  return { git: { tag, branch, ref: name, checkout_sha: sha }, circleci: { trigger_type: 'api', event_type: 'api' } };
}

export function workflowShape(
  project: FakeProject,
  pipeline: FakePipeline,
  workflow: FakeWorkflow,
): Record<string, unknown> {
  return {
    id: workflow.id,
    name: workflow.name,
    pipeline_id: pipeline.id,
    pipeline_number: pipeline.number,
    project_slug: project.slug,
    status: workflow.status,
    ...(workflow.tag === undefined ? {} : { tag: workflow.tag }),
    started_by: '03987f6a-4c27-4dc1-b6ab-c7e83bb3e713',
    created_at: workflow.createdAt,
    stopped_at: workflow.stoppedAt ?? null,
  };
}

/** An approval has a number of its own, under which no job is found: https://github.com/Kesin11/CIAnalyzer/pull/1125 */
export function jobShape(project: FakeProject, job: FakeJob): Record<string, unknown> {
  return {
    id: job.id,
    job_number: job.number,
    name: job.name,
    type: job.type,
    status: job.status,
    project_slug: project.slug,
    dependencies: [],
    started_at: job.startedAt ?? null,
    stopped_at: job.stoppedAt ?? null,
    ...(job.type === 'approval' ? { approval_request_id: job.id } : {}),
    ...(job.approvedBy === undefined ? {} : { approved_by: job.approvedBy }),
  };
}

/** Version 1.1, "Single Job": https://circleci.com/docs/api/v1/#single-job */
export function outputShape(job: FakeJob, origin: string): Record<string, unknown> {
  return {
    build_num: job.number,
    status: job.status,
    lifecycle: job.stoppedAt === undefined ? 'running' : 'finished',
    steps: job.actions.map((action, step) => ({
      name: action.name,
      actions: [
        {
          index: 0,
          step,
          name: action.name,
          bash_command: action.name,
          type: 'test',
          status: action.status,
          failed: action.status === 'failed' ? true : null,
          exit_code: action.status === 'failed' ? 1 : 0,
          has_output: action.output !== '',
          ...(action.output === '' ? {} : { output_url: `${origin}/_storage/${job.id}/${step}` }),
        },
      ],
    })),
  };
}

/** `workflow-completed` and `job-completed`, from the samples of the webhook reference. */
export function eventShape(id: string, project: FakeProject, pipeline: FakePipeline, what: FakeWorkflow | FakeJob) {
  const type = 'jobs' in what ? 'workflow-completed' : 'job-completed';
  const [part, more] = 'jobs' in what ? ['workflow', { created_at: what.createdAt }] : ['job', { number: what.number }];
  return {
    id,
    type,
    happened_at: new Date().toISOString(),
    webhook: { id: 'cf8c4fdd-0587-4da1-b4ca-4846e9640af9', name: 'Countersign' },
    project: { id: '84996744-a854-4f5e-aea3-04e2851dc1d2', name: project.repository.name, slug: project.slug },
    organization: { id: 'f22b6566-597d-46d5-ba74-99ef5bb3d85c', name: 'acme' },
    [part]: { id: what.id, name: what.name, status: what.status, stopped_at: what.stoppedAt ?? null, ...more },
    pipeline: {
      id: pipeline.id,
      number: pipeline.number,
      created_at: pipeline.createdAt,
      trigger: { type: pipeline.trigger },
      ...(project.definition === undefined
        ? { vcs: vcsShape(project, pipeline) }
        : { trigger_parameters: git(pipeline) }),
    },
  };
}
