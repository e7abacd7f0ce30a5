import { z } from 'zod';
import { clip } from '../../../src/domain/text.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { RecordState, StartRequest } from '../../../src/ports/pipeline.ts';
import { sendFenced } from '../../shared/github/fenced.ts';
import { type Context, wanted } from './context.ts';
import { Deployment, DeploymentStatus, OurPayload } from './schema.ts';

/**
 * Makes GitHub's own deployments page say the same as ours. Safe to repeat: the deployment is looked up by our id in its payload
 * before one is made, and a status that already stands is not set again.
 */
export async function record(
  context: Context,
  request: StartRequest,
  state: RecordState,
  words: string,
  fence?: Fence,
): Promise<void> {
  const { place, settings } = wanted(context, request);
  if (settings.environment === false) return;
  const environment = settings.environment ?? request.environment;
  const deployment =
    (await findDeployment(context, request, environment)) ??
    (await makeDeployment(context, request, environment, fence));
  const what = `deployment ${deployment} of ${request.repository}`;
  const parameters = { ...place, deployment_id: deployment };
  const [last] = await context.github.get({
    what,
    route: 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    parameters: { ...parameters, per_page: 1 },
    form: z.array(DeploymentStatus),
  });
  // 140 characters are what GitHub takes.
  const description = clip(words, 140);
  if (last?.state === state && last.description === description) return;
  const link = request.url === undefined ? {} : { log_url: request.url };
  const route = 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  await sendFenced(context, { what, route, parameters: { ...parameters, state, description, ...link } }, fence);
}

async function findDeployment(
  context: Context,
  request: StartRequest,
  environment: string,
): Promise<number | undefined> {
  const { place } = wanted(context, request);
  const found = await context.github.get({
    what: `the deployments of ${request.repository}`,
    route: 'GET /repos/{owner}/{repo}/deployments',
    parameters: { ...place, sha: request.sha, environment, task: 'deploy', per_page: 100 },
    form: z.array(Deployment),
  });
  return found.find((deployment) => OurPayload.safeParse(deployment.payload).data?.countersign === request.deployment)
    ?.id;
}

async function makeDeployment(
  context: Context,
  request: StartRequest,
  environment: string,
  fence?: Fence,
): Promise<number> {
  const { place } = wanted(context, request);
  const what = `a deployment of ${request.repository}`;
  const order = {
    what,
    route: 'POST /repos/{owner}/{repo}/deployments',
    parameters: {
      ...place,
      ref: request.sha,
      task: 'deploy',
      environment,
      auto_merge: false,
      // The checks were judged by our own gates already.
      required_contexts: [],
      description: clip(`${request.deployment} by ${request.requester}`, 140),
      payload: { countersign: request.deployment },
    },
  } as const;
  const answer = await sendFenced(context, order, fence);
  return context.github.read({ what }, answer, Deployment).id;
}
