import type { Run } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import type { Service } from '../../shared/http/service.ts';
import { Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  readonly gate: Service;
  readonly tools: AdapterTools;
  /** Address of Deck without a slash at the end, where it is known. */
  readonly deck: string | undefined;
}

/** A start request in Spinnaker's own terms. */
export interface Wanted {
  readonly settings: Settings;
  readonly application: string;
  /** The pipeline for this kind of deployment. */
  readonly pipeline: string;
  /** In words, for failures: `pipeline Deploy of web`. */
  readonly what: string;
}

export function wanted(request: StartRequest): Wanted {
  const settings = Settings.parse(request.settings);
  const { application } = settings;
  const pipeline = (request.kind === 'rollback' ? settings.rollback?.pipeline : undefined) ?? settings.pipeline;
  return { settings, application, pipeline, what: `pipeline "${pipeline}" of ${application}` };
}

export function runOf(context: Context, application: string, id: string): Run {
  const url = pageOf(context, application, id);
  return { provider: context.id, id, ...(url === undefined ? {} : { url }) };
}

/**
 * The page of a run, or of one of its stages. Source: the states `executionDetails` and `execution` of Deck
 * (github.com/spinnaker/deck, packages/core/src/pipeline/pipeline.states.ts).
 */
export function pageOf({ deck }: Context, application: string, id: string, stage?: string): string | undefined {
  if (deck === undefined) return undefined;
  const [app, run] = [application, id].map(encodeURIComponent);
  const place = stage === undefined ? '' : `?stageId=${encodeURIComponent(stage)}`;
  return `${deck}/#/applications/${app}/executions/details/${run}${place}`;
}
