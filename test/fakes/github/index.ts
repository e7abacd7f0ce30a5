import type { Quirks } from './calls.ts';
import { obey } from './control.ts';
import { createFaults, type Faults } from './faults.ts';
import { createDoorkeeper, type Doorkeeper } from './login.ts';
import { beginJob, endJob, endRun, holdUp, madeRun, setStep } from './runs.ts';
import { type Asked, serve } from './server.ts';
import { createPostman, type Postman } from './webhooks.ts';
import { BEN, createWorld, type FakePending, type FakeRepository, type FakeRun, type World } from './world.ts';

/** What the test does in place of a runner. Each of these tells the webhook, if there is one. */
interface RunLever {
  readonly run: FakeRun;
  /** The runner takes it up. */
  begin(job?: string): Promise<void>;
  /** Begins a step, or ends it with GitHub's own word. */
  step(name: string, conclusion?: string, job?: string): Promise<void>;
  /** A job waits for an environment; by default it asks for the review of whoever the token is of. */
  hold(environment: string, more?: Partial<FakePending>): Promise<void>;
  /** Ends one job of several. */
  endJob(name: string, conclusion: string): Promise<void>;
  log(text: string, job?: string): void;
  succeed(): Promise<void>;
  fail(): Promise<void>;
  end(conclusion: string): Promise<void>;
  /** Any words, also ones that GitHub does not have. */
  words(status: string, conclusion: string | null): void;
  /** From now on GitHub knows nothing of it. */
  lose(): void;
}

/** A GitHub on loopback, with a memory and with moods. */
export interface FakeGitHub {
  /** Base address of the REST API. */
  readonly url: string;
  readonly world: World;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly postman: Postman;
  readonly doorkeeper: Doorkeeper;
  readonly asked: readonly Asked[];
  /** Requests and answers that are not as GitHub describes them; a test expects none. */
  readonly violations: readonly string[];
  run(id: string): RunLever;
  /** Somebody presses *Run workflow* on the branch `main`, or sets it off in another way. */
  startByHand(
    repository: FakeRepository,
    more?: { readonly event?: string; readonly workflow?: string },
  ): Promise<RunLever>;
  close(): Promise<void>;
}

export interface FakeGitHubOptions {
  readonly port?: number;
  readonly token?: string;
  /** Off in long runs of chaos, where only the behaviour counts. */
  readonly strict?: boolean;
}

export async function startFakeGitHub(options: FakeGitHubOptions = {}): Promise<FakeGitHub> {
  const { port = 0, token = 'ghp_fake_token_of_the_tests', strict = true } = options;
  const [world, faults, postman, doorkeeper] = [
    createWorld(),
    createFaults(),
    createPostman(),
    createDoorkeeper(token),
  ];
  const quirks: Quirks = { dispatch: 'named', listingDelay: 0, showsId: true, webhookFirst: false };
  const [asked, violations]: [Asked[], string[]] = [[], []];
  const changed = postman.tell;
  const control = (verb: string, body: Readonly<Record<string, unknown>>) => obey(fake, verb, body);
  const server = await serve({ world, quirks, faults, doorkeeper, changed, control, asked, violations, strict, port });
  const run = (id: string) => leverOf(world, changed, id);
  const fake: FakeGitHub = {
    url: server.origin,
    world,
    quirks,
    faults,
    postman,
    doorkeeper,
    asked,
    violations,
    run,
    async startByHand(repository, { event = 'workflow_dispatch', workflow = 'deploy.yml' } = {}) {
      const sha = repository.branches.get('main') ?? '';
      const made = madeRun(world, { workflow, branch: 'main', sha, inputs: {}, title: 'Deploy', event, actor: BEN });
      repository.runs.push(made);
      await changed(repository, made, 'requested');
      return run(String(made.id));
    },
    close: server.close,
  };
  return fake;
}

function leverOf(world: World, changed: Postman['tell'], id: string): RunLever {
  const { repository, run } = found(world, id);
  const tell = () =>
    changed(
      repository,
      run,
      run.status === 'completed' ? 'completed' : run.status === 'waiting' ? 'requested' : 'in_progress',
    );
  const end = async (conclusion: string) => {
    endRun(world, run, conclusion);
    await tell();
  };
  return {
    run,
    async begin(job) {
      beginJob(world, run, job);
      await tell();
    },
    async step(name, conclusion, job) {
      setStep(world, run, name, conclusion, job);
      await tell();
    },
    async hold(environment, more) {
      holdUp(world, run, environment, more);
      await tell();
    },
    async endJob(name, conclusion) {
      endJob(beginJob(world, run, name), conclusion);
      await tell();
    },
    log(text, job) {
      beginJob(world, run, job).log = text;
    },
    succeed: () => end('success'),
    fail: () => end('failure'),
    end,
    words(status, conclusion) {
      run.status = status;
      run.conclusion = conclusion;
    },
    lose() {
      run.lost = true;
    },
  };
}

function found(world: World, id: string): { repository: FakeRepository; run: FakeRun } {
  for (const repository of world.repositories.values()) {
    const run = repository.runs.find((one) => String(one.id) === id);
    if (run !== undefined) return { repository, run };
  }
  throw new RangeError(`The fake has no run ${id}`);
}
