import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortFailure } from '../../src/ports/failure.ts';
import { failureOf } from '../contract/pipeline-tools.ts';
import type { FakeInput, FakeParameter } from '../fakes/jenkins/world.ts';
import { until } from '../support/until.ts';
import { type JenkinsBench, jenkinsBench, parameter } from './jenkins-bench.ts';

let bench: JenkinsBench;
beforeEach(async () => {
  bench = await jenkinsBench();
});
afterEach(() => bench.close());

const WORDS = 'Countersigned by Ben Okafor (D-1), in Countersign.';

/** A pipeline that asks something, as it is seen then. */
async function asking(parameters: readonly FakeParameter[], more: Partial<FakeInput> = {}, settings = {}) {
  const wish = bench.wish({}, settings);
  const run = await bench.pipeline.start(wish);
  const build = bench.fake.run(run.id).begin();
  const input: FakeInput = { id: 'Go live', message: 'Go live?', parameters, submitter: '', ...more };
  build.inputs.push(input);
  const { waits = [], state } = await bench.pipeline.look(run, wish);
  const [wait] = waits;
  if (wait === undefined) throw new Error('nothing is waited for');
  const answer = (verdict: 'approve' | 'reject', fence?: () => void) =>
    bench.pipeline.answer?.(run, wish, wait, verdict, WORDS, fence) ?? Promise.resolve();
  return { wish, run, build, input, wait, state, answer };
}

describe('a question of a pipeline', () => {
  it('shows what is filled in, and is answered with just that', async () => {
    const { wait, input, answer } = await asking([
      parameter('region', { type: 'ChoiceParameterDefinition', choices: ['eu', 'us'] }),
      parameter('migrate', { type: 'BooleanParameterDefinition', defaultVal: true }),
      parameter('note', { defaultVal: 'none' }),
    ]);

    await answer('approve');

    expect(wait).toMatchObject({ name: 'Go live? (region: eu, migrate: true, note: none)', answerable: true });
    expect(input).toMatchObject({ answered: 'proceed', values: { region: 'eu', migrate: true, note: 'none' } });
  });

  it('tells the parameter of the settings who answered, and does not show it', async () => {
    const { wait, input, answer } = await asking([parameter('WHO')], {}, { approverParameter: 'WHO' });

    await answer('approve');

    expect(wait.name).toBe('Go live?');
    expect(input.values).toEqual({ WHO: WORDS });
  });

  it.each(['PasswordParameterDefinition', 'FileParameterDefinition', 'CredentialsParameterDefinition'])(
    'is left to a person in Jenkins when it wants a %s',
    async (type) => {
      expect((await asking([parameter('key', { type })])).wait).toMatchObject({
        name: 'Go live? (key: ?)',
        answerable: false,
      });
    },
  );

  it('adds who answered to the description that is there, and only once', async () => {
    const { build, answer } = await asking([]);
    build.description = 'Release 7';
    bench.fake.faults.plan({ path: '/proceed', fault: { kind: 'drop' } });

    expect(await failureOf(answer('approve'))).toMatchObject({ inDoubt: true });
    await answer('approve');

    expect(build.description).toBe(`Release 7\n"Go live?" is approved: ${WORDS}`);
  });

  it('is answered also where our user may not change descriptions', async () => {
    bench.fake.quirks.mayDescribe = false;
    const { input, build, answer } = await asking([]);

    await answer('reject');

    expect({ answered: input.answered, description: build.description }).toEqual({
      answered: 'abort',
      description: null,
    });
  });

  it('is let be when somebody answers it in that very moment', async () => {
    const { input, answer } = await asking([]);
    bench.fake.faults.plan({ path: '/submitDescription', fault: { kind: 'late', ms: 100 } });
    const came = (part: string) => bench.fake.asked.some(({ path }) => path.endsWith(part));

    const done = answer('approve');
    await until('the description is written', () => came('/submitDescription'));
    input.answered = 'abort';
    await done;

    expect(came('/proceed')).toBe(true);
    expect(input).not.toHaveProperty('values');
  });

  it('says whom Jenkins lets answer', async () => {
    const { answer } = await asking([], { submitter: 'release-managers' });

    const error = await answer('approve').catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(PortFailure);
    expect((error as PortFailure).message).toContain('You need to be release-managers to submit this.');
  });

  it('is answered by nobody who has lost the right to', async () => {
    const lost = new PortFailure('Not ours any more.', { port: 'lease', kind: 'refused', retryable: true });
    const { input, build, answer } = await asking([]);

    const error = await answer('approve', () => {
      throw lost;
    }).catch((thrown: unknown) => thrown);

    expect(error).toBe(lost);
    expect({ answered: input.answered, description: build.description }).toEqual({
      answered: undefined,
      description: null,
    });
  });

  it('waits no longer when the build has ended', async () => {
    const { run, wish, build } = await asking([]);
    build.building = false;
    build.result = 'ABORTED';

    expect(await bench.pipeline.look(run, wish)).not.toHaveProperty('waits');
  });
});
