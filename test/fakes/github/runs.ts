import type { FakeJob, FakeRun, FakeStep, World } from './world.ts';

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
