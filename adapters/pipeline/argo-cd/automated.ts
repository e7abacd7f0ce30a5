import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, patchApplication, refused, wanted } from './context.ts';
import { type Application, Automated } from './schema.ts';
import { commitAt, type Place } from './sources.ts';

/** Says on the application who switched automated sync off, and how it was set, so that people see it and it can be restored. */
const SWITCHED_OFF = 'countersign/automated-sync';

/** What was switched off, as it stands in the annotation. */
export interface SwitchedOff {
  /** The deployment that did it. */
  readonly by: string;
  readonly was: Automated;
}

/** Since Argo CD 3 automated sync may be there and yet be off (`enabled: false`). */
export function syncsByItself({ spec }: Application): boolean {
  const { automated } = spec.syncPolicy ?? {};
  return automated !== null && automated !== undefined && automated.enabled !== false;
}

export function switchedOff({ metadata }: Application): SwitchedOff | undefined {
  try {
    const { by, was } = JSON.parse(metadata.annotations?.[SWITCHED_OFF] ?? '') as Readonly<Record<string, unknown>>;
    const automated = Automated.safeParse(was);
    return typeof by === 'string' && automated.success ? { by, was: automated.data } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * An application that syncs by itself deploys no other commit than the one it tracks, refuses every rollback, and would take both back.
 * Refuses the deployment, or switches automated sync off in one change with the note of how it was.
 */
export async function quieted(
  context: Context,
  app: Application,
  request: StartRequest,
  { tracked }: Place,
  fence?: Fence,
): Promise<Application> {
  const { settings, what } = wanted(request);
  const automated = app.spec.syncPolicy?.automated;
  if (!syncsByItself(app) || automated === null || automated === undefined) return app;
  if (settings.automatedSync === 'refuse') {
    const message = `Automated sync of ${what} is on and tracks ${tracked}, so that Argo CD would not deploy ${request.sha.slice(0, 7)}, or would undo it.`;
    const advice = "Switch it off there, or set `automatedSync: switch-off` in the target's pipeline.";
    throw refused(context, 'automated-sync', `${message} ${advice}`);
  }
  const note: SwitchedOff = { by: request.deployment, was: automated };
  const annotations = { [SWITCHED_OFF]: JSON.stringify(note) };
  const patch = { metadata: { annotations }, spec: { syncPolicy: { automated: null } } };
  return patchApplication(context, request, patch, fence);
}

/**
 * Switches automated sync on again as it was, where the target wants that and it changes nothing at this moment: a regular deployment
 * has succeeded, and what the application tracks is the very commit that was deployed. After a rollback it stays off.
 */
export async function restored(context: Context, app: Application, request: StartRequest, place: Place): Promise<void> {
  const { settings } = wanted(request);
  const note = switchedOff(app);
  const { sync } = app.status ?? {};
  if (!settings.restoreAutomatedSync || request.kind !== 'regular') return;
  if (note === undefined || syncsByItself(app)) return;
  if (sync?.status !== 'Synced' || commitAt(sync, place, request.sha) !== request.sha) return;
  const patch = { metadata: { annotations: { [SWITCHED_OFF]: null } }, spec: { syncPolicy: { automated: note.was } } };
  await patchApplication(context, request, patch);
}
