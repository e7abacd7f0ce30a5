import { jenkins } from '../../adapters/pipeline/jenkins/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/jenkins/schema.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { adapterTools, type SkippingClock, skippingClock } from '../fakes/github/bench.ts';
import { type FakeJenkins, startFakeJenkins } from '../fakes/jenkins/index.ts';
import { notificationShape } from '../fakes/jenkins/shapes.ts';
import { addJob, type FakeJob, type FakeParameter } from '../fakes/jenkins/world.ts';

export const SECRET = 'a webhook secret';
export const SHA = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const OTHER_SHA = '9d1c0b2a3f4e5d6c7b8a99887766554433221100';
const JOB = 'team/app/deploy';

export interface JenkinsBench extends PipelineBench {
  readonly fake: FakeJenkins;
  readonly clock: SkippingClock;
  readonly job: FakeJob;
  /** The provider with other words in its configuration. */
  provider(more?: Record<string, unknown>, secrets?: Readonly<Record<string, string>>): Promise<Pipeline>;
  wish(more?: Partial<StartRequest>, settings?: Record<string, unknown>): StartRequest;
}

export const parameter = (name: string, more: Partial<FakeParameter> = {}): FakeParameter => ({
  name,
  type: 'StringParameterDefinition',
  ...more,
});

/** The adapter and the fake Jenkins, with a job in two folders. */
export async function jenkinsBench(): Promise<JenkinsBench> {
  const fake = await startFakeJenkins();
  const clock = skippingClock();
  const job = addJob(fake.world, JOB);
  job.parameters.push(...['ARTIFACTS', 'region', 'dry'].map((name) => parameter(name)));
  const { user, token, password } = fake.doorkeeper;
  const secrets = { 'env:TOKEN': token, 'env:PASSWORD': password, 'env:HOOK': SECRET, 'env:EMPTY': '' };
  let number = 0;

  function provider(more: Record<string, unknown> = {}, own: Readonly<Record<string, string>> = {}): Promise<Pipeline> {
    const settings = { url: fake.url, auth: { user, apiToken: 'env:TOKEN' }, webhookSecret: 'env:HOOK', ...more };
    return jenkins.create('ci', Provider.parse(settings), adapterTools({ ...secrets, ...own }, clock));
  }

  function wish(more: Partial<StartRequest> = {}, settings: Record<string, unknown> = {}): StartRequest {
    number += 1;
    return {
      correlation: `cs-${number}-${'k'.repeat(8)}`,
      deployment: `D-${number}`,
      service: 'shop',
      environment: 'staging',
      repository: 'acme/web',
      sha: SHA,
      kind: 'regular',
      requester: 'Anna Lind',
      settings: Settings.parse({ job: JOB, ...settings }),
      timeoutMs: 60_000,
      ...more,
    };
  }

  const starting = { method: 'POST', path: '/buildWithParameters' };
  const given = (correlation: string) =>
    [...fake.world.items, ...job.builds].filter(({ parameters }) => parameters['COUNTERSIGN_ID'] === correlation);
  return {
    fake,
    clock,
    job,
    provider,
    wish,
    pipeline: await provider(),
    restarted: () => provider(),
    request: () => wish({}, { artifactsFile: 'out/artifacts.txt', artifactsParameter: 'ARTIFACTS' }),
    started: ({ correlation }) =>
      new Set(given(correlation).map((one) => ('queueId' in one ? one.queueId : one.id))).size,
    begin: async (run) => fake.run(run.id).stage('Build'),
    succeed: async (run) => fake.run(run.id).end('SUCCESS'),
    async fail(run) {
      const lever = fake.run(run.id);
      lever.stage('Build', 'FAILED', 'script returned exit code 1');
      lever.begin().console += '[Pipeline] sh\n+ make\nBuild broke\n[Pipeline] End of Pipeline\nFinished: FAILURE\n';
      lever.end('FAILURE');
    },
    unreachable: () => fake.close(),
    rateLimited: (seconds) =>
      fake.faults.plan({
        fault: {
          kind: 'status',
          status: 429,
          ...(seconds === undefined ? {} : { headers: { 'retry-after': `${seconds}` } }),
        },
      }),
    brokenAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'status', status: 500, after: true } }),
    droppedAfterAccepting: () => fake.faults.plan({ ...starting, fault: { kind: 'drop', after: true } }),
    otherCommit() {
      Object.assign(fake.quirks, { atOnce: true, otherSha: OTHER_SHA });
      return OTHER_SHA;
    },
    cancelItself: async (run) => fake.run(run.id).end('ABORTED'),
    unknownWord: (run) => fake.run(run.id).end('PONDERING'),
    lose: (run) => fake.run(run.id).lose(),
    webhook: async (run, secret = SECRET) => notification(fake, run.id, secret),
    nameArtifacts(run, artifacts) {
      const lines = artifacts.map(({ name, digest }) => `${name}@${digest}\n`).join('');
      fake.run(run.id).begin().archived.set('out/artifacts.txt', lines);
    },
    toldArtifacts: (run) => fake.run(run.id).item.parameters['ARTIFACTS'],
    inputOf: (run, name) => fake.run(run.id).item.parameters[name],
    wait(run) {
      const input = { id: 'Ef95dd500ae6ed3b27b89fb852296d12', message: 'Go on?', parameters: [], submitter: '' };
      fake.run(run.id).begin().inputs.push(input);
    },
    answerOf(run) {
      const { inputs, description } = fake.run(run.id).begin();
      const verdict = inputs[0]?.answered;
      if (verdict === undefined) return undefined;
      return { verdict: verdict === 'proceed' ? 'approve' : 'reject', words: description ?? '' };
    },
    close: () => fake.close(),
  };
}

/** A call of the Notification plugin, which logs in with what stands before the `@` of its URL. */
export function notification(fake: FakeJenkins, id: string, secret: string) {
  const lever = fake.run(id);
  const shape = notificationShape(lever.job, lever.begin(), 'STARTED', fake.url);
  const authorization = `Basic ${Buffer.from(`countersign:${secret}`).toString('base64')}`;
  return {
    headers: { 'content-type': 'application/json;charset=UTF-8', authorization },
    body: JSON.stringify(shape),
  };
}
