import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import type { AdapterTools } from '../../shared/adapter.ts';
import type { GitHub } from '../../shared/github/client.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { Heroku } from './client.ts';
import { Settings } from './schema.ts';

/** What every member of the provider works with. */
export interface Context {
  /** Key of the provider in the configuration. */
  readonly id: string;
  readonly heroku: Heroku;
  readonly tools: AdapterTools;
  /** Where archives come from; absent: each target names its own. */
  readonly github?: GitHub;
  /** Runs that were stopped from here: Heroku says of a stopped build only that it failed. */
  readonly stopped: Set<string>;
}

/** A run of ours is a build with the release that it leads to, or a release alone. */
export type Kind = 'build' | 'release';

const RELEASE = 'release:';
/** Pages of people's own: https://devcenter.heroku.com/articles/heroku-dashboard */
const DASHBOARD = 'https://dashboard.heroku.com/apps';

export function settingsOf(request: StartRequest): Settings {
  return Settings.parse(request.settings);
}

/** `apps/<app>/...`, encoded. */
export function below(app: string, ...parts: readonly string[]): string {
  return pathOf('apps', app, ...parts);
}

export function runOf(context: Context, kind: Kind, id: string, app: string): Run {
  const url = `${DASHBOARD}/${encodeURIComponent(app)}/activity/${kind}s/${encodeURIComponent(id)}`;
  return { provider: context.id, id: `${kind === 'release' ? RELEASE : ''}${id}`, url };
}

export function partsOf({ id }: Pick<Run, 'id'>): { readonly kind: Kind; readonly id: string } {
  return id.startsWith(RELEASE) ? { kind: 'release', id: id.slice(RELEASE.length) } : { kind: 'build', id };
}

export function releaseRun(id: string): string {
  return `${RELEASE}${id}`;
}

export function refused(context: Context, code: string, message: string): PortFailure {
  return new PortFailure(message, { port: context.id, kind: 'refused', retryable: false, code });
}
