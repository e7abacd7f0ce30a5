import { createFaults, type Faults } from '../github/faults.ts';
import type { Quirks } from './calls.ts';
import { type Asked, serve } from './server.ts';
import { createPostman, type Postman } from './webhooks.ts';
import {
  addJob,
  beginJob,
  createGitLabWorld,
  endJob,
  endPipeline,
  type FakeJob,
  type FakePipeline,
  type FakeProject,
  type GitLabWorld,
  touch,
} from './world.ts';

/** What the test does in place of a runner. Each of these tells the webhook, if there is one. */
interface RunLever {
  readonly project: FakeProject;
  readonly run: FakePipeline;
  begin(job?: string): Promise<void>;
  /** Ends one job of several with GitLab's own word. */
  endJob(name: string, status: string, reason?: string): Promise<void>;
  /** Lets the pipeline wait for a person to start this job. */
  wait(name: string): Promise<FakeJob>;
  log(text: string, job?: string): void;
  succeed(): Promise<void>;
  fail(): Promise<void>;
  end(status: string): Promise<void>;
  /** Any word, also one that GitLab does not have. */
  word(status: string): void;
  /** From now on GitLab knows nothing of it. */
  lose(): void;
}

/** A GitLab on loopback, with a memory and with moods. */
export interface FakeGitLab {
  /** Where people would open it. */
  readonly url: string;
  readonly token: string;
  readonly world: GitLabWorld;
  readonly quirks: Quirks;
  readonly faults: Faults;
  readonly postman: Postman;
  readonly asked: readonly Asked[];
  /** Requests and answers that are not as GitLab describes them; a test expects none. */
  readonly violations: readonly string[];
  run(id: string): RunLever;
  close(): Promise<void>;
}

const FIRST_JOB = 'Build';

export async function startFakeGitLab(token = 'the access token of the tests'): Promise<FakeGitLab> {
  const [world, faults, postman] = [createGitLabWorld(), createFaults(), createPostman()];
  const quirks: Quirks = {
    tagPipelines: false,
    hidesVariables: false,
    forbidsVariables: false,
    noApprovals: false,
    oldGraph: false,
  };
  const [asked, violations]: [Asked[], string[]] = [[], []];
  const server = await serve({ world, quirks, faults, token, changed: postman.tell, asked, violations });
  const run = (id: string) => leverOf(world, postman, id);
  return { url: server.origin, token, world, quirks, faults, postman, asked, violations, run, close: server.close };
}

function leverOf(world: GitLabWorld, postman: Postman, id: string): RunLever {
  const { project, run } = found(world, id);
  const tell = () => postman.tell(project, run);
  const end = async (status: string) => {
    if (run.jobs.length === 0 && status !== 'canceled') beginJob(world, run, FIRST_JOB);
    endPipeline(run, status);
    await tell();
  };
  return {
    project,
    run,
    async begin(job = FIRST_JOB) {
      beginJob(world, run, job);
      await tell();
    },
    async endJob(name, status, reason) {
      endJob(beginJob(world, run, name), status, reason ?? null);
      await tell();
    },
    async wait(name) {
      for (const job of run.jobs) if (job.status === 'running') endJob(job, 'success');
      const job = addJob(world, run, { name, status: 'manual' });
      touch(run, 'manual');
      await tell();
      return job;
    },
    log(text, job = FIRST_JOB) {
      beginJob(world, run, job).trace = text;
    },
    succeed: () => end('success'),
    fail: () => end('failed'),
    end,
    word(status) {
      run.status = status;
    },
    lose() {
      run.lost = true;
    },
  };
}

function found(world: GitLabWorld, id: string): { project: FakeProject; run: FakePipeline } {
  for (const project of world.projects.values()) {
    const run = project.pipelines.find((one) => String(one.id) === id);
    if (run !== undefined) return { project, run };
  }
  throw new RangeError(`The fake has no pipeline ${id}`);
}
