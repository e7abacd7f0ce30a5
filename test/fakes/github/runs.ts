import { ANNA, type FakeJob, type FakePending, type FakeRun, type FakeStep, type World } from './world.ts';

type RunWish = Pick<FakeRun, 'workflow' | 'branch' | 'sha' | 'inputs' | 'title' | 'event' | 'actor'>;

/** A run that nobody has taken up yet. */
export function madeRun(world: World, wish: RunWish): FakeRun {
  const now = new Date().toISOString();
  return {
    ...wish,
    id: world.nextId(),
    status: 'queued',
    conclusion: null,
    createdAt: now,
    updatedAt: now,
    jobs: [],
    artifacts: [],
    pending: [],
    reviews: [],
    listings: 0,
    looks: 0,
    lost: false,
  };
}

/** What a runner would do, done by the test. Conclusions are GitHub's words. */
export function beginJob(world: World, run: FakeRun, name = 'deploy'): FakeJob {
  const known = run.jobs.find((job) => job.name === name);
  if (known !== undefined) return known;
  const job: FakeJob = {
    id: world.nextId(),
    name,
    status: 'in_progress',
    conclusion: null,
    startedAt: new Date().toISOString(),
    steps: [],
    log: '',
  };
  run.jobs.push(job);
  touch(run, 'in_progress');
  return job;
}

/** Begins a step, or ends the one that runs; a step that begins ends the one before it well. */
export function setStep(world: World, run: FakeRun, name: string, conclusion?: string, jobName?: string): void {
  const job = beginJob(world, run, jobName);
  const known = job.steps.find((step) => step.name === name);
  if (known === undefined) {
    for (const step of job.steps) finish(step, 'success');
    job.steps.push({ name, status: 'in_progress', conclusion: null, startedAt: new Date().toISOString() });
  }
  const step = job.steps.find((one) => one.name === name);
  if (step !== undefined && conclusion !== undefined) finish(step, conclusion);
  touch(run, 'in_progress');
}

export function endJob(job: FakeJob, conclusion: string): void {
  for (const step of job.steps) finish(step, conclusion);
  finish(job, conclusion);
}

export function endRun(world: World, run: FakeRun, conclusion: string): void {
  if (run.jobs.length === 0 && conclusion !== 'cancelled') beginJob(world, run);
  for (const job of run.jobs) endJob(job, conclusion);
  touch(run, 'completed');
  run.conclusion = conclusion;
}

/** One more job reaches an environment whose rules hold it up. */
export function holdUp(world: World, run: FakeRun, environment: string, more: Partial<FakePending> = {}): void {
  const job = {
    id: world.nextId(),
    name: `to ${environment}`,
    status: 'waiting',
    conclusion: null,
    steps: [],
    log: '',
  };
  run.jobs.push(job);
  run.pending.push({ id: world.nextId(), name: environment, timer: 0, reviewers: [ANNA.login ?? ''], ...more });
  touch(run, 'waiting');
}

/** A review lets the jobs go that wait for the environment, or ends the run. */
export function review(world: World, run: FakeRun, pending: FakePending, state: string, comment: string): void {
  run.reviews.push({ environment: pending.name, state, comment });
  run.pending.splice(run.pending.indexOf(pending), 1);
  if (state === 'rejected') {
    endRun(world, run, 'failure');
    return;
  }
  const job = run.jobs.find(({ name }) => name === `to ${pending.name}`);
  if (job !== undefined) job.status = 'in_progress';
  if (run.pending.length === 0) touch(run, 'in_progress');
}

function finish(part: FakeStep | FakeJob, conclusion: string): void {
  if (part.status === 'completed') return;
  part.status = 'completed';
  part.conclusion = conclusion;
  part.completedAt = new Date().toISOString();
}

function touch(run: FakeRun, status: string): void {
  run.status = status;
  run.updatedAt = new Date().toISOString();
}
