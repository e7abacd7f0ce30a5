import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jenkins } from '../../adapters/pipeline/jenkins/index.ts';
import { Provider, Settings } from '../../adapters/pipeline/jenkins/schema.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import { adapterTools } from '../fakes/github/bench.ts';
import { addJob, beginBuild, enqueue } from '../fakes/jenkins/world.ts';
import { type JenkinsBench, jenkinsBench, parameter, SHA } from './jenkins-bench.ts';

let bench: JenkinsBench;
beforeEach(async () => {
  bench = await jenkinsBench();
});
afterEach(() => bench.close());

const writes = () => bench.fake.asked.filter(({ method }) => method === 'POST');

async function messageOf(call: Promise<unknown>): Promise<string> {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PortFailure);
  return (error as PortFailure).message;
}

describe('starting a job', () => {
  it('hands over the commit, our id, fixed parameters, and of the rest what the job declares', async () => {
    bench.job.parameters.push(parameter('stack'), parameter('COUNTERSIGN_REQUESTER'), parameter('COUNTERSIGN_KIND'));
    const wish = bench.wish(
      { inputs: { region: 'eu' }, kind: 'rollback' },
      { parameters: { stack: 'blue', region: 'us' } },
    );

    await bench.pipeline.start(wish);

    expect(writes()).toEqual([
      {
        method: 'POST',
        path: '/job/team/job/app/job/deploy/buildWithParameters',
        status: 201,
        form: {
          COUNTERSIGN_ID: wish.correlation,
          COUNTERSIGN_SHA: SHA,
          COUNTERSIGN_KIND: 'rollback',
          COUNTERSIGN_REQUESTER: 'Anna Lind',
          region: 'eu',
          stack: 'blue',
        },
      },
    ]);
  });

  it('lets nothing that people fill in take the place of the commit or our id', async () => {
    const wish = bench.wish({ inputs: { COUNTERSIGN_SHA: 'main', COUNTERSIGN_ID: 'mine' } });

    await bench.pipeline.start(wish);

    expect(writes()[0]?.form).toMatchObject({ COUNTERSIGN_ID: wish.correlation, COUNTERSIGN_SHA: SHA });
  });

  it('finds a branch of a multibranch project under its doubly encoded name', async () => {
    addJob(bench.fake.world, 'my team/app/feature%2Fx');

    await bench.pipeline.start(bench.wish({}, { job: 'my team/app/feature%2Fx' }));

    expect(writes()[0]?.path).toBe('/job/my%20team/job/app/job/feature%252Fx/buildWithParameters');
  });

  it('gives the parameters the names that the settings say', async () => {
    addJob(bench.fake.world, 'other', { parameters: [parameter('ID'), parameter('REVISION')] });
    const wish = bench.wish({}, { job: 'other', idParameter: 'ID', commitParameter: 'REVISION' });

    const run = await bench.pipeline.start(wish);

    expect(writes()[0]?.form).toEqual({ ID: wish.correlation, REVISION: SHA });
    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });

  it('starts none again whose build has ended and whose queue item is forgotten, also after a restart', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    const lever = bench.fake.run(run.id);
    lever.end('FAILURE');
    lever.forget();

    const again = await (await bench.restarted()).start(wish);

    expect(again).toEqual({ ...run, url: `${bench.fake.url}/job/team/job/app/job/deploy/1/` });
    expect(writes()).toHaveLength(1);
  });

  it('takes the first of two builds with our id: the other was repeated by hand', async () => {
    const wish = bench.wish();
    const run = await bench.pipeline.start(wish);
    const { item } = bench.fake.run(run.id);
    beginBuild(item);
    beginBuild(enqueue(bench.fake.world, bench.job, item.parameters));

    expect((await bench.pipeline.find(wish))?.id).toBe(run.id);
  });
});

describe('a start is refused, with what to do,', () => {
  it.each([
    [
      'when the job declares no parameters',
      [],
      /The job bare does not declare the parameters COUNTERSIGN_SHA, COUNTERSIGN_ID\. Add them/,
    ],
    ['when one is missing', ['COUNTERSIGN_ID'], /does not declare the parameter COUNTERSIGN_SHA\. Add it .*first run/],
  ])('%s', async (_case, names, words) => {
    addJob(bench.fake.world, 'bare', { parameters: names.map((name) => parameter(name)) });
    const call = bench.pipeline.start(bench.wish({}, { job: 'bare' }));

    expect(await messageOf(call)).toMatch(words);
    expect(writes()).toEqual([]);
  });

  it('when what people filled in would be lost', async () => {
    const call = bench.pipeline.start(bench.wish({ inputs: { size: 'XL' } }));

    expect(await messageOf(call)).toMatch(/does not declare the parameter size\./);
    expect(writes()).toEqual([]);
  });

  it('when a value is none of the choices', async () => {
    bench.job.parameters.push(parameter('tier', { type: 'ChoiceParameterDefinition', choices: ['web', 'db'] }));

    const stray = bench.pipeline.start(bench.wish({ inputs: { tier: 'cache' } }));
    expect(await messageOf(stray)).toBe('The job team/app/deploy takes for tier only web, db.');
    await bench.pipeline.start(bench.wish({ inputs: { tier: 'db' } }));

    expect(writes()).toHaveLength(1);
  });

  it('when the job is disabled, or is none', async () => {
    bench.job.buildable = false;

    expect(await messageOf(bench.pipeline.start(bench.wish()))).toMatch(/it is disabled\. Enable it/);
    expect(await failureOf(bench.pipeline.start(bench.wish({}, { job: 'nowhere' })))).toMatchObject({
      kind: 'not-found',
    });
    expect(writes()).toEqual([]);
  });

  it('when Jenkins takes it, but puts it nowhere: then it is in doubt', async () => {
    bench.fake.quirks.turnsAway = true;

    expect(await failureOf(bench.pipeline.start(bench.wish()))).toMatchObject({ inDoubt: true, code: 'no-queue-item' });
  });
});

describe('logging in', () => {
  const byPassword = () => bench.provider({ auth: { user: bench.fake.doorkeeper.user, password: 'env:PASSWORD' } });

  it('with an API token asks for no crumb', async () => {
    await bench.pipeline.start(bench.wish());

    expect(bench.fake.doorkeeper.crumbs()).toBe(0);
  });

  it('with a password asks for one crumb for all writes, and for another when it is refused', async () => {
    const pipeline = await byPassword();
    const wish = bench.wish();

    const run = await pipeline.start(wish);
    await pipeline.start(bench.wish());
    const before = bench.fake.doorkeeper.crumbs();
    bench.fake.doorkeeper.forget();
    await pipeline.stop(run, wish);

    expect(before).toBe(1);
    expect(bench.fake.doorkeeper.crumbs()).toBe(2);
    expect(writes().map(({ status }) => status)).toEqual([201, 201, 403, 204]);
  });

  it('with a password works where Jenkins gives no crumbs', async () => {
    const pipeline = await byPassword();
    bench.fake.faults.plan({ path: '/crumbIssuer', fault: { kind: 'status', status: 404 } });

    // Our fake wants one all the same: it is enough that the start is tried without, and then with one.
    await pipeline.start(bench.wish());

    expect(writes().map(({ status }) => status)).toEqual([403, 201]);
  });

  it('does not doubt a start for which it got no crumb', async () => {
    const pipeline = await byPassword();
    bench.fake.faults.plan({ path: '/crumbIssuer', fault: { kind: 'status', status: 503 } });

    const failure = await failureOf(pipeline.start(bench.wish()));
    await pipeline.start(bench.wish());

    expect(failure).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(failure.inDoubt ?? false).toBe(false);
  });

  it('says so when it is refused, or sent to a login page', async () => {
    const wrong = await bench.provider({}, { 'env:TOKEN': 'wrong' });
    expect(await messageOf(wrong.start(bench.wish()))).toBe(
      'Jenkins does not accept the credentials. Check the user and API token of the configuration.',
    );

    const headers = { location: '/ci/login?from=%2F' };
    bench.fake.faults.plan({ method: 'POST', fault: { kind: 'status', status: 302, headers } });
    expect(await messageOf(bench.pipeline.start(bench.wish()))).toMatch(/login page.*Check the user and API token/);
  });

  it('repeats what Jenkins says of a permission that is missing', async () => {
    const message = 'countersign is missing the Job/Build permission';
    bench.fake.faults.plan({ method: 'POST', fault: { kind: 'status', status: 403, message } });

    expect(await messageOf(bench.pipeline.start(bench.wish()))).toContain(`It says: ${message}`);
  });

  it('is retryable while Jenkins starts', async () => {
    bench.fake.faults.plan({ fault: { kind: 'status', status: 503, message: 'Service Unavailable' } });

    const failure = await failureOf(bench.pipeline.start(bench.wish()));

    expect(failure).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(failure.inDoubt ?? false).toBe(false);
  });
});

describe('the configuration', () => {
  it.each(['/deploy', 'deploy/', 'team//deploy', ''])('takes no job named %j', (job) => {
    expect(Settings.safeParse({ job }).success).toBe(false);
  });

  it('takes one login, by reference', () => {
    const url = 'https://ci.example.com/jenkins/';
    const good = [
      { user: 'bot', apiToken: 'env:TOKEN' },
      { user: 'bot', password: 'file:password.txt' },
    ];
    const bad = [
      { user: 'bot' },
      { user: 'bot', apiToken: '11abc' },
      { user: 'b', apiToken: 'env:A', password: 'env:B' },
    ];

    expect(good.map((auth) => Provider.safeParse({ url, auth }).success)).toEqual([true, true]);
    expect(bad.map((auth) => Provider.safeParse({ url, auth }).success)).toEqual([false, false, false]);
  });

  it('says at once when the file of the authority is none', async () => {
    const provider = Provider.parse({
      url: 'https://ci.example.com',
      auth: { user: 'bot', apiToken: 'env:TOKEN' },
      certificateAuthority: '/nowhere/ca.pem',
    });

    const made = jenkins.create('ci', provider, adapterTools({ 'env:TOKEN': 'x' }));

    expect(await messageOf(made)).toMatch(/\/nowhere\/ca\.pem .*cannot be read/);
  });
});
