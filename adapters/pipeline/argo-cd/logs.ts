import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, readApplication, wanted } from './context.ts';
import { currentOperation } from './operation.ts';
import { type Application, LogLine, type OperationState, type ResourceResult, type ResourceStatus } from './schema.ts';
import { isHook } from './steps.ts';
import { healthWord } from './words.ts';

const LOG_LINES = 200;
const LOG_BYTES = 64_000;

/** Whose pods Argo CD reads logs of by the name of their owner. */
const WITH_PODS = ['Job', 'Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Rollout'];

type Resource = Pick<ResourceResult, 'group' | 'kind' | 'namespace' | 'name'>;

/** What failed in Argo CD's words, and the end of what the pods of the failed hook or the degraded resource printed. */
export async function logs(context: Context, request: StartRequest): Promise<string> {
  const app = await readApplication(context, request);
  const current = currentOperation(app, request);
  if (current?.whose !== 'ours' || current.state === undefined) return '';
  const told = messages(current.state);
  const source = tellingResource(app, current.state);
  const printed = source === undefined ? '' : await podLog(context, request, source);
  return redact([...told, printed].filter((part) => part !== '').join('\n'));
}

function messages({ message, syncResult }: OperationState): readonly string[] {
  const failed = (syncResult?.resources ?? []).filter(hasFailed);
  const lines = failed.map((one) => `${one.kind} ${one.name}: ${one.message ?? 'failed'}`);
  return [message ?? '', ...lines.slice(0, 20)];
}

/** A failed hook; else what is degraded; else the last hook that began. */
function tellingResource(app: Application, { syncResult }: OperationState): Resource | undefined {
  const results = (syncResult?.resources ?? []).filter(({ kind }) => WITH_PODS.includes(kind));
  const bad = (app.status?.resources ?? []).filter(
    ({ kind, health }: ResourceStatus) => WITH_PODS.includes(kind) && healthWord(health?.status) === 'bad',
  );
  return results.find(hasFailed) ?? bad[0] ?? results.findLast(isHook);
}

/** Nothing when the pods are gone, as after a hook that is deleted at its end, or when the token may not read logs. */
async function podLog({ service }: Context, request: StartRequest, resource: Resource): Promise<string> {
  const { path, which } = wanted(request);
  const query = {
    ...which,
    group: resource.group ?? '',
    kind: resource.kind,
    namespace: resource.namespace ?? '',
    resourceName: resource.name,
    tailLines: LOG_LINES,
    follow: false,
  };
  const what = `the log of ${resource.kind} ${resource.name}`;
  const text = await service.tail({ what, path: `${path}/logs`, query, bytes: LOG_BYTES });
  return (text ?? '').split('\n').flatMap(contentOf).slice(-LOG_LINES).join('\n');
}

/** One entry a line; the first may be cut off. */
function contentOf(line: string): readonly string[] {
  try {
    const content = LogLine.safeParse(JSON.parse(line)).data?.result?.content ?? '';
    return content === '' ? [] : [content];
  } catch {
    return [];
  }
}

function hasFailed({ status, hookPhase }: ResourceResult): boolean {
  return status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error';
}
