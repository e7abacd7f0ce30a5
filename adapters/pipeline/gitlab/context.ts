import type { Run } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import { type GitLab, projectPath } from '../../shared/gitlab/client.ts';
import { Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  readonly gitlab: GitLab;
  readonly tools: AdapterTools;
}

/** A start request in GitLab's own terms. */
export interface Wanted {
  /** `projects/acme%2Fweb` */
  readonly project: string;
  readonly settings: Settings;
  /** Name of the short-lived tag that pins the run to the approved commit. */
  readonly tag: string;
}

export function wanted({ id }: Context, request: StartRequest): Wanted {
  return {
    project: projectPath(id, request.repository),
    settings: Settings.parse(request.settings),
    tag: `countersign/${request.deployment}`,
  };
}

export function wordsFor(run: Run, request: StartRequest): string {
  return `pipeline ${run.id} of ${request.repository}`;
}
