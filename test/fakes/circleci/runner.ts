import { randomUUID } from 'node:crypto';
import { addWorkflow, type FakeJob, type FakePipeline, type FakeWorkflow, type World } from './world.ts';

/** What a runner would do, done by the test. Words are CircleCI's. */
export function workflowOf(pipeline: FakePipeline, name = 'deploy'): FakeWorkflow {
  return pipeline.workflows.findLast((one) => one.name === name) ?? addWorkflow(pipeline, name);
}

export function beginJob(world: World, workflow: FakeWorkflow, name: string, type: FakeJob['type'] = 'build'): FakeJob {
  const known = workflow.jobs.find((job) => job.name === name);
  if (known !== undefined) return known;
  const approval = type === 'approval';
  const job: FakeJob = {
    id: randomUUID(),
    number: world.nextNumber(),
    name,
    type,
    status: approval ? 'on_hold' : 'running',
    startedAt: now(),
    actions: [],
  };
  workflow.jobs.push(job);
  workflow.status = approval ? 'on_hold' : 'running';
  return job;
}

export function endJob(job: FakeJob, status: string): void {
  if (job.stoppedAt !== undefined) return;
  job.status = status;
  job.stoppedAt = now();
}

export function endWorkflow(workflow: FakeWorkflow, status: string): void {
  for (const job of workflow.jobs) endJob(job, status === 'success' || status === 'canceled' ? status : 'failed');
  workflow.status = status;
  workflow.stoppedAt = now();
}

/** The user of the token approves: the workflow goes on. */
export function approve(workflow: FakeWorkflow, job: FakeJob): void {
  job.approvedBy = randomUUID();
  endJob(job, 'success');
  workflow.status = 'running';
}

function now(): string {
  return new Date().toISOString();
}
