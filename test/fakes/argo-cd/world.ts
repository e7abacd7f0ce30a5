/** Shapes as `v1alpha1Application` in Argo CD's description of its API has them. */
export interface FakeResult {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  status: string;
  message: string;
  hookType?: string;
  hookPhase: string;
  syncPhase: string;
  images?: string[];
}

export interface FakeResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  status: string;
  health?: { status: string; message?: string };
}

export interface FakeSource {
  repoURL: string;
  path?: string;
  chart?: string;
  targetRevision?: string;
}

export interface FakeOperation {
  readonly info?: readonly { readonly name: string; readonly value: string }[];
  readonly initiatedBy: { readonly username?: string; readonly automated?: boolean };
  readonly sync: {
    readonly revision?: string;
    readonly revisions?: readonly string[];
    readonly prune?: boolean;
    readonly syncOptions?: readonly string[];
    readonly syncStrategy?: unknown;
    readonly source?: FakeSource;
    readonly sources?: readonly FakeSource[];
  };
}

export interface FakeState {
  readonly operation: FakeOperation;
  phase: string;
  message: string;
  readonly startedAt: string;
  finishedAt?: string;
  syncResult: { revision: string; revisions?: string[]; resources: FakeResult[]; source: FakeSource };
}

export interface FakeApplication {
  readonly name: string;
  readonly namespace: string;
  readonly project: string;
  annotations: Record<string, string>;
  owner?: { readonly kind: string; readonly name: string };
  source?: FakeSource;
  sources?: FakeSource[];
  automated?: Record<string, unknown>;
  retry?: Record<string, unknown>;
  operation?: FakeOperation;
  state?: FakeState;
  health: { status: string; message?: string; lastTransitionTime?: string };
  sync: { status: string; revision: string; revisions?: string[] };
  resources: FakeResource[];
  readonly history: {
    id: number;
    revision: string;
    revisions?: string[];
    source: FakeSource;
    sources?: FakeSource[];
    deployedAt: string;
  }[];
  reconciledAt: string;
  /** Every operation it was ever told to do. */
  readonly told: FakeOperation[];
  /** What pods printed, by the name of their owner. */
  readonly logs: Map<string, string[]>;
  /** Actions run on its resources, with the words that stood on the application by then. */
  readonly acted: { readonly action: string; readonly resource: string; readonly words: string }[];
}

/** How the fake differs from a well-behaved Argo CD. May be changed at any time. */
export interface Quirks {
  /** The controller syncs this commit instead of the one it was told. */
  otherSha?: string;
  /** The controller does not take operations up. */
  idle: boolean;
  /** Argo CD before 3.1 has no second form of resource actions. */
  actionsV2: boolean;
  /** A sync window of the project forbids manual syncs. */
  windowClosed: boolean;
  /** A Rollout has gone on, which its health does not show yet. */
  wentOn: boolean;
  /** The token may not change applications. */
  mayUpdate: boolean;
}

export interface World {
  readonly applications: Map<string, FakeApplication>;
  readonly quirks: Quirks;
  /** As Kubernetes writes times: whole seconds, UTC. */
  readonly now: () => string;
}

export function createWorld(clock: () => number): World {
  return {
    applications: new Map(),
    quirks: { idle: false, actionsV2: true, wentOn: false, windowClosed: false, mayUpdate: true },
    now: () => new Date(clock()).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

export const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment', namespace: 'shop', name: 'web' } as const;
export const BUILD = { group: 'batch', version: 'v1', kind: 'Job', namespace: 'shop', name: 'build' } as const;

/** Out of sync with a commit of long ago, and healthy. */
export function addApplication(
  world: World,
  name: string,
  more: Partial<Pick<FakeApplication, 'source' | 'sources' | 'automated' | 'retry' | 'owner'>> = {},
): FakeApplication {
  const source = { repoURL: 'https://github.com/acme/web.git', path: 'deploy', targetRevision: 'main' };
  const before = world.now();
  const application: FakeApplication = {
    name,
    namespace: 'argocd',
    project: 'shop',
    annotations: {},
    ...(more.sources === undefined ? { source } : {}),
    ...more,
    health: { status: 'Healthy' },
    sync: { status: 'Synced', revision: '0'.repeat(40) },
    resources: [{ ...DEPLOYMENT, status: 'Synced', health: { status: 'Healthy' } }],
    history: [],
    reconciledAt: before,
    told: [],
    logs: new Map(),
    acted: [],
  };
  world.applications.set(name, application);
  return application;
}
