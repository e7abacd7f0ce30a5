import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spinnaker } from '../../adapters/pipeline/spinnaker/index.ts';
import { Provider } from '../../adapters/pipeline/spinnaker/schema.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { adapterTools } from '../fakes/github/bench.ts';
import { startFakeSpinnaker } from '../fakes/spinnaker/index.ts';
import { addPipeline } from '../fakes/spinnaker/world.ts';
import { selfSigned } from '../support/certificate.ts';
import { SHA, type SpinnakerBench, spinnakerBench } from './spinnaker-bench.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;
let bench: SpinnakerBench;

beforeEach(async () => {
  bench = await spinnakerBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.fake.violations).toEqual([]);
});

const writes = () => bench.fake.asked.filter(({ method }) => method !== 'GET');
const failed = (call: Promise<unknown>) => call.catch((thrown: unknown) => thrown);

describe('a start', () => {
  it('says who asked, which commit, and our id, beside what is set up and handed in', async () => {
    const wish = bench.wish({ inputs: { region: 'eu-west-1' } }, { parameters: { region: 'nowhere', size: 'small' } });

    await bench.pipeline.start(wish);

    expect(writes()).toMatchObject([
      {
        path: '/pipelines/web/Deploy to staging',
        body: {
          type: 'manual',
          user: 'Anna Lind (Countersign)',
          correlationId: wish.correlation,
          parameters: { region: 'eu-west-1', size: 'small', countersign_sha: SHA },
        },
      },
    ]);
    expect(writes()[0]?.body).not.toHaveProperty('artifacts');
  });

  it('hands over the Git artifact at the approved commit, and the images', async () => {
    const gitArtifact = { reference: 'https://git.example.com/acme/web', account: 'git' };
    const artifacts = [{ name: 'ghcr.io/acme/web', digest: DIGEST }];

    await bench.pipeline.start(bench.wish({ artifacts }, { gitArtifact, images: true }));

    expect(writes()[0]?.body).toMatchObject({
      artifacts: [
        { type: 'git/repo', reference: gitArtifact.reference, version: SHA, artifactAccount: 'git' },
        { type: 'docker/image', name: 'ghcr.io/acme/web', reference: `ghcr.io/acme/web@${DIGEST}`, version: DIGEST },
      ],
    });
  });

  it('lets nobody hand in an expression, and makes none of a name', async () => {
    const sly = '$' + '{new java.net.URL("http://x").getText()}';
    const handed = await failed(bench.pipeline.start(bench.wish({ inputs: { region: sly } })));
    const named = await failed(
      bench.pipeline.start(bench.wish({ artifacts: [{ name: `a${sly}`, digest: DIGEST }] }, { images: true })),
    );
    const before = bench.fake.asked.length;
    await bench.pipeline.start(bench.wish({ requester: `Anna ${sly}` }));

    for (const failure of [handed, named]) {
      expect(failure).toBeInstanceOf(PortFailure);
      expect(failure).toMatchObject({ details: { kind: 'refused', retryable: false, code: 'expression' } });
    }
    expect(handed).toMatchObject({ message: expect.stringContaining('"region"') });
    expect(before).toBe(0);
    expect(JSON.stringify(writes()[0]?.body)).not.toContain('$' + '{');
  });

  it('refuses a pipeline that would not hear of the commit, with advice, before anything runs', async () => {
    addPipeline(bench.fake.world, 'web', 'Deaf', ['region']);
    const failure = await failed(bench.pipeline.start(bench.wish({}, { pipeline: 'Deaf' })));

    expect(failure).toMatchObject({
      message: expect.stringMatching(/pipeline "Deaf" of web has no parameter "countersign_sha".*commitFrom/),
      details: { kind: 'refused', retryable: false },
    });
    expect(writes()).toEqual([]);
    // What is read back from elsewhere need not be a parameter.
    await bench.pipeline.start(bench.wish({}, { pipeline: 'Deaf', commitFrom: 'build' }));
  });

  it('refuses a pipeline that is disabled, and says which one is not there', async () => {
    bench.deploy.disabled = true;
    const disabled = await failed(bench.pipeline.start(bench.wish()));
    const missing = await failed(bench.pipeline.start(bench.wish({}, { pipeline: 'Nowhere' })));

    expect(disabled).toMatchObject({ message: expect.stringMatching(/is disabled/), details: { kind: 'refused' } });
    expect(missing).toMatchObject({
      message: expect.stringMatching(/"Nowhere" of web/),
      details: { kind: 'not-found' },
    });
    expect(writes()).toEqual([]);
  });

  it('tells in the words of Gate which parameter is missing', async () => {
    bench.deploy.parameterConfig.push({ name: 'ticket', required: true });

    const failure = await failed(bench.pipeline.start(bench.wish()));

    expect(failure).toMatchObject({ message: expect.stringContaining('Required parameter ticket is missing') });
  });

  it('finds a run that has ended, for which Orca itself would start a second one', async () => {
    const wish = bench.wish();
    const first = await bench.pipeline.start(wish);
    await bench.fake.run(first.id).succeed();

    const second = await (await bench.restarted()).start(wish);

    expect(second.id).toBe(first.id);
    expect(bench.fake.world.executions).toHaveLength(1);
  });

  it('makes one run of two starts at the same moment', async () => {
    const wish = bench.wish();
    const other = await bench.restarted();

    const runs = await Promise.all([bench.pipeline.start(wish), other.start(wish)]);

    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect(bench.fake.world.executions).toHaveLength(1);
  });

  it('finds a run of days ago, but looks through no more than the last weeks', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    bench.clock.skip(13 * 86_400_000);
    const later = await bench.pipeline.find(wish);
    bench.clock.skip(2 * 86_400_000);

    expect(later?.id).toBe(run.id);
    expect(await bench.pipeline.find(wish)).toBeUndefined();
  });

  it('is in doubt when the answer cannot be understood', async () => {
    bench.fake.faults.plan({ method: 'POST', fault: { kind: 'garbage' } });

    const failure = await failed(bench.pipeline.start(bench.wish()));

    expect(failure).toMatchObject({ details: { kind: 'misbehaved', retryable: true, inDoubt: true } });
  });

  it('takes the way back by another pipeline where one is named, and finds it there', async () => {
    addPipeline(bench.fake.world, 'web', 'Back', ['countersign_sha']);
    const back = bench.wish({ kind: 'rollback' }, { rollback: { pipeline: 'Back' } });
    const plain = bench.wish({ kind: 'rollback' });

    const run = await bench.pipeline.start(back);
    await bench.pipeline.start(plain);

    expect(writes().map(({ path }) => path)).toEqual(['/pipelines/web/Back', '/pipelines/web/Deploy to staging']);
    expect((await bench.pipeline.find(back))?.id).toBe(run.id);
    expect((await bench.pipeline.look(run, back)).sha).toBe(SHA);
  });
});

describe('the login', () => {
  it('is a user and a password as well', async () => {
    const one = await bench.provider({ auth: { user: 'countersign', password: 'env:PASSWORD' } });

    await expect(one.start(bench.wish())).resolves.toMatchObject({ provider: 'cd' });
  });

  it('names a user where Gate believes that', async () => {
    const one = await bench.provider({ user: 'deploy-bot' });
    await one.start(bench.wish());

    expect(new Set(bench.fake.asked.map(({ user }) => user))).toEqual(new Set(['deploy-bot']));
  });

  it.each([false, true])('that is wrong is said to be so (login page: %s)', async (loginPage) => {
    bench.fake.quirks.loginPage = loginPage;
    const one = await bench.provider({}, { 'env:TOKEN': 'old' });

    const failure = await failed(one.start(bench.wish()));

    expect(failure).toMatchObject({
      message: expect.stringMatching(/does not accept the credentials.* Check the token/),
      details: { kind: 'forbidden', retryable: false },
    });
    expect(failure).not.toHaveProperty('details.inDoubt');
  });

  it('is a client certificate as well', async () => {
    const [ours, theirs] = [selfSigned('ec'), selfSigned('ec')];
    const fake = await startFakeSpinnaker({ tls: { key: theirs.key, cert: theirs.certificate, ca: ours.certificate } });
    addPipeline(fake.world, 'web', 'Deploy to staging', ['countersign_sha']);
    const auth = { certificate: 'env:CERTIFICATE', key: 'env:KEY' };
    const secrets = { 'env:CERTIFICATE': ours.certificate, 'env:KEY': ours.key };
    const folder = mkdtempSync(join(tmpdir(), 'countersign-spinnaker-'));
    const certificateAuthority = join(folder, 'authority.pem');
    writeFileSync(certificateAuthority, theirs.certificate);
    const settings = Provider.parse({ url: fake.url, auth, certificateAuthority });
    const one = await spinnaker.create('cd', settings, adapterTools(secrets));

    const run = await one.start(bench.wish()).finally(() => fake.close());
    rmSync(folder, { recursive: true });

    expect(run.id).toBe(fake.world.executions[0]?.id);
  });
});
