import type { FakeBuild, FakeInput, FakeItem, FakeJob, FakeStage } from './world.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Answers as Jenkins gives them. The queue item is dressed after the ones in the tests of python-jenkins (tests/test_queue.py), the build
 * with its git data after published ones (Geode-nightly 1308 of builds.apache.org, Gerrit-codestyle 46047 of gerrit-ci.gerritforge.com).
 * Both are whole; the API then shows what `tree` asks for.
 */
export function itemShape(item: FakeItem, root: string): Json {
  const { id, job, parameters, since, kind, stuck, why, cancelled, number } = item;
  const left = kind === 'LeftItem';
  return {
    _class: `hudson.model.Queue$${kind}`,
    actions: [parametersShape(parameters), causeShape(), {}],
    blocked: kind === 'BlockedItem',
    buildable: kind === 'BuildableItem',
    id,
    inQueueSince: since,
    params: Object.entries(parameters)
      .map(([name, value]) => `\n${name}=${value}`)
      .join(''),
    stuck,
    task: { _class: jobClass(job), name: job.name.split('/').at(-1), url: `${root}/${jobPath(job)}/`, color: 'blue' },
    url: `queue/item/${id}/`,
    why,
    ...(left ? { cancelled, executable: number === undefined ? null : executable(job, number, root) } : {}),
  };
}

function executable(job: FakeJob, number: number, root: string): Json {
  return { _class: buildClass(job), number, url: `${root}/${jobPath(job)}/${number}/` };
}

export function buildShape(job: FakeJob, build: FakeBuild, root: string): Json {
  const { number, queueId, parameters, building, result, timestamp, duration, description, checkouts } = build;
  return {
    _class: buildClass(job),
    // Old ones show an action that shows nothing as null.
    actions: [parametersShape(parameters), causeShape(), null, {}, ...checkouts.map(checkoutShape), {}],
    building,
    description,
    displayName: `#${number}`,
    duration,
    estimatedDuration: 120_000,
    fullDisplayName: `${job.name.replaceAll('/', ' » ')} #${number}`,
    id: String(number),
    keepLog: false,
    number,
    queueId,
    result,
    timestamp,
    url: `${root}/${jobPath(job)}/${number}/`,
  };
}

/** `hudson.plugins.git.util.BuildData`. */
function checkoutShape({ sha, remotes }: FakeBuild['checkouts'][number]): Json {
  const revision = { SHA1: sha, branch: [{ SHA1: sha, name: 'detached' }] };
  return {
    _class: 'hudson.plugins.git.util.BuildData',
    buildsByBranchName: { detached: { _class: 'hudson.plugins.git.util.Build', buildNumber: 1, revision } },
    lastBuiltRevision: revision,
    remoteUrls: remotes,
    scmName: '',
  };
}

function parametersShape(parameters: Readonly<Record<string, string>>): Json {
  const shown = Object.entries(parameters).map(([name, value]) => ({
    _class: 'hudson.model.StringParameterValue',
    name,
    value,
  }));
  return { _class: 'hudson.model.ParametersAction', parameters: shown };
}

function causeShape(): Json {
  const cause = { _class: 'hudson.model.Cause$UserIdCause', shortDescription: 'Started by user Countersign' };
  return { _class: 'hudson.model.CauseAction', causes: [cause] };
}

export function jobShape(job: FakeJob, root: string): Json {
  const builds = job.builds.toReversed().map((build) => buildShape(job, build, root));
  const definitions = job.parameters.map(({ name, type, choices }) => ({
    _class: `hudson.model.${type}`,
    name,
    type,
    description: '',
    ...(choices === undefined ? {} : { choices }),
  }));
  const property = { _class: 'hudson.model.ParametersDefinitionProperty', parameterDefinitions: definitions };
  return {
    _class: jobClass(job),
    fullName: job.name,
    buildable: job.buildable,
    builds: builds.slice(0, 100),
    allBuilds: builds,
    property: [{ _class: 'jenkins.model.BuildDiscarderProperty' }, ...(definitions.length === 0 ? [] : [property])],
  };
}

/** `GET .../wfapi/describe` of the README of pipeline-stage-view-plugin/rest-api, with what its class `RunExt` has beside it. */
export function describeShape(job: FakeJob, build: FakeBuild, prefix: string): Json {
  const words: Readonly<Record<string, string>> = { FAILURE: 'FAILED', NOT_BUILT: 'NOT_EXECUTED' };
  const asks = openInputs(build).length > 0;
  const status = build.building ? (asks ? 'PAUSED_PENDING_INPUT' : 'IN_PROGRESS') : (build.result ?? 'FAILED');
  const at = `${prefix}/${jobPath(job)}/${build.number}`;
  const open = asks ? { pendingInputActions: { href: `${at}/wfapi/pendingInputActions` } } : {};
  return {
    _links: { self: { href: `${at}/wfapi/describe` }, ...open },
    id: String(build.number),
    name: `#${build.number}`,
    status: words[status] ?? status,
    startTimeMillis: build.timestamp,
    endTimeMillis: build.timestamp + build.duration,
    durationMillis: build.duration,
    queueDurationMillis: 3,
    pauseDurationMillis: 0,
    stages: build.stages.map((stage) => stageShape(stage, at, asks)),
  };
}

function stageShape({ id, name, status, begun, ended, error }: FakeStage, at: string, asks: boolean): Json {
  return {
    _links: { self: { href: `${at}/execution/node/${id}/wfapi/describe` } },
    id,
    name,
    execNode: '',
    status: asks && status === 'IN_PROGRESS' ? 'PAUSED_PENDING_INPUT' : status,
    ...(error === undefined ? {} : { error: { message: error, type: 'hudson.AbortException' } }),
    startTimeMillis: begun,
    durationMillis: (ended ?? Date.now()) - begun,
    pauseDurationMillis: 0,
  };
}

/** `PendingInputActionsExt` and `InputParameterDefExt` of the same plugin. */
export function pendingShape(job: FakeJob, build: FakeBuild, prefix: string): readonly Json[] {
  const at = `${prefix}/${jobPath(job)}/${build.number}`;
  return openInputs(build).map(({ id, message, parameters }) => ({
    id,
    proceedText: 'Proceed',
    message,
    inputs: parameters.map(({ name, type, choices, defaultVal }) => ({
      type,
      name,
      description: '',
      definition: {
        ...(defaultVal === undefined ? {} : { defaultVal }),
        ...(choices === undefined ? {} : { choices }),
      },
    })),
    proceedUrl: `${at}/wfapi/inputSubmit?inputId=${id}`,
    abortUrl: `${at}/input/${id}/abort`,
    redirectApprovalUrl: `${at}/input/`,
  }));
}

export function openInputs(build: FakeBuild): readonly FakeInput[] {
  return build.building ? build.inputs.filter(({ answered }) => answered === undefined) : [];
}

/** Example of the README of notification-plugin, with the fields that its `BuildState` has had since. */
export function notificationShape(job: FakeJob, build: FakeBuild, phase: string, root: string): Json {
  return {
    name: job.name.split('/').at(-1),
    display_name: job.name.split('/').at(-1),
    url: `${jobPath(job)}/`,
    build: {
      full_url: `${root}/${jobPath(job)}/${build.number}/`,
      number: build.number,
      queue_id: build.queueId,
      timestamp: build.timestamp,
      duration: build.duration,
      phase,
      ...(build.result === null ? {} : { status: build.result }),
      url: `${jobPath(job)}/${build.number}/`,
      scm: { url: build.checkouts[0]?.remotes[0], commit: build.checkouts[0]?.sha, changes: [], culprits: [] },
      parameters: build.parameters,
      log: '',
      notes: '',
      artifacts: {},
    },
  };
}

function jobPath({ name }: FakeJob): string {
  return name
    .split('/')
    .map((part) => `job/${encodeURIComponent(part)}`)
    .join('/');
}

function jobClass({ kind }: FakeJob): string {
  return kind === 'pipeline' ? 'org.jenkinsci.plugins.workflow.job.WorkflowJob' : 'hudson.model.FreeStyleProject';
}

function buildClass({ kind }: FakeJob): string {
  return kind === 'pipeline' ? 'org.jenkinsci.plugins.workflow.job.WorkflowRun' : 'hudson.model.FreeStyleBuild';
}
