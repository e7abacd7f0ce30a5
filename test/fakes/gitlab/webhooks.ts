import { createHmac, randomUUID } from 'node:crypto';
import { pipelineUrl, userShape } from './shapes.ts';
import type { FakeJob, FakePipeline, FakeProject } from './world.ts';

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HookSettings {
  readonly token?: string;
  readonly signingToken?: string;
}

/** Sends what GitLab would; keeps everything, so that it can be sent again as it was. */
export interface Postman {
  target?: HookSettings & { readonly url: string };
  readonly deliveries: readonly Delivery[];
  tell(project: FakeProject, pipeline: FakePipeline): Promise<void>;
  redeliver(delivery: Delivery): Promise<void>;
}

export function createPostman(): Postman {
  const deliveries: Delivery[] = [];
  const postman: Postman = { deliveries, tell, redeliver };

  async function tell(project: FakeProject, pipeline: FakePipeline): Promise<void> {
    const delivery = signed(postman.target ?? {}, 'Pipeline Hook', pipelineEvent(project, pipeline));
    deliveries.push(delivery);
    await redeliver(delivery);
  }

  async function redeliver({ headers, body }: Delivery): Promise<void> {
    if (postman.target === undefined) return;
    await fetch(postman.target.url, { method: 'POST', headers, body })
      .then((answer) => answer.text())
      .catch(() => undefined);
  }

  return postman;
}

/** docs.gitlab.com/user/project/integrations/webhook_events, "Pipeline events" */
export function pipelineEvent(project: FakeProject, pipeline: FakePipeline, parent?: number): Record<string, unknown> {
  const { id, ref, sha, status, source, createdAt, finishedAt } = pipeline;
  return {
    object_kind: 'pipeline',
    object_attributes: {
      id,
      iid: id,
      name: null,
      ref,
      tag: true,
      sha,
      before_sha: '0'.repeat(40),
      source,
      status,
      detailed_status: status,
      stages: ['deploy'],
      created_at: createdAt,
      finished_at: finishedAt,
      duration: null,
      variables: Object.entries(pipeline.variables).map(([key, value]) => ({ key, value })),
      url: pipelineUrl(project, pipeline),
    },
    merge_request: null,
    user: userShape({ name: 'Ben Okafor', email: 'ben@example.com', login: 'ben' }),
    project: { id: project.id, path_with_namespace: project.path },
    ...(parent === undefined
      ? {}
      : { source_pipeline: { project: { id: project.id }, job_id: 3, pipeline_id: parent } }),
    builds: [],
  };
}

/** The same page, "Job events" */
export function jobEvent(project: FakeProject, pipeline: FakePipeline, job: FakeJob): Record<string, unknown> {
  return {
    object_kind: 'build',
    ref: pipeline.ref,
    tag: true,
    sha: pipeline.sha,
    build_id: job.id,
    build_name: job.name,
    build_stage: 'deploy',
    build_status: job.status,
    pipeline_id: pipeline.id,
    project_id: project.id,
    project_name: project.path,
  };
}

/** Headers as the page "Webhooks" lists them; signed after standardwebhooks.com. */
export function signed(
  { token, signingToken }: HookSettings,
  event: string,
  payload: unknown,
  at: number = Date.now(),
): Delivery {
  const body = JSON.stringify(payload);
  const id = randomUUID();
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from((signingToken ?? '').replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitLab/18.3.0',
      'idempotency-key': id,
      'x-gitlab-event': event,
      'x-gitlab-webhook-uuid': randomUUID(),
      'x-gitlab-instance': 'https://gitlab.test',
      'x-gitlab-event-uuid': randomUUID(),
      ...(token === undefined ? {} : { 'x-gitlab-token': token }),
      ...(signingToken === undefined
        ? {}
        : { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }),
    },
  };
}
