import { type City, foundCity, type Instance } from '../chaos/city.ts';
import { diceOf } from '../chaos/dice.ts';
import type { Gate, GateCall } from '../chaos/gate.ts';
import { addCommit, type FakeRun } from '../fakes/github/world.ts';
import { ANNA, DEPLOYS } from '../story/hands.ts';
import { TEST_SERVER } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { type Case, type Row, say, spread } from './measure.ts';
import { NEEDS_SERVER } from './server.ts';

const TIMES = 10;
const INSTANCES = 3;
const AIM_MS = 10_000;
const PATIENCE_MS = 60_000;
/** Any seed will do: nothing but the manners of the fakes hangs on it. */
const SEED = 1;

const HOWS = ['kill', 'freeze'] as const;
type How = (typeof HOWS)[number];
const WHATS = ['start', 'look'] as const;
type What = (typeof WHATS)[number];

const WORDS: Readonly<Record<How, string>> = { kill: 'kill -9', freeze: 'SIGSTOP' };
const IN_HAND: Readonly<Record<What, string>> = { start: 'starts a run', look: 'looks after a run' };

/** From the moment an instance falls with work in hand to the moment another does something about that work at GitHub. */
export const failover: Case = {
  name: 'failover',
  about: `${INSTANCES} instances on PostgreSQL: one is killed or frozen in the middle of a call, until another acts in its place`,
  ...NEEDS_SERVER,
  async run() {
    const city = await foundCity({ instances: INSTANCES, server: TEST_SERVER ?? '', dice: diceOf(SEED).fork('town') });
    const found = new Map<string, number[]>();
    try {
      // Told of nothing, the instances look by themselves: nobody but the fallen one has a reason to look just then.
      delete city.github.postman.target;
      await Promise.all(city.instances.map((one) => one.start()));
      for (let time = 0; time < TIMES; time += 1) {
        // Every deployment meets both, so that each way to fall meets each kind of work as often.
        for (const [first, second] of [HOWS, HOWS.toReversed()]) {
          const took = await oneDeployment(city, time, first ?? 'kill', second ?? 'freeze');
          for (const [name, ms] of Object.entries(took)) found.set(name, [...(found.get(name) ?? []), ms]);
          say(
            `failover: ${Object.entries(took)
              .map(([name, ms]) => `${name} ${Math.round(ms)} ms`)
              .join(', ')}`,
          );
        }
      }
    } finally {
      await city.close();
    }
    return HOWS.flatMap((how) => WHATS.map((what) => rowOf(how, what, found.get(`${how} ${what}`) ?? [])));
  },
};

function rowOf(how: How, what: What, samples: readonly number[]): Row {
  const ours = spread(samples);
  const [least, most] = [Math.min(...samples), Math.max(...samples)];
  return {
    name: `${WORDS[how]} on whoever ${IN_HAND[what]}, until another acts`,
    unit: 'ms',
    ours,
    aim: `< ${AIM_MS / 1000} s always`,
    met: most < AIM_MS,
    note: `least ${least.toFixed(0)}, median ${ours.p50.toFixed(0)}, most ${most.toFixed(0)} ms of ${samples.length}`,
  };
}

async function oneDeployment(city: City, time: number, first: How, second: How): Promise<Record<string, number>> {
  const { github } = city.gates;
  const sha = addCommit(city.repository, { message: `Change ${time} ${first}` });
  const runs = city.repository.runs.length;
  const starting = fall(city, first, ({ method, path }) => method === 'POST' && path.endsWith('/dispatches'));
  await city.sides[0]?.hands.ask(ANNA, DEPLOYS, `web@${sha} staging`);
  const startTook = await starting.then(({ victim, at }) => takenOver(github, victim, at, /\/runs\?/));
  const run = await until('the run', () => city.repository.runs[runs], PATIENCE_MS);
  await starting.then(({ victim }) => back(first, victim));
  await city.github.run(String(run.id)).begin();
  const isLook = ({ method, path }: GateCall) => method === 'GET' && lookAt(run).test(path);
  const { victim, at } = await fall(city, second, isLook);
  const lookTook = await takenOver(github, victim, at, lookAt(run));
  await back(second, victim);
  await city.github.run(String(run.id)).succeed();
  await until('the end of the deployment', () => ended(city), PATIENCE_MS);
  return { [`${first} start`]: startTook, [`${second} look`]: lookTook };
}

function lookAt(run: FakeRun): RegExp {
  return new RegExp(`/actions/runs/${run.id}(?:$|[/?])`);
}

interface Fallen {
  readonly victim: Instance;
  /** By `performance.now`. */
  readonly at: number;
}

/** The next one that makes such a call falls before it hears the answer. */
function fall({ instances, gates }: City, how: How, fits: (call: GateCall) => boolean): Promise<Fallen> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      takeBack();
      reject(new Error(`nobody made the call at which to ${how} it`));
    }, PATIENCE_MS);
    const takeBack = gates.github.seize(fits, async ({ who }) => {
      clearTimeout(late);
      const victim = instances[who];
      if (victim === undefined) return reject(new Error('the call was nobody of ours'));
      const at = performance.now();
      if (how === 'kill') await victim.subject.kill();
      else victim.subject.freeze();
      resolve({ victim, at });
    });
  });
}

/** @returns milliseconds until somebody else made such a call */
async function takenOver(gate: Gate, victim: Instance, since: number, path: RegExp): Promise<number> {
  const isIt = ({ who, at, ...call }: GateCall) => who !== victim.number && at > since && path.test(call.path);
  const call = await until('somebody to take over', () => gate.calls.find(isIt), PATIENCE_MS);
  return call.at - since;
}

async function back(how: How, victim: Instance): Promise<void> {
  if (how === 'freeze') victim.subject.thaw();
  else await victim.start();
}

async function ended({ database }: City): Promise<boolean> {
  return (await database.query('select 1 from deployments where open')).length === 0;
}
