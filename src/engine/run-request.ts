import type { Deployment } from '../domain/deployment.ts';
import { pipelineStage } from '../domain/plan.ts';
import { pageUrl } from '../domain/tell/context.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Pipeline, StartRequest } from '../ports/pipeline.ts';
import type { Kit } from './kit.ts';

/** What the provider is told: everything from the approved plan, nothing from the present configuration. */
export function startRequest(kit: Kit, deployment: Deployment): StartRequest {
  const { plan, findings } = deployment;
  if (plan === undefined || findings === undefined)
    throw new TypeError(`${deployment.id} has no plan, so there is nothing to run.`);
  const { repository, settings, timeoutMs } = pipelineStage(plan);
  const url = pageUrl(deployment, { catalog: kit.catalog() });
  return {
    // Unique over installations too: two of them may share a repository.
    correlation: `${deployment.id}-${deployment.token.slice(0, 8)}`,
    deployment: deployment.id,
    service: deployment.service,
    environment: deployment.environment,
    repository,
    sha: findings.sha,
    ...(plan.artifacts === undefined ? {} : { artifacts: plan.artifacts }),
    ...(plan.inputs === undefined ? {} : { inputs: plan.inputs }),
    kind: deployment.kind,
    requester: deployment.requester.name,
    ...(deployment.reason === undefined ? {} : { reason: deployment.reason }),
    ...(url === undefined ? {} : { url }),
    settings,
    timeoutMs,
  };
}

/** @throws PortFailure when the provider of the plan is not set up (any more); it may be again after a restart */
export function providerOf(kit: Kit, deployment: Deployment): Pipeline {
  const id = deployment.plan === undefined ? '' : pipelineStage(deployment.plan).provider;
  const found = kit.pipelines.get(id);
  if (found !== undefined) return found;
  throw new PortFailure(`The provider "${id}" is not set up.`, {
    port: 'engine',
    kind: 'unreachable',
    retryable: true,
  });
}
