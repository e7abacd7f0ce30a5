import type { RunState } from '../../../src/domain/run.ts';
import type { Application, OperationState, ResourceStatus, Settings } from './schema.ts';
import { healthWord } from './words.ts';

/** What the health of the application makes of a sync that has succeeded. */
export interface Verdict {
  readonly state: RunState;
  /** When it became so, as Argo CD says; else the end of the sync. */
  readonly since: string | undefined;
  readonly warning?: string;
}

/**
 * Healthy is success; degraded is a failure once it has lasted longer than the target allows, because new pods often are for a moment.
 * The health counts only after the application was compared once more since the sync: before, it may still be that of the former
 * version (the rule of `argocd app wait`, cmd/argocd/commands/app.go).
 * @param now milliseconds since 1970
 */
export function afterSync(app: Application, operation: OperationState, settings: Settings, now: number): Verdict {
  const { health, reconciledAt } = app.status ?? {};
  const finishedAt = operation.finishedAt ?? undefined;
  const since = latest(finishedAt, health?.lastTransitionTime ?? undefined);
  const compared = finishedAt !== undefined && Date.parse(reconciledAt ?? '') >= Date.parse(finishedAt);
  if (!compared) return { state: 'running', since: undefined };
  switch (healthWord(health?.status)) {
    case 'healthy':
      return { state: 'succeeded', since };
    case 'progressing':
      return { state: 'running', since: undefined };
    case 'suspended':
      return isMeantToBe(app, settings) ? { state: 'succeeded', since } : { state: 'waiting', since };
    case 'bad': {
      const patience = Date.parse(since ?? '') + settings.degradedGraceSeconds * 1000;
      return now >= patience ? { state: 'failed', since } : { state: 'running', since: undefined };
    }
    case 'unknown':
      return {
        state: 'unknown',
        since: undefined,
        warning: `Argo CD gives the application a health that is not known here: "${health?.status ?? ''}".`,
      };
  }
}

/** What is suspended and is not meant to be. */
export function suspended(app: Application, { mayBeSuspended }: Settings): readonly ResourceStatus[] {
  return (app.status?.resources ?? []).filter(
    ({ kind, health }) => healthWord(health?.status) === 'suspended' && !mayBeSuspended.includes(kind),
  );
}

/** Whatever is worse than suspended would show in the application's own health, which is that of its worst resource. */
function isMeantToBe(app: Application, settings: Settings): boolean {
  const all = (app.status?.resources ?? []).filter(({ health }) => healthWord(health?.status) === 'suspended');
  return all.length > 0 && suspended(app, settings).length === 0;
}

function latest(...times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .toSorted((one, other) => Date.parse(one) - Date.parse(other))
    .at(-1);
}
