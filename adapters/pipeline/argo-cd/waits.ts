import type { Run, Wait } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, pageOf, patchApplication, readApplication, refused, wanted } from './context.ts';
import { suspended } from './health.ts';
import { currentOperation } from './operation.ts';
import { Actions, type Application, type ResourceStatus } from './schema.ts';
import { iso } from './steps.ts';

/** Who answered last, beside the application: actions of resources take no words. */
const ANSWERED = 'countersign/answered';

/** A paused Rollout goes on with `resume`, and back with `abort`: https://argo-cd.readthedocs.io/en/stable/operator-manual/resource_actions_builtin/ */
const ACTIONS = { approve: 'resume', reject: 'abort' } as const;

/** What waits for a person: whatever is suspended and is not meant to be. Only a Rollout can be answered from here. */
export function waitsOf(context: Context, app: Application, request: StartRequest): readonly Wait[] {
  const all = suspended(app, wanted(request).settings);
  const url = pageOf(context, request);
  if (all.length === 0) return [{ id: 'application', name: 'The application is suspended', url, answerable: false }];
  return all.map((resource) => {
    const since = iso(resource.health?.lastTransitionTime);
    return {
      id: idOf(resource),
      name: nameOf(resource, all.length > 1),
      ...(since === undefined ? {} : { since }),
      url,
      answerable: isRollout(resource),
    };
  });
}

export function isRollout({ group, kind }: Pick<ResourceStatus, 'group' | 'kind'>): boolean {
  return group === 'argoproj.io' && kind === 'Rollout';
}

/** Tells the Rollout to go on, or to go back to the stable version. Nothing is done when it no longer waits. */
export async function answer(
  context: Context,
  _run: Run,
  request: StartRequest,
  wait: Wait,
  verdict: 'approve' | 'reject',
  words: string,
  fence?: Fence,
): Promise<void> {
  const app = await readApplication(context, request);
  const resource = suspended(app, wanted(request).settings).find((one) => idOf(one) === wait.id);
  if (resource === undefined) return;
  if (currentOperation(app, request)?.whose !== 'ours')
    throw refused(context, 'superseded', 'Another operation of the application came in between. Answer in Argo CD.');
  if (!isRollout(resource))
    throw refused(
      context,
      'not-answerable',
      `Only a paused Rollout can be answered from here. Answer "${wait.name}" in Argo CD.`,
    );
  const action = ACTIONS[verdict];
  if (!(await isOffered(context, request, resource, action))) return;
  await noteAnswer(context, request, `${action}: ${words}`, fence);
  await act(context, request, resource, action, fence);
}

async function isOffered(
  { service }: Context,
  request: StartRequest,
  resource: ResourceStatus,
  action: string,
): Promise<boolean> {
  const { path, which } = wanted(request);
  const query = { ...which, ...addressOf(resource) };
  const what = `the actions of ${resource.kind} ${resource.name}`;
  const { actions } = await service.get({ what, path: `${path}/resource/actions`, query, form: Actions });
  return (actions ?? []).some(({ name, disabled }) => name === action && disabled !== true);
}

/** Tells every Rollout of our operation that is paused to go back. */
export async function abortAll(context: Context, run: Run, request: StartRequest): Promise<void> {
  const app = await readApplication(context, request);
  if (currentOperation(app, request)?.whose !== 'ours') return;
  for (const wait of waitsOf(context, app, request).filter(({ answerable }) => answerable))
    await answer(context, run, request, wait, 'reject', 'the deployment was stopped');
}

/** The record is a courtesy: a token that may only act on Rollouts can still answer. */
async function noteAnswer(context: Context, request: StartRequest, words: string, fence?: Fence): Promise<void> {
  try {
    await patchApplication(context, request, { metadata: { annotations: { [ANSWERED]: clip(words, 300) } } }, fence);
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.retryable) throw error;
    context.tools.log.info({ provider: context.id, error: error.message }, 'Argo CD keeps no note of who answered');
  }
}

/** Argo CD before 3.1 knows the older form only. */
async function act(
  { service }: Context,
  request: StartRequest,
  resource: ResourceStatus,
  action: string,
  fence?: Fence,
): Promise<void> {
  const { settings, path, which } = wanted(request);
  const what = `${action} of ${resource.kind} ${resource.name}`;
  const address = addressOf(resource);
  const json = { name: settings.application, ...which, ...address, action };
  try {
    await service.send({ what, path: `${path}/resource/actions/v2`, json }, fence);
  } catch (error) {
    if (!(error instanceof PortFailure) || error.details.kind !== 'not-found') throw error;
    const query = { ...which, ...address };
    await service.send({ what, path: `${path}/resource/actions`, query, json: action }, fence);
  }
}

function addressOf({ group, version, kind, namespace, name }: ResourceStatus) {
  return {
    group: group ?? '',
    version: version ?? '',
    kind,
    namespace: namespace ?? '',
    resourceName: name,
  };
}

function idOf({ group, kind, namespace, name }: ResourceStatus): string {
  return [group ?? '', kind, namespace ?? '', name].join('/');
}

/** In Argo CD's words, e.g. `CanaryPauseStep`; with the resource where there are several. */
function nameOf({ kind, name, health }: ResourceStatus, several: boolean): string {
  const said = (health?.message ?? '').split('\n')[0] ?? '';
  const resource = `${kind} ${name}`;
  if (said === '') return `${resource} is suspended`;
  return clip(redact(several ? `${said} (${resource})` : said), 120);
}
