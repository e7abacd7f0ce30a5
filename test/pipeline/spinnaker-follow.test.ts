import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import type { StartRequest } from '../../src/ports/pipeline.ts';
import { eventShape } from '../fakes/spinnaker/shapes.ts';
import { OTHER_SHA, SECRET, SHA, type SpinnakerBench, spinnakerBench, told } from './spinnaker-bench.ts';

let bench: SpinnakerBench;

beforeEach(async () => {
  bench = await spinnakerBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

async function running(settings: Record<string, unknown> = {}, more: Partial<StartRequest> = {}) {
  const wish = bench.wish(more, settings);
  const run = await bench.pipeline.start(wish);
  return { wish, run, lever: bench.fake.run(run.id), look: () => bench.pipeline.look(run, wish) };
}

describe('a snapshot', () => {
  it.each([
    ['NOT_STARTED', 'queued'],
    ['BUFFERED', 'queued'],
    ['RUNNING', 'running'],
    ['REDIRECT', 'running'],
    ['PAUSED', 'waiting'],
    ['SUSPENDED', 'waiting'],
    ['SUCCEEDED', 'succeeded'],
    ['FAILED_CONTINUE', 'failed'],
    ['TERMINAL', 'failed'],
    ['STOPPED', 'failed'],
    ['SKIPPED', 'failed'],
    ['CANCELED', 'cancelled'],
    ['toString', 'unknown'],
    ['', 'unknown'],
  ])('takes %s for %s', async (word, state) => {
    const { lever, look } = await running();
    lever.word(word);

    const snapshot = await look();

    expect(snapshot.state).toBe(state);
    expect(snapshot.error !== undefined).toBe(state === 'failed');
    expect(snapshot.warning !== undefined).toBe(state === 'unknown');
  });

  it('shows the stages that people drew, not those that Orca adds, with links where Deck is known', async () => {
    const one = await bench.provider({ deckUrl: 'https://deck.example.com/' });
    const { wish, run, lever } = await running();
    const deploy = await lever.stage('Deploy');
    await lever.stage('Resize', 'RUNNING', { parentStageId: deploy.id, syntheticStageOwner: 'STAGE_AFTER' });
    await lever.stage('Smoke test', 'NOT_STARTED', { startTime: null });
    await lever.stage('Odd', 'PONDERING', { startTime: null });

    const { steps, url } = await one.look(run, wish);

    const page = `https://deck.example.com/#/applications/web/executions/details/${run.id}`;
    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Deploy running',
      'Smoke test waiting',
      'Odd waiting',
    ]);
    expect([url, steps[0]?.url]).toEqual([page, `${page}?stageId=${deploy.id}`]);
    expect(steps[1]).not.toHaveProperty('startedAt');
  });

  it('says when the pipeline ignored that a stage failed', async () => {
    const { lever, look } = await running();
    await lever.stage('Smoke test', 'FAILED_CONTINUE');
    await lever.succeed();

    expect(await look()).toMatchObject({ state: 'succeeded', warning: expect.stringContaining('"Smoke test" failed') });
  });

  it('shows what a cancelled run never came to as skipped', async () => {
    const { lever, look } = await running();
    await lever.stage('Build');
    await lever.stage('Deploy', 'NOT_STARTED', { startTime: null });
    await lever.end('CANCELED');

    expect((await look()).steps.map(({ state }) => state)).toEqual(['failed', 'skipped']);
  });
});

describe('the reason of a failure', () => {
  const TASKS = [
    {
      status: { failed: true },
      history: [{ phase: 'DEPLOY', status: 'Begin' }],
      exception: { message: 'No such image' },
    },
  ];

  it.each([
    [
      'the errors of an exception',
      { exception: { details: { error: 'Failure', errors: ['Two pods\ncrashed', 'b'] } } },
      'Two pods crashed',
    ],
    ['its one error', { exception: { details: { error: 'Timed out' } } }, 'Timed out'],
    ['a failed task of Clouddriver', { 'kato.tasks': TASKS }, 'No such image'],
    ['a message of its own', { failureMessage: 'Canary score 12' }, 'Canary score 12'],
    [
      'what nobody expected there',
      { exception: 'boom', 'kato.tasks': 7, failureMessage: 'Said all the same' },
      'Said all the same',
    ],
  ])('is %s', async (_case, context, words) => {
    const { lever, look } = await running();
    await lever.stage('Deploy', 'TERMINAL', { context });
    await lever.end('TERMINAL');

    expect((await look()).error).toBe(`Deploy: ${words}`);
  });

  it('is sought within the stages that Orca added, and hides secrets', async () => {
    const { lever, look } = await running();
    const outer = await lever.stage('Deploy', 'TERMINAL');
    const exception = { details: { errors: ['denied: password=hunter2hunter2'] } };
    await lever.stage('Deploy in eu', 'TERMINAL', { parentStageId: outer.id, context: { exception } });
    await lever.end('TERMINAL');

    expect((await look()).error).toBe('Deploy in eu: denied: password=[secret]');
  });

  it('is why Orca could not even start it', async () => {
    const { lever, look } = await running();
    await lever.end('TERMINAL');
    lever.execution.cancellationReason = 'Failed on startup: Unmatched expected artifact';

    expect((await look()).error).toBe('Failed on startup: Unmatched expected artifact');
  });

  it('stands in the log, with what was done before', async () => {
    const { wish, run, lever } = await running();
    await lever.stage('Deploy', 'TERMINAL', { context: { 'kato.tasks': TASKS } });
    await lever.end('TERMINAL');

    expect(await bench.pipeline.logs?.(run, wish)).toBe('== Deploy: TERMINAL\nDEPLOY: Begin\nNo such image');
  });
});

describe('the commit', () => {
  const gitArtifact = { reference: 'https://git.example.com/acme/web' };
  const matchArtifact = { type: 'git/repo', reference: gitArtifact.reference };

  it('is that of the Git artifact which the run resolved', async () => {
    bench.deploy.expectedArtifacts.push({ matchArtifact });
    const { look } = await running({ commitFrom: 'git-artifact', gitArtifact });

    expect((await look()).sha).toBe(SHA);
  });

  it('is unknown where the run resolved no such artifact, whatever it was told', async () => {
    const { lever, look } = await running({ commitFrom: 'git-artifact', gitArtifact });
    const boundArtifact = { type: 'git/repo', reference: 'https://git.example.com/acme/other', version: SHA };
    await lever.stage('Find', 'SUCCEEDED', { context: { resolvedExpectedArtifacts: [{ boundArtifact }] } });

    expect(await look()).not.toHaveProperty('sha');
  });

  it('is unknown where the artifact names a branch', async () => {
    const { lever, look } = await running({ commitFrom: 'git-artifact', gitArtifact });
    const boundArtifact = { ...matchArtifact, version: 'main' };
    await lever.stage('Find', 'SUCCEEDED', { outputs: { resolvedExpectedArtifacts: [{ boundArtifact }] } });

    expect(await look()).not.toHaveProperty('sha');
  });

  const built = (...scm: readonly Record<string, unknown>[]) => ({ context: { buildInfo: { scm } } });

  it('is that of the CI build, and of several the one that was not approved', async () => {
    const { lever, look } = await running({ commitFrom: 'build' });
    const none = await look();
    await lever.stage('Jenkins', 'SUCCEEDED', built({ sha1: SHA.toUpperCase(), branch: 'main' }));
    const one = await look();
    await lever.stage('Jenkins again', 'SUCCEEDED', built({ sha1: OTHER_SHA }));

    expect([none.sha, one.sha, (await look()).sha]).toEqual([undefined, SHA, OTHER_SHA]);
  });

  it('is not that of a library which the build took beside the repository', async () => {
    const { lever, look } = await running({ commitFrom: 'build' });
    const ours = { sha1: SHA, remoteUrl: 'git@git.example.com:acme/web.git' };
    const library = { sha1: OTHER_SHA, remoteUrl: 'https://git.example.com/acme/pipelines' };
    await lever.stage('Jenkins', 'SUCCEEDED', built(ours, library));

    expect((await look()).sha).toBe(SHA);
  });
});

describe('images', () => {
  it('count where they were resolved, not where they were merely handed over', async () => {
    const web = { name: 'ghcr.io/acme/web', digest: `sha256:${'a'.repeat(64)}` };
    const free = await running({ images: true }, { artifacts: [web] });
    bench.deploy.expectedArtifacts.push({ matchArtifact: { type: 'docker/image', name: web.name } });
    const bound = await running({ images: true }, { artifacts: [web] });
    const silent = await running({}, { artifacts: [web] });

    expect((await free.look()).artifacts).toBeUndefined();
    expect((await bound.look()).artifacts).toEqual([web]);
    expect((await silent.look()).artifacts).toBeUndefined();
  });
});

describe('a manual judgment', () => {
  const asks = (run: Run, context: Record<string, unknown> = {}) =>
    bench.fake.run(run.id).stage('Go live?', 'RUNNING', { type: 'manualJudgment', context });

  it('is told with its instructions, and keeps the comments that it had', async () => {
    const { wish, run, look, lever } = await running();
    const stage = await asks(run, { instructions: '<p>Look at the <b>graphs</b> first</p>', comments: 'By the book' });

    const [question] = (await look()).waits ?? [];
    if (question === undefined) throw new Error('nothing is waited for');
    await bench.pipeline.answer?.(run, wish, question, 'approve', 'Ben: $' + '{1+1}');

    expect(question).toMatchObject({ id: stage.id, name: 'Go live?: Look at the graphs first', answerable: true });
    const { context } = lever.execution.stages[0] ?? {};
    expect(context).toMatchObject({ judgmentStatus: 'continue', comments: 'By the book\nBen: $ {1+1}' });
    expect(context).not.toHaveProperty('judgmentInput');
  });

  it('that offers choices is answered only with one that the settings name', async () => {
    const judgmentInputs = [{ value: 'blue' }, { value: 'green' }];
    const [free, set] = [await running(), await running({ judgmentInput: 'green' })];
    await asks(free.run, { judgmentInputs });
    await asks(set.run, { judgmentInputs });

    const [open, chosen] = [(await free.look()).waits?.[0], (await set.look()).waits?.[0]];
    if (chosen === undefined || open === undefined) throw new Error('nothing is waited for');
    await bench.pipeline.answer?.(set.run, set.wish, chosen, 'approve', 'Ben');
    const blind = await bench.pipeline
      .answer?.(free.run, free.wish, open, 'approve', 'Ben')
      .catch((thrown: unknown) => thrown);

    expect([open.answerable, chosen.answerable]).toEqual([false, true]);
    expect(blind).toMatchObject({ details: { kind: 'refused', code: 'choice' } });
    expect(free.lever.execution.stages[0]?.status).toBe('RUNNING');
    expect(set.lever.execution.stages[0]?.context).toMatchObject({ judgmentInput: 'green' });
  });

  it('goes on waiting when our login has no role of its', async () => {
    bench.fake.quirks.lacksRole = true;
    const { wish, run, look } = await running();
    await asks(run);
    const [question] = (await look()).waits ?? [];
    if (question === undefined) throw new Error('nothing is waited for');

    await bench.pipeline.answer?.(run, wish, question, 'approve', 'Ben');

    expect((await look()).waits?.map(({ id }) => id)).toEqual([question.id]);
  });

  it('that somebody stopped there is the reason of the failure', async () => {
    const { run, lever, look } = await running();
    await asks(run, { judgmentStatus: 'stop' });
    await lever.stage('Go live?', 'TERMINAL');
    await lever.end('TERMINAL');

    expect((await look()).error).toBe('Somebody answered "Go live?" with stop.');
  });
});

describe('stopping', () => {
  it('says who wished it, and marks nothing that has ended', async () => {
    const { wish, run, lever } = await running();
    await bench.pipeline.stop(run, wish);
    const ended = await running();
    await ended.lever.succeed();
    await bench.pipeline.stop(ended.run, ended.wish);

    expect(lever.execution.cancellationReason).toContain(wish.deployment);
    expect(ended.lever.execution.canceled).toBe(false);
  });
});

describe('webhooks', () => {
  const verdict = (call: { headers: Record<string, string>; body: string }) =>
    bench.pipeline.verify?.(new Headers(call.headers), call.body);

  it('are understood as they are, wrapped, and flattened', async () => {
    const { run, lever } = await running();
    const event = eventShape(lever.execution, 'orca:stage:complete', 'event-1');
    const flat = { ...event, content: JSON.stringify(event['content']), details: JSON.stringify(event['details']) };
    const { headers } = told(bench.fake, run.id, SECRET);
    const bodies = [event, { eventName: 'spinnaker_events', payload: event }, { eventName: 'x', payload: flat }];

    const verdicts = await Promise.all(bodies.map((body) => verdict({ headers, body: JSON.stringify(body) })));

    expect(verdicts).toEqual(bodies.map(() => ({ kind: 'runs', delivery: 'event-1', runs: [run.id] })));
  });

  it('have nothing to say about tasks, other sources and shapes that nobody knows', async () => {
    const { run } = await running();
    const { headers } = told(bench.fake, run.id, SECRET);
    const task = told(bench.fake, run.id, SECRET, 'orca:task:complete');
    const bodies = ['[]', 'null', '{', '{"details":{"type":"orca:pipeline:complete"},"content":{}}'];

    const verdicts = await Promise.all([task, ...bodies.map((body) => ({ headers, body }))].map(verdict));

    expect(verdicts.map((one) => one?.kind)).toEqual(['other', ...bodies.map(() => 'other')]);
  });

  it('come with the header that is set up, believe no empty secret, and are off without one', async () => {
    const { run } = await running();
    const { body } = told(bench.fake, run.id, SECRET);
    const basic = await bench.provider({ webhookHeader: 'Authorization' });
    const empty = await bench.provider({ webhookSecret: 'env:EMPTY' });
    const none = await bench.provider({ webhookSecret: undefined });

    const heard = await basic.verify?.(new Headers({ authorization: SECRET }), body);
    const deaf = await empty.verify?.(new Headers({ 'x-countersign-token': '' }), body);

    expect([heard?.kind, deaf?.kind, none.verify]).toEqual(['runs', 'forged', undefined]);
  });
});
