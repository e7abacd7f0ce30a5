import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Artifact, artifactLines, reportedArtifacts } from '../../src/domain/artifact.ts';
import type { Run, RunState, Snapshot, Step, StepState, Wait } from '../../src/domain/run.ts';
import { runEnded } from '../../src/domain/run.ts';
import { type FailureDetails, PortFailure } from '../../src/ports/failure.ts';
import type { Fence } from '../../src/ports/fence.ts';
import type { Pipeline, RecordState, StartRequest, WebhookVerdict } from '../../src/ports/pipeline.ts';

type Member = 'start' | 'look' | 'stop' | 'find' | 'logs' | 'tidy' | 'record' | 'answer';

/** What runs do without anybody's hand: how many looks they stay as they are, and how they end. */
interface FakeScript {
  readonly steps: readonly string[];
  /** With the look of this number the run has ended; a step ends with each look before. */
  readonly looks: number;
  readonly end: 'succeeded' | 'failed' | 'cancelled' | 'timed-out';
  readonly error?: string;
}

interface FakeRun {
  readonly id: string;
  readonly request: StartRequest;
  /** The commit it really has. */
  readonly sha: string;
  state: RunState;
  steps: readonly Step[];
  readonly startedAt: string;
  endedAt?: string;
  error?: string;
  warning?: string;
  artifacts?: readonly Artifact[];
  log: string;
  waits: readonly Wait[];
  answered?: FakeAnswer;
  looks: number;
  lost: boolean;
  readonly script?: FakeScript;
}

/** What somebody said to a question of the provider's. */
export interface FakeAnswer {
  readonly verdict: 'approve' | 'reject';
  readonly words: string;
}

/** A provider in memory. It outlives the pipelines made from it, as a real one outlives our restarts. */
export interface FakeProvider {
  readonly runs: readonly FakeRun[];
  /** Every call in order, e.g. `start D-1`, `stop D-1`; a start that its fence held back is none. */
  readonly calls: readonly string[];
  readonly records: readonly { readonly deployment: string; readonly state: RecordState; readonly words: string }[];
  readonly tidied: readonly string[];
  pipeline(): Pipeline;
  /** What runs started from now on do by themselves; nothing when undefined. */
  script(script: FakeScript | undefined): void;
  /** What a run says that it built or deploys. */
  nameArtifacts(name: string, artifacts: readonly Artifact[]): void;
  /** What it was told to deploy. */
  toldArtifacts(name: string): string;
  /** The next run gets this commit instead of the one asked for. */
  otherCommit(sha: string): void;
  /** The run of a deployment, or of an id. */
  run(name: string): FakeRun;
  step(name: string, step: string, state: StepState): void;
  end(name: string, state: 'succeeded' | 'failed' | 'cancelled' | 'timed-out', error?: string): void;
  lose(name: string): void;
  /** The run waits for a person. */
  wait(name: string, question: string, answerable?: boolean): void;
  /** Makes the next calls of a member fail. `obeyed`: the provider did what was asked, and only the answer is lost. */
  failNext(member: Member, details: Partial<FailureDetails>, more?: { times?: number; obeyed?: boolean }): void;
  /** Until `true` is said, every call fails as if nobody were there. */
  reachable(is: boolean): void;
  /** Holds the answers of a member back until the function returned is called. */
  hold(member: Member): () => void;
  webhook(name: string, secret?: string): { headers: Record<string, string>; body: string };
}

const FAKE_SECRET = 'the secret of the fake provider';

/** @param now the time that runs begin and end at, milliseconds since 1970 */
export function createFakeProvider(id = 'fake', now: () => number = () => Date.now()): FakeProvider {
  const runs: FakeRun[] = [];
  const calls: string[] = [];
  const records: { deployment: string; state: RecordState; words: string }[] = [];
  const tidied: string[] = [];
  const faults: { member: Member; details: Partial<FailureDetails>; obeyed: boolean; left: number }[] = [];
  const held = new Map<Member, Promise<void>>();
  let plan: FakeScript | undefined;
  let other: string | undefined;
  let up = true;
  let deliveries = 0;
  const iso = () => new Date(now()).toISOString();

  function run(name: string): FakeRun {
    const found = runs.find((one) => one.id === name) ?? runs.find(({ request }) => request.deployment === name);
    if (found === undefined) throw new RangeError(`The fake provider has no run "${name}"`);
    return found;
  }

  function known(handle: Run): FakeRun {
    const found = runs.find((one) => one.id === handle.id && !one.lost);
    if (found !== undefined) return found;
    throw new PortFailure(`The provider does not know run ${handle.id}.`, {
      port: id,
      kind: 'not-found',
      retryable: false,
    });
  }

  /** One call: counted, held back, made to fail, or obeyed. */
  async function call<Result>(
    member: Member,
    request: StartRequest,
    obey: () => Result,
    fence?: Fence,
  ): Promise<Result> {
    await held.get(member);
    fence?.();
    calls.push(`${member} ${request.deployment}`);
    if (!up) throw failure({ kind: 'unreachable', retryable: true });
    const fault = faults.find((one) => one.member === member && one.left > 0);
    if (fault === undefined) return obey();
    fault.left -= 1;
    if (fault.obeyed) obey();
    throw failure(fault.details);
  }

  function failure(details: Partial<FailureDetails>): PortFailure {
    return new PortFailure('The fake provider was told to fail.', {
      port: id,
      kind: 'unreachable',
      retryable: true,
      ...details,
    });
  }

  function start(request: StartRequest): Run {
    const found = runs.find((one) => one.request.correlation === request.correlation);
    if (found !== undefined) return handleOf(found);
    const startedAt = iso();
    const begun: FakeRun = {
      id: String(812 + runs.length),
      request,
      sha: other ?? request.sha,
      state: 'queued',
      steps: (plan?.steps ?? []).map((name) => ({ name, state: 'waiting' })),
      startedAt,
      log: '',
      looks: 0,
      lost: false,
      waits: [],
      ...(plan === undefined ? {} : { script: plan }),
    };
    other = undefined;
    runs.push(begun);
    return handleOf(begun);
  }

  function handleOf(one: FakeRun): Run {
    return { provider: id, id: one.id, url: `https://fake.test/runs/${one.id}` };
  }

  function look(one: FakeRun): Snapshot {
    one.looks += 1;
    if (one.script !== undefined && !runEnded(one.state)) play(one, one.script);
    const { state, sha, steps, startedAt, endedAt, error, waits } = one;
    const { artifacts, left } = reportedArtifacts(one.artifacts ?? []);
    const warning = one.warning ?? (left === 0 ? undefined : `${left} artifact cannot be compared`);
    return {
      state,
      sha,
      steps,
      startedAt,
      url: `https://fake.test/runs/${one.id}`,
      ...(artifacts.length === 0 ? {} : { artifacts }),
      ...(waits.length === 0 ? {} : { waits }),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(error === undefined ? {} : { error }),
      ...(warning === undefined ? {} : { warning }),
    };
  }

  function play(one: FakeRun, script: FakeScript): void {
    if (one.looks >= script.looks) {
      close(one, script.end, script.error);
      return;
    }
    one.state = 'running';
    const ended = Math.min(script.steps.length - 1, one.looks - 1);
    one.steps = script.steps.map((name, index) => ({
      name,
      state: index < ended ? 'succeeded' : index === ended ? 'running' : 'waiting',
      ...(index <= ended ? { startedAt: one.startedAt } : {}),
      ...(index < ended ? { endedAt: iso() } : {}),
    }));
  }

  function setStep(one: FakeRun, name: string, state: StepState): void {
    one.state = 'running';
    const former = one.steps.find((step) => step.name === name);
    const startedAt = former?.startedAt ?? iso();
    const ended = state === 'succeeded' || state === 'failed' || state === 'skipped';
    const next: Step = {
      name,
      state,
      ...(state === 'waiting' ? {} : { startedAt }),
      ...(ended ? { endedAt: iso() } : {}),
    };
    one.steps = former === undefined ? [...one.steps, next] : one.steps.map((step) => (step === former ? next : step));
  }

  function close(one: FakeRun, state: FakeScript['end'], error?: string): void {
    const good = state === 'succeeded';
    one.steps = one.steps.map((step) => {
      if (step.state === 'running') return { ...step, state: good ? 'succeeded' : 'failed', endedAt: iso() };
      return step.state === 'waiting' ? { ...step, state: good ? 'succeeded' : 'skipped' } : step;
    });
    one.state = state;
    one.endedAt = iso();
    const words = error ?? (state === 'failed' ? 'The run was told to fail.' : undefined);
    if (words !== undefined) one.error = words;
  }

  function answer(one: FakeRun, wait: Wait, said: FakeAnswer): void {
    if (!one.waits.some((open) => open.id === wait.id)) return;
    one.waits = [];
    one.answered = said;
    if (said.verdict === 'approve') one.state = 'running';
    else close(one, 'failed', 'A person rejected it.');
  }

  const pipeline: Pipeline = {
    id,
    pace: { firstMs: 10, mostMs: 100 },
    start: (request, fence) => call('start', request, () => start(request), fence),
    look: (handle, request) => call('look', request, () => look(known(handle))),
    stop: (handle, request) =>
      call('stop', request, () => {
        const one = known(handle);
        if (!runEnded(one.state)) close(one, 'cancelled');
      }),
    find: (request) =>
      call('find', request, () => {
        const found = runs.find((one) => one.request.correlation === request.correlation && !one.lost);
        return found === undefined ? undefined : handleOf(found);
      }),
    logs: (handle, request) => call('logs', request, () => known(handle).log),
    tidy: (_handle, request) => call('tidy', request, () => void tidied.push(request.deployment)),
    record: (request, state, words, fence) =>
      call('record', request, () => void records.push({ deployment: request.deployment, state, words }), fence),
    answer: (handle, request, wait, verdict, words, fence) =>
      call('answer', request, () => answer(known(handle), wait, { verdict, words }), fence),
    verify: async (headers, body) => verdictOn(headers, body),
  };

  return {
    runs,
    calls,
    records,
    tidied,
    pipeline: () => ({ ...pipeline }),
    script: (script) => {
      plan = script;
    },
    nameArtifacts: (name, artifacts) => {
      run(name).artifacts = artifacts;
    },
    toldArtifacts: (name) => artifactLines(run(name).request.artifacts ?? []),
    otherCommit: (sha) => {
      other = sha;
    },
    run,
    step: (name, step, state) => setStep(run(name), step, state),
    end: (name, state, error) => close(run(name), state, error),
    lose: (name) => {
      run(name).lost = true;
    },
    wait(name, question, answerable = true) {
      const one = run(name);
      one.state = 'waiting';
      one.waits = [{ id: `w-${one.id}`, name: question, since: iso(), answerable }];
    },
    failNext: (member, details, { times = 1, obeyed = false } = {}) => {
      faults.push({ member, details, obeyed, left: times });
    },
    reachable: (is) => {
      up = is;
    },
    hold(member) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(member, promise);
      return () => {
        held.delete(member);
        resolve();
      };
    },
    webhook(name, secret = FAKE_SECRET) {
      deliveries += 1;
      const body = JSON.stringify({ delivery: `delivery-${deliveries}`, runs: [run(name).id] });
      return { headers: { 'x-fake-signature': signatureOf(secret, body) }, body };
    },
  };
}

function verdictOn(headers: Headers, body: string): WebhookVerdict {
  const given = Buffer.from(headers.get('x-fake-signature') ?? '');
  const right = Buffer.from(signatureOf(FAKE_SECRET, body));
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    return { kind: 'forged', reason: 'the signature does not fit' };
  }
  return { kind: 'runs', ...(JSON.parse(body) as { delivery: string; runs: string[] }) };
}

function signatureOf(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}
