import { reportedArtifacts } from '../../../src/domain/artifact.ts';
import { runEnded, type Snapshot, type Step } from '../../../src/domain/run.ts';
import { clip, counted } from '../../../src/domain/text.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { redact } from '../../shared/http/redact.ts';
import { switchedOff, syncsByItself } from './automated.ts';
import { type Context, pageOf, wanted } from './context.ts';
import { afterSync, suspended, type Verdict } from './health.ts';
import { type Current, initiatorOf } from './operation.ts';
import type { Application, OperationState } from './schema.ts';
import { commitAt, type Place } from './sources.ts';
import { iso, stepOf, stepsOf } from './steps.ts';
import { isRollout, waitsOf } from './waits.ts';
import { healthWord, phaseState } from './words.ts';

/** What our operation looks like now. */
export function snapshotOf(
  context: Context,
  app: Application,
  { operation, state }: Current,
  place: Place,
  request: StartRequest,
): Snapshot {
  const asked = commitAt(operation.sync, place, request.sha);
  const said = commitAt(state?.syncResult, place, request.sha) ?? asked;
  const commit = said === undefined ? {} : { sha: said };
  const url = pageOf(context, request);
  const off = offStep(app, request, state?.startedAt);
  if (state === undefined)
    return { state: 'queued', ...commit, steps: off, url, ...warned(aboutAutomated(app, place)) };
  const { settings } = wanted(request);
  const { state: now, since, warning } = verdictOn(app, state, request, context.tools.clock.now(), said);
  const endedAt = runEnded(now) ? iso(since ?? state.finishedAt) : undefined;
  const startedAt = iso(state.startedAt);
  const error = now === 'failed' ? errorOf(app, state, said, request) : undefined;
  const images = settings.images ? imagesOf(state) : {};
  return {
    state: now,
    ...commit,
    ...(images.artifacts === undefined ? {} : { artifacts: images.artifacts }),
    steps: [...off, ...stepsOf(state, now, endedAt)],
    ...(now === 'waiting' ? { waits: waitsOf(context, app, request) } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    url,
    ...(error === undefined ? {} : { error: clip(redact(error.split('\n')[0] ?? ''), 300) }),
    ...warned(warning, images.warning, aboutAutomated(app, place), aboutLeftovers(app, state, place, request)),
  };
}

/** Argo CD took up another operation: what became of ours will never be known, and it no longer counts. */
export function superseded(context: Context, { operation, state }: Current, request: StartRequest): Snapshot {
  const commit = operation.sync?.revision ?? operation.sync?.revisions?.join(', ') ?? '';
  const to = commit === '' ? '' : ` to ${commit.slice(0, 40)}`;
  const at = iso(state?.startedAt);
  const words = `Another operation${to} took its place, begun by ${initiatorOf(operation)}${at === undefined ? '' : ` at ${at}`}.`;
  return {
    state: 'cancelled',
    steps: [],
    url: pageOf(context, request),
    ...(at === undefined ? {} : { endedAt: at }),
    error: clip(redact(words), 300),
  };
}

function verdictOn(
  app: Application,
  operation: OperationState,
  request: StartRequest,
  now: number,
  sha: string | undefined,
): Verdict {
  const { settings } = wanted(request);
  const state = phaseState(operation);
  const since = operation.finishedAt ?? undefined;
  if (state === 'unknown') {
    const warning = `Argo CD gives the operation a phase that is not known here: "${operation.phase}".`;
    return { state, since: undefined, warning };
  }
  if (state === 'running') return { state: holdsWave(app, operation, request) ? 'waiting' : state, since };
  if (state !== 'succeeded') return { state, since };
  if (sha === undefined)
    return { state: 'unknown', since: undefined, warning: 'Argo CD does not say which commit it deployed.' };
  if (sha !== request.sha) return { state: 'failed', since };
  return afterSync(app, operation, settings, now);
}

/** A Rollout of this sync that is paused keeps the next wave waiting, while the operation goes on running. */
function holdsWave(app: Application, { syncResult }: OperationState, request: StartRequest): boolean {
  return suspended(app, wanted(request).settings).some(
    (one) =>
      isRollout(one) &&
      (syncResult?.resources ?? []).some(
        ({ kind, name, namespace, status }) =>
          kind === one.kind && name === one.name && namespace === one.namespace && status === 'Synced',
      ),
  );
}

/** The first line that tells why: a failed hook or resource, the operation's own words, or what is degraded. */
function errorOf(app: Application, operation: OperationState, sha: string | undefined, request: StartRequest): string {
  if (sha !== undefined && sha !== request.sha) return `Argo CD deployed ${sha} instead of the approved commit.`;
  if (phaseState(operation) === 'succeeded') {
    const { health, resources } = app.status ?? {};
    const bad = (resources ?? []).find((one) => healthWord(one.health?.status) === 'bad');
    const what = bad === undefined ? 'The application' : `${bad.kind} ${bad.name}`;
    const words = bad?.health?.message ?? health?.message ?? '';
    return `${what} is ${(bad?.health?.status ?? health?.status ?? '').toLowerCase()} after the sync${words === '' ? '.' : `: ${words}`}`;
  }
  const failed = (operation.syncResult?.resources ?? []).find(
    ({ status, hookPhase }) => status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error',
  );
  if (failed === undefined) return (operation.message ?? '') || `The operation ended as ${operation.phase}.`;
  return `${failed.kind} ${failed.name} failed${(failed.message ?? '') === '' ? '.' : `: ${failed.message}`}`;
}

function offStep(app: Application, { deployment }: StartRequest, at: string | null | undefined): readonly Step[] {
  if (switchedOff(app)?.by !== deployment) return [];
  const times = { startedAt: iso(at), endedAt: iso(at) };
  return [stepOf('Automated sync switched off', 'succeeded', times)];
}

/** Whoever reads it must know that the application no longer follows its branch, or that it will undo this. */
function aboutAutomated(app: Application, { tracked, pinned }: Place): string | undefined {
  const off = switchedOff(app);
  if (syncsByItself(app))
    return pinned ? undefined : `Automated sync is on and tracks ${tracked}: Argo CD may undo this deployment.`;
  if (off === undefined) return undefined;
  const owner = (app.metadata.ownerReferences ?? []).find(({ kind }) => kind === 'ApplicationSet');
  const but = owner === undefined ? '' : ` The ApplicationSet ${owner.name} may switch it on again by itself.`;
  return `Automated sync is off since ${off.by}: the application does not follow ${tracked} until it is switched on again.${but}`;
}

function aboutLeftovers(
  app: Application,
  { syncResult }: OperationState,
  place: Place,
  { sha }: StartRequest,
): string | undefined {
  const left = (syncResult?.resources ?? []).filter(({ status }) => status === 'PruneSkipped').length;
  if (left > 0) return `${counted(left, 'resource')} of the former version stayed, because prune is off.`;
  const { sync } = app.status ?? {};
  const differs = sync?.status === 'OutOfSync' && commitAt(sync, place, sha) === sha;
  return differs ? 'What runs differs from the commit in places (OutOfSync).' : undefined;
}

/** `ghcr.io/acme/web:1.2@sha256:…` names its content; without the digest it does not count. */
function imagesOf({ syncResult }: OperationState): Pick<Snapshot, 'artifacts' | 'warning'> {
  const images = [...new Set((syncResult?.resources ?? []).flatMap(({ images: named }) => named ?? []))];
  const said = images.map((image) => {
    const [name = '', digest = ''] = image.split('@');
    return { name: redact(name.replace(/:[^/:]*$/, '')), digest };
  });
  const { artifacts, left } = reportedArtifacts(said);
  const words = `${counted(left, 'artifact')} cannot be compared: at most 20 images count, and only with a digest.`;
  return { ...(artifacts.length === 0 ? {} : { artifacts }), ...(left === 0 ? {} : { warning: words }) };
}

function warned(...words: readonly (string | undefined)[]): { readonly warning?: string } {
  const said = words.filter((one) => one !== undefined).join(' ');
  return said === '' ? {} : { warning: clip(redact(said), 500) };
}
