import { BUILD, DEPLOYMENT, type FakeApplication, type FakeOperation, type FakeResource, type World } from './world.ts';

/** What Argo CD's server does with every new operation: `SetAppOperation`, util/argo/argo.go of argoproj/argo-cd. */
export function setOperation(application: FakeApplication, operation: FakeOperation): void {
  application.operation = operation;
  delete application.state;
  application.told.push(operation);
}

/** What its controller does with an operation: `processRequestedAppOperation`, controller/appcontroller.go. */
export function takeUp({ quirks, now }: World, application: FakeApplication): void {
  const { operation, state } = application;
  if (operation === undefined || quirks.idle) return;
  if (state?.phase === 'Terminating') {
    finish({ now }, application, 'Failed', 'Operation terminated');
    return;
  }
  if (state !== undefined) return;
  const { revision = '', revisions } = operation.sync;
  const other = quirks.otherSha;
  application.state = {
    operation,
    phase: 'Running',
    message: 'waiting for completion of hook batch/Job/build',
    startedAt: now(),
    syncResult: {
      revision: revisions === undefined ? (other ?? revision) : '',
      ...(revisions === undefined ? {} : { revisions: revisions.map((one) => other ?? one) }),
      source: operation.sync.source ?? { repoURL: '' },
      resources: [
        { ...BUILD, hookType: 'PreSync', hookPhase: '', syncPhase: 'PreSync', status: '', message: '' },
        { ...DEPLOYMENT, hookPhase: '', syncPhase: 'Sync', status: '', message: '' },
      ],
    },
  };
}

/** The test does in place of hooks and of the cluster. */
export interface Lever {
  readonly application: FakeApplication;
  /** The hook `build` begins. */
  begin(): void;
  /** Everything is applied; the cluster is as healthy as said, and the application was compared again. */
  apply(health?: string, message?: string): void;
  /** Everything is applied, but the controller has not looked at the application since. */
  applyUnseen(): void;
  succeed(): void;
  /** The hook `build` fails. */
  fail(): void;
  end(phase: string, message: string): void;
  phase(word: string): void;
  health(word: string, message?: string): void;
  images(...images: readonly string[]): void;
  /** The Rollout `web` is paused in a step. */
  pause(message: string, kind?: Pick<FakeResource, 'group' | 'kind'>): void;
  /** From now on Argo CD knows of no operation. */
  lose(): void;
  /** Somebody else syncs the application. */
  sync(operation: FakeOperation): void;
}

export function leverOf(world: World, application: FakeApplication): Lever {
  const { now } = world;
  const state = () => {
    takeUp(world, application);
    if (application.state === undefined) throw new RangeError(`${application.name} has no operation`);
    return application.state;
  };
  const hook = () => state().syncResult.resources.filter(({ hookType }) => hookType !== undefined);
  const setHealth = (status: string, message?: string) => {
    application.health = { status, ...(message === undefined ? {} : { message }), lastTransitionTime: now() };
    for (const one of application.resources) one.health = { status, ...(message === undefined ? {} : { message }) };
    application.reconciledAt = now();
  };
  const applyAll = () => {
    for (const one of state().syncResult.resources) {
      const own = one.hookType === undefined;
      // What is no hook keeps the word Running for ever.
      Object.assign(one, {
        status: 'Synced',
        hookPhase: own ? 'Running' : 'Succeeded',
        message: own ? 'deployment.apps/web configured' : 'Reached expected number of succeeded pods',
      });
    }
    finish(world, application, 'Succeeded', 'successfully synced (all tasks run)');
  };
  return {
    application,
    begin() {
      for (const one of hook())
        Object.assign(one, { hookPhase: 'Running', status: 'Synced', message: 'job.batch/build created' });
    },
    apply(health = 'Healthy', message) {
      applyAll();
      setHealth(health, message);
    },
    applyUnseen() {
      application.reconciledAt = '2020-01-01T00:00:00Z';
      applyAll();
    },
    succeed() {
      applyAll();
      setHealth('Healthy');
    },
    fail() {
      for (const one of hook())
        Object.assign(one, {
          hookPhase: 'Failed',
          status: 'Synced',
          message: 'Job has reached the specified backoff limit',
        });
      application.logs.set('build', [
        ...Array.from({ length: 3 }, (_, line) => `line ${line}`),
        'Build broke: no such table',
      ]);
      finish(world, application, 'Failed', 'one or more synchronization tasks completed unsuccessfully');
    },
    end: (phase, message) => finish(world, application, phase, message),
    phase(word) {
      state().phase = word;
    },
    health: setHealth,
    images(...images) {
      const result = state().syncResult.resources.find(({ kind }) => kind === 'Deployment');
      if (result !== undefined) result.images = [...images];
    },
    pause(message, kind = { group: 'argoproj.io', kind: 'Rollout' }) {
      applyAll();
      setHealth('Suspended');
      application.resources = [
        { ...DEPLOYMENT, ...kind, version: 'v1alpha1', status: 'Synced', health: { status: 'Suspended', message } },
        {
          group: '',
          version: 'v1',
          kind: 'Service',
          namespace: 'shop',
          name: 'web',
          status: 'Synced',
          health: { status: 'Healthy' },
        },
      ];
    },
    lose() {
      delete application.operation;
      delete application.state;
    },
    sync(operation) {
      setOperation(application, operation);
      takeUp(world, application);
    },
  };
}

function finish({ now }: Pick<World, 'now'>, application: FakeApplication, phase: string, message: string): void {
  const { state } = application;
  if (state === undefined) throw new RangeError(`${application.name} has no operation`);
  Object.assign(state, { phase, message, finishedAt: now() });
  delete application.operation;
  if (phase !== 'Succeeded') return;
  const { revision, revisions, source } = state.syncResult;
  application.sync = { status: 'Synced', revision, ...(revisions === undefined ? {} : { revisions }) };
  application.history.push({
    id: application.history.length,
    revision,
    ...(revisions === undefined ? {} : { revisions, sources: [...(state.operation.sync.sources ?? [])] }),
    source,
    deployedAt: now(),
  });
}
