import { setOperation, takeUp } from './controller.ts';
import { shapeOf } from './shapes.ts';
import type { FakeApplication, FakeOperation, World } from './world.ts';

export interface Call {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

type Handler = (call: Call, application: FakeApplication) => Reply;

/** Codes of gRPC, and what its gateway makes of them (grpc-gateway, runtime/errors.go). */
const STATUS = { 3: 400, 5: 404, 7: 403, 9: 400, 12: 501, 16: 401 } as const;

/** Thrown by handlers; becomes Argo CD's own form of a refusal. */
export class Refused extends Error {
  readonly code: keyof typeof STATUS;

  constructor(code: keyof typeof STATUS, message: string) {
    super(message);
    this.code = code;
  }

  reply(): Reply {
    return { status: STATUS[this.code], body: { error: this.message, code: this.code, message: this.message } };
  }
}

/** What the handlers say no with are the words of server/application/application.go of argoproj/argo-cd. */
export const ROUTES: readonly (readonly [method: string, template: string, handle: Handler])[] = [
  ['GET', '/api/v1/applications/{name}', read],
  ['PATCH', '/api/v1/applications/{name}', patch],
  ['POST', '/api/v1/applications/{name}/sync', sync],
  ['POST', '/api/v1/applications/{name}/rollback', rollback],
  ['DELETE', '/api/v1/applications/{name}/operation', terminate],
  ['GET', '/api/v1/applications/{name}/logs', logs],
  ['GET', '/api/v1/applications/{name}/resource/actions', actions],
  ['POST', '/api/v1/applications/{name}/resource/actions', actFirstForm],
  ['POST', '/api/v1/applications/{name}/resource/actions/v2', act],
];

/** Of what is not there Argo CD says that it is not allowed, unless the project is named. */
export function applicationOf({ world, params, query, body }: Call): FakeApplication {
  const name = params['name'] ?? '';
  const found = world.applications.get(name);
  const project = query.get('project') ?? (field(body, 'project') as string | undefined);
  if (found !== undefined && (project ?? found.project) === found.project) return found;
  if (project === undefined) throw new Refused(7, 'permission denied');
  throw new Refused(5, `applications.argoproj.io "${name}" not found`);
}

function read({ world }: Call, application: FakeApplication): Reply {
  takeUp(world, application);
  return { status: 200, body: shapeOf(application) };
}

function sync({ world, body }: Call, application: FakeApplication): Reply {
  const wish = body as {
    revision?: string;
    revisions?: string[];
    sourcePositions?: number[];
    infos?: { name: string; value: string }[];
    prune?: boolean;
    strategy?: unknown;
    syncOptions?: { items?: string[] };
  };
  if (world.quirks.windowClosed) throw new Refused(7, 'cannot sync: blocked by sync window');
  const commit =
    application.sources === undefined
      ? one(application, wish.revision ?? '')
      : several(application, wish.revisions ?? [], wish.sourcePositions ?? []);
  begin(application, {
    ...(wish.infos === undefined ? {} : { info: wish.infos }),
    initiatedBy: { username: 'countersign' },
    sync: {
      ...commit,
      prune: wish.prune ?? false,
      ...(wish.syncOptions?.items === undefined ? {} : { syncOptions: wish.syncOptions.items }),
      ...(wish.strategy === undefined ? {} : { syncStrategy: wish.strategy }),
    },
  });
  return { status: 200, body: shapeOf(application) };
}

function one(application: FakeApplication, revision: string): FakeOperation['sync'] {
  const source = application.source ?? { repoURL: '' };
  const tracked = source.targetRevision ?? 'HEAD';
  if (syncsByItself(application) && revision !== tracked)
    throw new Refused(9, `Cannot sync to ${revision}: auto-sync currently set to ${tracked}`);
  return { revision, source };
}

function several(
  application: FakeApplication,
  wished: readonly string[],
  positions: readonly number[],
): FakeOperation['sync'] {
  const sources = application.sources ?? [];
  if (wished.length !== positions.length)
    throw new Refused(9, 'source positions and revisions must have the same length');
  const revisions = sources.map(({ targetRevision }) => targetRevision ?? 'HEAD');
  for (const [index, position] of positions.entries()) {
    if (position <= 0 || position > sources.length) throw new Refused(9, 'source position is out of range');
    const wish = wished[index] ?? '';
    if (syncsByItself(application) && wish !== revisions[position - 1])
      throw new Refused(
        9,
        `Cannot sync source ${sources[position - 1]?.repoURL} to ${wish}: auto-sync currently set to ${revisions[position - 1]}`,
      );
    revisions[position - 1] = wish;
  }
  return { revisions, sources };
}

function rollback({ body }: Call, application: FakeApplication): Reply {
  const { id, prune = false } = body as { id: number; prune?: boolean };
  if (syncsByItself(application)) throw new Refused(9, 'rollback cannot be initiated when auto-sync is enabled');
  const entry = application.history.find((one) => one.id === id);
  if (entry === undefined)
    throw new Refused(3, `application argocd/${application.name} does not have deployment with id ${id}`);
  const { revision, revisions, source, sources } = entry;
  begin(application, {
    initiatedBy: { username: 'countersign' },
    sync: {
      revision,
      ...(revisions === undefined ? {} : { revisions }),
      ...(sources === undefined ? {} : { sources }),
      source,
      prune,
      syncStrategy: { apply: {} },
    },
  });
  return { status: 200, body: shapeOf(application) };
}

function begin(application: FakeApplication, operation: FakeOperation): void {
  if (application.operation !== undefined)
    throw new Refused(9, 'error setting app operation: another operation is already in progress');
  setOperation(application, operation);
}

function terminate(_call: Call, application: FakeApplication): Reply {
  if (application.operation === undefined || application.state === undefined)
    throw new Refused(3, 'Unable to terminate operation. No operation is in progress');
  application.state.phase = 'Terminating';
  return { status: 200, body: {} };
}

/** Merge patches alone (RFC 7396), of what the server takes over: the spec and the annotations. */
function patch({ world, body }: Call, application: FakeApplication): Reply {
  const { patch: text = '', patchType } = body as { patch?: string; patchType?: string };
  if (!world.quirks.mayUpdate)
    throw new Refused(
      7,
      `permission denied: applications, update, ${application.project}/${application.name}, sub: countersign`,
    );
  if (patchType !== 'merge') throw new Refused(3, `Patch type '${patchType}' is not supported`);
  const now = shapeOf(application) as {
    metadata: { annotations?: Record<string, string> };
    spec: Record<string, unknown>;
  };
  const next = merged(now, JSON.parse(text)) as typeof now;
  application.annotations = next.metadata.annotations ?? {};
  const { automated } = (next.spec['syncPolicy'] ?? {}) as { automated?: Record<string, unknown> };
  if (automated === undefined) delete application.automated;
  else application.automated = automated;
  return { status: 200, body: shapeOf(application) };
}

function merged(target: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const result: Record<string, unknown> = { ...(typeof target === 'object' ? target : {}) };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

function logs({ query }: Call, application: FakeApplication): Reply {
  const lines = application.logs.get(query.get('resourceName') ?? '') ?? [];
  const last = lines.slice(-Number(query.get('tailLines') ?? 0));
  const podName = `${query.get('resourceName')}-x7k2p`;
  const entries = last.map((content) => ({
    result: { content, timeStamp: '2026-09-01T08:00:00Z', last: false, timeStampStr: '2026-09-01T08:00:00Z', podName },
  }));
  const end = {
    result: {
      content: '',
      timeStamp: '2026-09-01T08:00:01Z',
      last: true,
      timeStampStr: '2026-09-01T08:00:01Z',
      podName: '',
    },
  };
  return { status: 200, body: [...entries, end].map((entry) => `${JSON.stringify(entry)}\n`).join('') };
}

/** `discovery.lua` of argoproj.io/Rollout in resource_customizations of argoproj/argo-cd. */
function actions({ world, query }: Call, application: FakeApplication): Reply {
  const found = application.resources.find(
    ({ kind, name }) => kind === query.get('kind') && name === query.get('resourceName'),
  );
  if (found === undefined)
    throw new Refused(
      3,
      `${query.get('kind')} argoproj.io ${query.get('resourceName')} not found as part of application ${application.name}`,
    );
  const paused = found.health?.status === 'Suspended' && !world.quirks.wentOn;
  return {
    status: 200,
    body: {
      actions: [{ name: 'abort', disabled: !paused }, { name: 'resume', disabled: !paused }, { name: 'restart' }],
    },
  };
}

function act(call: Call, application: FakeApplication): Reply {
  if (!call.world.quirks.actionsV2) throw new Refused(5, 'Not Found');
  return perform(application, String(field(call.body, 'action')), String(field(call.body, 'resourceName')));
}

function actFirstForm({ body, query }: Call, application: FakeApplication): Reply {
  return perform(application, String(body), query.get('resourceName') ?? '');
}

function perform(application: FakeApplication, action: string, resource: string): Reply {
  application.acted.push({ action, resource, words: application.annotations['countersign/answered'] ?? '' });
  const health =
    action === 'abort'
      ? { status: 'Degraded', message: 'RolloutAborted: Rollout aborted update to revision 2' }
      : { status: 'Progressing' };
  for (const found of application.resources)
    if (found.name === resource && found.kind === 'Rollout') found.health = health;
  application.health = health;
  return { status: 200, body: {} };
}

function syncsByItself({ automated }: FakeApplication): boolean {
  return automated !== undefined && automated['enabled'] !== false;
}

function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}
