import { adviceOn } from './parameters.ts';
import type { Part } from './read.ts';
import { jobState } from './schema.ts';
import type { Seen } from './snapshot.ts';

/** Why a run failed, in one sentence, with a next step where there is one. */
export function failureWords({ pipeline, parts, settings }: Seen): string {
  if (pipeline.state === 'errored') {
    const [error] = pipeline.errors ?? [];
    const words = (error?.message ?? '').trim();
    if (words === '') return `CircleCI could not begin the pipeline (${error?.type ?? 'no reason given'}).`;
    return `CircleCI could not begin the pipeline: ${words.replace(/\.?$/, '.')}${adviceOn(words, settings)}`;
  }
  const failed = parts
    .flatMap(({ jobs }) => jobs)
    .find(({ status }) => jobState(status) === 'failed' && status !== 'canceled');
  if (failed !== undefined) return jobWords(failed.name, failed.status);
  const bad = parts.find(({ workflow }) =>
    ['failed', 'error', 'unauthorized', 'not_run'].includes(workflow.status ?? ''),
  );
  if (bad !== undefined) return workflowWords(bad);
  const wish = settings.workflow === undefined ? 'no workflow' : `no workflow "${settings.workflow}"`;
  return `The pipeline has ${wish}, so nothing was deployed. Look at its conditions and its filters for branches and tags.`;
}

function jobWords(name: string, status: string | null): string {
  switch (status) {
    case 'timedout':
      return `Job "${name}" took too long.`;
    case 'infrastructure_fail':
    case 'terminated-unknown':
      return `Job "${name}" was lost by CircleCI itself (${status}).`;
    case 'unauthorized':
      return `Job "${name}" may not run. Give the user of the API token access to its contexts.`;
    default:
      return `Job "${name}" failed.`;
  }
}

function workflowWords({ workflow: { name, status } }: Part): string {
  switch (status) {
    case 'unauthorized':
      return `Workflow "${name}" may not run. Give the user of the API token access to its contexts.`;
    case 'not_run':
      return `Workflow "${name}" did not run, so nothing was deployed. Look at its filters, or name the one that counts under workflow.`;
    default:
      return `Workflow "${name}" ended with "${status ?? ''}".`;
  }
}
