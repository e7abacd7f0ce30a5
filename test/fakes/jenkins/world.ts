/** A parameter as a job or an `input` step declares it; `type` is the class of its definition. */
export interface FakeParameter {
  readonly name: string;
  readonly type: string;
  readonly choices?: readonly string[];
  readonly defaultVal?: string | boolean;
}

export interface FakeStage {
  readonly id: string;
  readonly name: string;
  status: string;
  readonly begun: number;
  ended?: number;
  error?: string;
}

export interface FakeInput {
  readonly id: string;
  readonly message: string;
  readonly parameters: readonly FakeParameter[];
  /** Users and groups that may answer; everybody who may build when empty. */
  readonly submitter: string;
  answered?: 'proceed' | 'abort';
  values?: unknown;
}

export interface FakeBuild {
  readonly number: number;
  readonly queueId: number;
  readonly parameters: Readonly<Record<string, string>>;
  building: boolean;
  result: string | null;
  readonly timestamp: number;
  duration: number;
  description: string | null;
  /** What the git plugin checked out, in this order. */
  readonly checkouts: { readonly sha: string; readonly remotes: readonly string[] }[];
  readonly stages: FakeStage[];
  readonly inputs: FakeInput[];
  console: string;
  /** Archived files by their paths. */
  readonly archived: Map<string, string>;
  /** Ends only when it is asked this hard. */
  endsBy: 'stop' | 'term' | 'kill';
}

export interface FakeJob {
  /** Full name, folders first. */
  readonly name: string;
  readonly kind: 'pipeline' | 'freestyle';
  readonly parameters: FakeParameter[];
  /** Where it checks out from. */
  readonly remotes: readonly string[];
  buildable: boolean;
  readonly builds: FakeBuild[];
}

export interface FakeItem {
  readonly id: number;
  readonly job: FakeJob;
  readonly parameters: Readonly<Record<string, string>>;
  readonly since: number;
  /** The classes of `hudson.model.Queue`, and whether it is there longer than usual. */
  kind: 'WaitingItem' | 'BlockedItem' | 'BuildableItem' | 'LeftItem';
  stuck: boolean;
  why: string | null;
  cancelled: boolean;
  number?: number;
}

/** All that the fake remembers. */
export interface World {
  readonly jobs: Map<string, FakeJob>;
  readonly items: FakeItem[];
  lastItem: number;
}

const text = (name: string): FakeParameter => ({ name, type: 'StringParameterDefinition' });

/** A job that declares what Countersign gives every job. */
export function addJob(world: World, name: string, more: Partial<FakeJob> = {}): FakeJob {
  const job: FakeJob = {
    name,
    kind: 'pipeline',
    parameters: ['COUNTERSIGN_ID', 'COUNTERSIGN_SHA'].map(text),
    remotes: ['https://github.com/acme/web.git'],
    buildable: true,
    builds: [],
    ...more,
  };
  world.jobs.set(name, job);
  return job;
}

/** Takes a job into the queue with what it declares; Jenkins passes over everything else that it is given. */
export function enqueue(world: World, job: FakeJob, given: Readonly<Record<string, string>>): FakeItem {
  world.lastItem += 1;
  const declared = job.parameters.map(({ name }) => [name, given[name] ?? ''] as const);
  const item: FakeItem = {
    id: world.lastItem,
    job,
    parameters: Object.fromEntries(declared),
    since: Date.now(),
    kind: 'BuildableItem',
    stuck: false,
    why: 'Waiting for next available executor',
    cancelled: false,
  };
  world.items.push(item);
  return item;
}

/** An executor takes it up, and checks out the commit that it was given, or another one. */
export function beginBuild(item: FakeItem, sha = item.parameters['COUNTERSIGN_SHA'] ?? ''): FakeBuild {
  const { job } = item;
  const known = job.builds.find(({ queueId }) => queueId === item.id);
  if (known !== undefined) return known;
  const build: FakeBuild = {
    number: job.builds.length + 1,
    queueId: item.id,
    parameters: item.parameters,
    building: true,
    result: null,
    timestamp: Date.now(),
    duration: 0,
    description: null,
    checkouts: [{ sha, remotes: job.remotes }],
    stages: [],
    inputs: [],
    console: 'Started by user Countersign\n[Pipeline] Start of Pipeline\n',
    archived: new Map(),
    endsBy: 'stop',
  };
  job.builds.push(build);
  Object.assign(item, { kind: 'LeftItem', why: null, stuck: false, number: build.number });
  return build;
}

/** Begins a stage, or ends it with the plugin's own word; a stage that begins ends the one before it well. */
export function setStage(build: FakeBuild, name: string, status = 'IN_PROGRESS', error?: string): void {
  const known = build.stages.find((stage) => stage.name === name);
  if (known === undefined) {
    for (const stage of build.stages) endStage(stage, 'SUCCESS');
    build.stages.push({ id: String(5 + 4 * build.stages.length), name, status: 'IN_PROGRESS', begun: Date.now() });
  }
  const stage = build.stages.find((one) => one.name === name);
  if (stage === undefined || status === 'IN_PROGRESS') return;
  if (error !== undefined) stage.error = error;
  endStage(stage, status);
}

export function endBuild(build: FakeBuild, result: string): void {
  if (!build.building) return;
  const words: Readonly<Record<string, string>> = { FAILURE: 'FAILED' };
  for (const stage of build.stages) endStage(stage, words[result] ?? result);
  build.building = false;
  build.result = result;
  build.duration = Date.now() - build.timestamp + 1;
}

function endStage(stage: FakeStage, status: string): void {
  if (stage.ended !== undefined) return;
  stage.status = status;
  stage.ended = Date.now();
}
