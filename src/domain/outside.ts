import type { Catalog } from './catalog.ts';
import type { Run, RunState } from './run.ts';

/** A run of a pipeline that targets use, which somebody started at the provider and not here. */
export interface OutsideRun {
  readonly run: Run;
  /** What was run, as the provider calls it, e.g. `deploy.yml`. */
  readonly workflow: string;
  /** Who started it, by the provider's name for them. */
  readonly actor: string;
  readonly sha: string;
  readonly state: RunState;
  /** ISO 8601 in UTC. */
  readonly began: string;
}

/** A service and environment that such a run may have changed. */
export interface Spot {
  readonly service: string;
  readonly environment: string;
}

/** Written on each target that the run may have changed: when it was first seen, and when it had ended. */
export interface OutsideEvent extends Omit<OutsideRun, 'began'> {
  readonly type: 'outside-run';
}

/** Every target that a provider runs from a repository, as far as `uses` says so of its settings. */
export function spotsOf(
  catalog: Catalog,
  provider: string,
  repository: string,
  uses: (settings: Readonly<Record<string, unknown>>) => boolean,
): readonly Spot[] {
  const own = Object.values(catalog.services).filter(
    ({ repository: { name } }) => name.toLowerCase() === repository.toLowerCase(),
  );
  return own.flatMap(({ id: service, targets }) =>
    Object.values(targets)
      .filter(({ pipeline }) => pipeline.provider === provider && uses(pipeline.settings))
      .map(({ environment }) => ({ service, environment })),
  );
}
