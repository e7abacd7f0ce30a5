import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../fakes/github/faults.ts';
import { type FakeGitHub, startFakeGitHub } from '../fakes/github/index.ts';
import { type FakeJenkins, type RunLever, startFakeJenkins } from '../fakes/jenkins/index.ts';
import { addJob, type FakeJob } from '../fakes/jenkins/world.ts';
import { until } from '../support/until.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, PLACES } from './hands.ts';
import { meanwhile as passing } from './meanwhile.ts';
import { openStage, type Stage, shopRepository } from './stage.ts';
import { approved, asked } from './steps.ts';

const MINUTE = 60_000;
/** A story begins at ten. */
const SINCE = /The provider runs has not answered since 10:0\d UTC \(/;
/** Beside the shop: one on another provider, and one on the same whose form must be filled in. */
const TARGETS = `      { staging: {}, production: { url: 'https://shop.example.com' } }
  api:
    repository: { source: code, name: acme/web }
    pipeline: { provider: actions, workflow: deploy.yml }
    environments: { staging: {} }
  pay:
    repository: { source: code, name: acme/web }
    pipeline: { provider: runs, job: shop/deploy }
    inputs: { region: { type: enum, title: Region, options: [eu, us], required: true } }
    environments: { staging: {} }`;

interface Outage {
  readonly what: string;
  readonly fault: Fault;
}
const CUT: Outage = { what: 'cuts every connection', fault: { kind: 'drop' } };
const MUTE: Outage = { what: 'never answers', fault: { kind: 'hang' } };
const PROXY: Outage = {
  what: 'answers only through its proxy',
  fault: { kind: 'status', status: 503, message: 'No server' },
};

describe('a provider, for ten minutes,', () => {
  let jenkins: FakeJenkins;
  let github: FakeGitHub;
  let job: FakeJob;
  let clock: HandClock;
  let stage: Stage;

  beforeEach(async () => {
    jenkins = await startFakeJenkins();
    job = addJob(jenkins.world, 'shop/deploy');
    github = await startFakeGitHub();
    shopRepository(github);
    clock = handClock();
    const login = `apiUrl: '${github.url}', auth: { token: 'file:hub.txt' }`;
    stage = await openStage({
      clock,
      rules: { targets: TARGETS },
      code: {
        kind: 'own',
        accounts: 'github',
        source: `{ type: github, ${login} }`,
        provider: `{ type: jenkins, url: '${jenkins.url}', auth: { user: countersign, apiToken: 'file:jenkins.txt' } }, actions: { type: github-actions, ${login} }`,
        pipeline: 'job: shop/deploy',
        repository: 'acme/web',
        secrets: { hub: github.doorkeeper.token, jenkins: jenkins.doorkeeper.token },
      },
    });
  });
  afterEach(async () => {
    await stage.close();
    await Promise.all([jenkins.close(), github.close()]);
  });

  /** From now on every call to Jenkins meets this. */
  function down(fault: Fault): void {
    jenkins.faults.plan({ fault, times: Number.POSITIVE_INFINITY });
  }

  const meanwhile = <Found>(what: string, look: () => Found | Promise<Found>) => passing(clock, what, look);

  async function isDown(provider: string): Promise<boolean> {
    const text = await (await fetch(`${stage.program().url}/metrics`)).text();
    return text.includes(`countersign_provider_down{provider="${provider}"} 1`);
  }

  const leverOf = async (id: string): Promise<RunLever> =>
    jenkins.run((await until('the run', async () => (await stage.program().store.deployment(id))?.run)).id);

  /** Another service, on a provider that is well. @returns how long it took on the clock of the story, in milliseconds */
  async function another(): Promise<number> {
    const begun = clock.now();
    const id = await asked(stage, 'api staging');
    const run = await until('its run', async () => (await stage.program().store.deployment(id))?.run);
    await stage.card(id, DEPLOYS, 'Deploying');
    const took = clock.now() - begun;
    await github.run(run.id).succeed();
    await meanwhile('its end', async () => (await stage.program().store.deployment(id))?.state === 'succeeded');
    return took;
  }

  const why = async (id: string) => (await stage.told(CLEO, () => stage.hands.ask(CLEO, DEPLOYS, `why ${id}`))).words();

  test.each([CUT, MUTE])(
    'that $what is told everywhere, holds up nobody else, and the run is followed to its end',
    async ({ fault }) => {
      const id = await asked(stage);
      await approved(stage, id);
      const lever = await leverOf(id);
      lever.stage('Build');
      await meanwhile('the first step', async () => (await stage.reaches(id, 'running')).steps.length > 0);
      const begun = clock.now();
      down(fault);

      await meanwhile('the provider to be left alone', () => isDown('runs'));
      await meanwhile('the silence', async () => (await stage.reaches(id, 'running')).silentSince !== undefined);
      const card = await stage.card(id, DEPLOYS, 'Status unknown since 10:0', 'last seen: Build');
      expect(await why(id)).toMatch(SINCE);
      expect(await isDown('actions')).toBe(false);
      expect(await another()).toBeLessThan(5000);
      await stage.hands.ask(ANNA, DEPLOYS, 'pay staging --reason "Cheaper"');
      expect(await stage.hands.offered(ANNA)).toMatch(SINCE);
      expect(await card.buttons(CLEO)).toContain('Cancel');

      lever.stage('Smoke test');
      lever.end('SUCCESS');
      await meanwhile('ten minutes', () => clock.now() >= begun + 10 * MINUTE);
      expect((await stage.reaches(id, 'running')).runState).toBe('running');
      jenkins.faults.clear();
      await meanwhile('its end', async () => (await stage.program().store.deployment(id))?.state === 'succeeded');

      await stage.card(id, DEPLOYS, 'Deployed');
      await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
      expect(await stage.counts(id, PLACES)).toEqual([1, 1, 1]);
      expect(await isDown('runs')).toBe(false);
      expect(job.builds).toHaveLength(1);
      expect(clock.now() - begun).toBeLessThan(12 * MINUTE);
      expect(stage.complaints.filter((line) => !line.includes('left alone'))).toEqual([]);
    },
  );

  test.each([MUTE, PROXY])(
    'that $what at the start is sent nothing, and the run starts once when it is back',
    async ({ fault }) => {
      const id = await asked(stage);
      down(fault);
      const begun = clock.now();
      await stage.hands.press(CLEO, await stage.card(id, DEPLOYS, 'Needs approval'), 'approve');
      await stage.reaches(id, 'running');

      await meanwhile('the provider to be left alone', () => isDown('runs'));
      await meanwhile('the silence', async () => (await stage.reaches(id, 'running')).silentSince !== undefined);
      expect(await why(id)).toMatch(SINCE);
      await stage.card(id, DEPLOYS, 'Status unknown since 10:0');
      expect(await another()).toBeLessThan(5000);
      await meanwhile('ten minutes', () => clock.now() >= begun + 10 * MINUTE);
      expect(jenkins.asked.filter(({ method }) => method === 'POST')).toEqual([]);
      jenkins.faults.clear();
      await meanwhile('the start', async () => (await stage.program().store.deployment(id))?.run !== undefined);

      const lever = await leverOf(id);
      lever.stage('Build');
      await meanwhile('news', async () => (await stage.reaches(id, 'running')).silentSince === undefined);
      await stage.card(id, DEPLOYS, 'Deploying', 'Build');
      lever.end('SUCCESS');
      await meanwhile('its end', async () => (await stage.program().store.deployment(id))?.state === 'succeeded');

      await stage.card(id, EVERYBODY, 'Acme Shop: a new version is live for customers');
      expect(job.builds).toHaveLength(1);
      expect(jenkins.asked.filter(({ path }) => path.endsWith('/buildWithParameters'))).toHaveLength(1);
    },
  );

  test('that cuts every connection at the start is sent nothing of what was cancelled meanwhile', async () => {
    const id = await asked(stage);
    down(CUT.fault);
    await stage.hands.press(CLEO, await stage.card(id, DEPLOYS, 'Needs approval'), 'approve');
    await stage.reaches(id, 'running');
    await meanwhile('the provider to be left alone', () => isDown('runs'));

    await stage.hands.ask(ANNA, DEPLOYS, `cancel ${id} "Not today"`);
    await stage.card(id, DEPLOYS, 'Anna Lind asked the run to stop');
    jenkins.faults.clear();
    await meanwhile('its end', async () => (await stage.program().store.deployment(id))?.state === 'cancelled');

    await stage.card(id, DEPLOYS, 'Cancelled', 'Not today');
    expect(jenkins.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });
});
