import type { Run } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import type { AppRunner } from './client.ts';
import { regionOf, Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  readonly tools: AdapterTools;
  /** App Runner in one region. */
  readonly in: (region: string) => AppRunner;
}

export interface Wanted {
  readonly settings: Settings;
  readonly client: AppRunner;
}

export function wanted(context: Context, request: StartRequest): Wanted {
  const settings = Settings.parse(request.settings);
  return { settings, client: context.in(regionOf(settings)) };
}

/** A run is an operation on a service; its page shows the logs. */
export function runOf(context: Context, operation: string, settings: Settings): Run {
  return { provider: context.id, id: operation, url: pageOf(settings) };
}

export function pageOf(settings: Settings): string {
  const region = regionOf(settings);
  const arn = encodeURIComponent(settings.service);
  return `https://${region}.console.aws.amazon.com/apprunner/home?region=${region}#/services/dashboard?service_arn=${arn}&active_tab=logs`;
}
