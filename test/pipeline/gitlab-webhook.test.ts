import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline } from '../../src/ports/pipeline.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { type HookSettings, jobEvent, pipelineEvent, signed } from '../fakes/gitlab/webhooks.ts';
import { type GitLabBench, gitlabBench, SIGNING, TOKEN } from './gitlab-bench.ts';

let bench: GitLabBench;
let run: Run;

beforeEach(async () => {
  bench = await gitlabBench('token');
  run = await bench.pipeline.start(bench.wish());
});
afterEach(() => bench.close());

const lever = () => bench.fake.run(run.id);

function call(
  secrets: HookSettings,
  payload: unknown = pipelineEvent(bench.project, lever().run),
  event = 'Pipeline Hook',
) {
  const { headers, body } = signed(secrets, event, payload);
  return { headers: new Headers(headers), body };
}

async function verdictOf(pipeline: Pipeline, { headers, body }: ReturnType<typeof call>) {
  return pipeline.verify?.(headers, body);
}

describe('with the plain token', () => {
  it('believes who knows it, and nobody else', async () => {
    const verdicts = await Promise.all(
      [{ token: TOKEN }, { token: 'another' }, { token: '' }, {}].map((secrets) =>
        verdictOf(bench.pipeline, call(secrets)),
      ),
    );

    expect(verdicts.map((verdict) => verdict?.kind)).toEqual(['runs', 'forged', 'forged', 'forged']);
  });

  it('hears of jobs, and of children what their parents shall look at', async () => {
    const job = jobEvent(bench.project, lever().run, await lever().wait('Go on?'));
    const child = pipelineEvent(bench.project, lever().run, 4711);

    expect(await verdictOf(bench.pipeline, call({ token: TOKEN }, job, 'Job Hook'))).toMatchObject({ runs: [run.id] });
    expect(await verdictOf(bench.pipeline, call({ token: TOKEN }, child))).toMatchObject({ runs: [run.id, '4711'] });
  });

  it('has no news in other events, nor in what is none', async () => {
    const others = [{ object_kind: 'push', project_id: 1 }, 'words', { object_kind: 'pipeline' }];

    for (const other of others) {
      expect(await verdictOf(bench.pipeline, call({ token: TOKEN }, other))).toEqual({ kind: 'other' });
    }
  });

  it('knows a repetition by its key, and in older versions by what it says', async () => {
    const { headers, body } = call({ token: TOKEN });
    const first = await bench.pipeline.verify?.(headers, body);
    const again = await bench.pipeline.verify?.(headers, body);
    headers.delete('idempotency-key');
    const older = await bench.pipeline.verify?.(headers, body);
    const other = await bench.pipeline.verify?.(headers, body.replace('"created"', '"running"'));

    expect(again).toEqual(first);
    const deliveries = [first, older, other].map((verdict) => (verdict?.kind === 'runs' ? verdict.delivery : ''));
    expect(new Set(deliveries).size).toBe(3);
  });

  it('that is empty, nobody is believed', async () => {
    const pipeline = await bench.provider({ webhookToken: 'env:EMPTY' });

    expect(await verdictOf(pipeline, call({ token: '' }))).toMatchObject({ kind: 'forged' });
  });
});

describe('with the signing token', () => {
  it('demands the other token as well, where that is configured', async () => {
    const pipeline = await bench.provider({ webhookSigningToken: 'env:SIGNING' });
    const calls = [{ token: TOKEN, signingToken: SIGNING }, { signingToken: SIGNING }, { token: TOKEN }];

    const verdicts = await Promise.all(calls.map((secrets) => verdictOf(pipeline, call(secrets))));

    expect(verdicts.map((verdict) => verdict?.kind)).toEqual(['runs', 'forged', 'forged']);
  });

  it('takes one of several signatures, as while the token is being replaced', async () => {
    const pipeline = await bench.provider({ webhookToken: undefined, webhookSigningToken: 'env:SIGNING' });
    const { headers, body } = call({ signingToken: SIGNING });
    headers.set(
      'webhook-signature',
      `v1,${Buffer.from('other').toString('base64')} ${headers.get('webhook-signature')}`,
    );

    expect((await pipeline.verify?.(headers, body))?.kind).toBe('runs');
    headers.set('webhook-id', 'another');
    expect((await pipeline.verify?.(headers, body))?.kind).toBe('forged');
  });

  it.each(['env:EMPTY', 'env:HOOK'])('is told at once when it is none (%s)', async (webhookSigningToken) => {
    expect(await failureOf(bench.provider({ webhookSigningToken }))).toMatchObject({ code: 'signing-token' });
  });
});

it('without any token GitLab is not listened to', async () => {
  expect((await bench.provider({ webhookToken: undefined })).verify).toBeUndefined();
});
