import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run, Wait } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { addJob, type FakeDeployment, type FakeJob } from '../fakes/gitlab/world.ts';
import { type GitLabBench, gitlabBench } from './gitlab-bench.ts';

let bench: GitLabBench;
let wish: StartRequest;
let run: Run;
let job: FakeJob;

beforeEach(async () => {
  bench = await gitlabBench();
  wish = bench.wish();
  run = await bench.pipeline.start(wish);
  await lever().begin();
  job = await lever().wait('Deploy');
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const lever = () => bench.fake.run(run.id);
const BY = 'Ben Okafor, in Slack';

async function only(): Promise<Wait> {
  const [wait, ...others] = (await bench.pipeline.look(run, wish)).waits ?? [];
  expect(others).toEqual([]);
  if (wait === undefined) throw new Error('nothing is waited for');
  return wait;
}

function block(missing: number): FakeDeployment {
  const deployment: FakeDeployment = { id: 77, job: job.id, missing, status: 'blocked', approvals: [] };
  bench.project.deployments.push(deployment);
  return deployment;
}

/** What was sent beside looks, in order. */
function sent(): readonly string[] {
  return bench.fake.asked
    .filter(({ method, path }) => method === 'POST' && !/\/(?:tags|pipeline)$/.test(path))
    .map(({ path }) => path.replace(/^.*\/web\//, '').replace(/\d{4,}/, 'N'));
}

describe('a job that a person must start', () => {
  it('holds the run up, and one that may be left out does not', async () => {
    addJob(bench.fake.world, lever().run, { name: 'Clean up', status: 'manual', allowFailure: true });

    expect(await only()).toMatchObject({ id: String(job.id), name: 'Deploy', answerable: true, since: job.createdAt });
    expect((await bench.pipeline.look(run, wish)).state).toBe('waiting');
  });

  it('is no question any more once the pipeline has ended', async () => {
    lever().word('failed');

    expect(await bench.pipeline.look(run, wish)).not.toHaveProperty('waits');
  });

  it('is started with the name of whoever let it through, which a comment has too', async () => {
    await bench.pipeline.answer?.(run, wish, await only(), 'approve', BY);

    expect(job.variables.get('COUNTERSIGN_APPROVED_BY')).toBe(BY);
    expect(bench.project.comments).toEqual([
      { sha: wish.sha, note: `Countersign, D-1, pipeline ${run.id}. Let through: "Deploy". ${BY}` },
    ]);
    expect((await bench.pipeline.look(run, wish)).state).toBe('running');
  });

  it('is started without the name where nobody may set variables', async () => {
    bench.fake.quirks.forbidsVariables = true;

    await bench.pipeline.answer?.(run, wish, await only(), 'approve', BY);

    expect([job.status, job.variables.size]).toEqual(['running', 0]);
    expect(bench.project.comments[0]?.note).toContain(BY);
  });

  it('counts as answered although the comment is refused', async () => {
    bench.fake.faults.plan({ method: 'POST', path: '/comments', fault: { kind: 'status', status: 403 } });

    await bench.pipeline.answer?.(run, wish, await only(), 'approve', BY);

    expect(job.status).toBe('running');
  });

  it('is cancelled with its pipeline when it is rejected', async () => {
    await bench.pipeline.answer?.(run, wish, await only(), 'reject', BY);

    expect([job.status, lever().run.status]).toEqual(['canceled', 'canceled']);
    expect(bench.project.comments[0]?.note).toContain(`Rejected: "Deploy". ${BY}`);
  });

  it('is answered once', async () => {
    const wait = await only();
    await bench.pipeline.answer?.(run, wish, wait, 'approve', BY);
    const before = sent();
    await bench.pipeline.answer?.(run, wish, wait, 'reject', 'Somebody else');

    expect(sent()).toEqual(before);
    expect(job.status).toBe('running');
  });

  it('is left as it is once the fence has fallen', async () => {
    const lost = new Error('not ours any more');
    const wait = await only();
    const fallen = () => {
      throw lost;
    };

    await expect(bench.pipeline.answer?.(run, wish, wait, 'approve', BY, fallen)).rejects.toBe(lost);
    expect(job.status).toBe('manual');
  });

  it('that only starts another pipeline can be answered at GitLab alone', async () => {
    job.status = 'success';
    const downstream = { status: 'created', url: 'https://gitlab.test/child/5' };
    addJob(bench.fake.world, lever().run, { name: 'Child', status: 'manual', downstream });

    expect(await only()).toMatchObject({ name: 'Child', answerable: false });
  });
});

describe('a protected environment', () => {
  it('is approved with the words, and then the job is started', async () => {
    const deployment = block(1);

    await bench.pipeline.answer?.(run, wish, await only(), 'approve', BY);

    expect(deployment.approvals).toEqual([{ status: 'approved', comment: BY }]);
    expect(job.status).toBe('running');
    expect(sent()).toEqual([
      'deployments/77/approval',
      'jobs/N/play',
      `repository/commits/${wish.sha}/comments`.replace(/\d{4,}/, 'N'),
    ]);
  });

  it('goes on waiting where more approvals are needed than ours', async () => {
    block(2);

    await bench.pipeline.answer?.(run, wish, await only(), 'approve', BY);

    expect(job.status).toBe('manual');
    expect(sent().some((path) => path.endsWith('/play'))).toBe(false);
  });

  it('is rejected with the words, which fails the pipeline', async () => {
    const deployment = block(1);

    await bench.pipeline.answer?.(run, wish, await only(), 'reject', BY);

    expect(deployment.approvals).toEqual([{ status: 'rejected', comment: BY }]);
    expect(await bench.pipeline.look(run, wish)).toMatchObject({
      state: 'failed',
      error: 'Job "Deploy" failed (deployment rejected).',
    });
  });

  it('says what to change where the token may not approve', async () => {
    block(1);
    const wait = await only();
    bench.fake.faults.plan({ method: 'POST', path: '/approval', fault: { kind: 'status', status: 403 } });

    const error = await bench.pipeline.answer?.(run, wish, wait, 'approve', BY).catch((thrown: Error) => thrown);

    expect(String(error)).toContain('must be among the approvers');
    expect(job.status).toBe('manual');
  });

  it('is unknown to the free edition, where the job is simply started', async () => {
    bench.fake.quirks.noApprovals = true;

    await bench.pipeline.answer?.(run, wish, await only(), 'approve', BY);

    expect(job.status).toBe('running');
  });

  it('is not passed by when GitLab cannot say whether there is one', async () => {
    const wait = await only();
    bench.fake.faults.plan({ path: '/deployments', fault: { kind: 'status', status: 500 } });

    const failure = await failureOf(bench.pipeline.answer?.(run, wish, wait, 'approve', BY) ?? Promise.resolve());

    expect(failure).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(job.status).toBe('manual');
  });
});

it('a run that waits is stopped with the jobs that wait', async () => {
  await bench.pipeline.stop(run, wish);

  expect([job.status, lever().run.status]).toEqual(['canceled', 'canceled']);
});
