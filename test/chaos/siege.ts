import { join } from 'node:path';
import { openStore } from '../../src/store/open.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type Cluster, startCluster } from '../support/postgres-cluster.ts';
import { runCommand } from '../support/program.ts';
import { type Blow, blowWords, planOf } from './blows.ts';
import { unreadable } from './books.ts';
import { doublesWords, judge, type Remains, SOON_MS } from './checks.ts';
import { type City, foundCity } from './city.ts';
import { type Crowd, gather } from './crowd.ts';
import { diceOf } from './dice.ts';
import type { Hit } from './hit.ts';
import { lastAnswers, type RunReport, stateWords } from './run.ts';
import { CHAT_IDS, type ChatId } from './sides.ts';
import { type Squalls, squallsOver } from './squalls.ts';
import { type Storm, unleash } from './storm.ts';

const TURN_MS = 15;
const LOOK_MS = 250;
/** What remains to be done after the storm, and the waiting for leases in it. */
const AFTERMATH_MS = 150_000;
/** How long everybody must be content before the instances are stopped and looked into. */
const CALM_MS = 1000;
const LOG_TAIL = 3000;
/** So long the chats may let everybody down, in milliseconds. */
const SQUALLS_MS = 15_000;

export interface SiegeWish {
  readonly seed: number;
  readonly instances: number;
  readonly blows: number;
  /** The longest freeze, in milliseconds. */
  readonly longestMs: number;
  /** Where PostgreSQL's tools are. */
  readonly tools: string;
  /** All of them when absent. */
  readonly chats?: readonly ChatId[];
  /** See `RunWish`. */
  readonly governed?: boolean;
}

/** What a seed will do, line by line. */
export function siegePlan(wish: Omit<SiegeWish, 'tools' | 'chats' | 'governed'>): readonly string[] {
  return stormOf(wish).map(blowWords);
}

function stormOf({ seed, ...wish }: Omit<SiegeWish, 'tools' | 'chats' | 'governed'>): readonly Blow[] {
  return planOf(diceOf(seed).fork('storm'), wish);
}

/** Plays whole deployments on several instances of one database while they and it are treated badly, until all have ended. */
export async function playSiege(wish: SiegeWish): Promise<RunReport> {
  const { seed, instances, tools, blows, chats = CHAT_IDS, governed = false } = wish;
  const dice = diceOf(seed);
  const plan = stormOf(wish);
  const begun = performance.now();
  const deadline = begun + AFTERMATH_MS + plan.reduce((sum, { afterMs, forMs }) => sum + afterMs + forMs, 0);
  const cluster = await startCluster(tools);
  const own = dice.fork('town');
  const city = await foundCity({ instances, server: cluster.url('postgres'), chats, dice: own, governed });
  const crowd = gather(city, dice.fork('crowd'), Math.max(3, Math.ceil(blows * 0.7)));
  const squalls = squallsOver(city.sides, dice.fork('squalls'), SQUALLS_MS);
  const told: Told = { fallen: [] };
  try {
    const { faults, states, doubles } = await besieged({ city, cluster, crowd, squalls, plan, deadline }, told);
    const deeds = Object.entries(crowd.deeds).map(([name, count]) => `${name} ${count}`);
    return {
      seed,
      faults,
      deployments: states.length,
      kills: told.fallen.length,
      tookMs: Math.round(performance.now() - begun),
      words: `${states.join(' ')} · ${told.fallen.map(({ what }) => what).join(', ')} · ${deeds.join(', ')}, ${doublesWords(doubles)} · ${sharesOf(city)} · ${city.weather}`,
      printed: printedBy(city, cluster, told.fallen),
    };
  } finally {
    await city.close();
    await cluster.close();
  }
}

/** Filled in while it goes on, so that it is known whatever happens. */
interface Told {
  fallen: Storm['fallen'];
}

interface Siege {
  readonly city: City;
  readonly cluster: Cluster;
  readonly crowd: Crowd;
  readonly squalls: Squalls;
  readonly plan: readonly Blow[];
  readonly deadline: number;
}

async function besieged(
  { city, cluster, crowd, squalls, plan, deadline }: Siege,
  told: Told,
): Promise<{
  readonly faults: readonly string[];
  readonly states: readonly string[];
  readonly doubles: Remains['doubles'];
}> {
  const faults: string[] = [];
  const late = () => performance.now() > deadline;
  let storm: Storm | undefined;
  for (;;) {
    try {
      await Promise.all(city.instances.map((one) => one.start()));
      storm ??= unleash(city, cluster, plan);
      told.fallen = storm.fallen;
      await untilCalm({ city, crowd, squalls, storm }, late);
    } catch (error) {
      faults.push(String(error));
    }
    await storm?.end();
    faults.push(...(storm?.faults ?? []), ...(await stopped(city)));
    const remains = await examineCity(city, told.fallen);
    if (faults.length === 0 && remains.unfinished.length > 0 && !late()) continue;
    const { doubles } = remains;
    return {
      faults: [...faults, ...remains.faults, ...remains.unfinished],
      states: remains.rows.map(stateWords),
      doubles,
    };
  }
}

async function stopped(city: City): Promise<readonly string[]> {
  const codes = await Promise.all(city.instances.map(({ subject }) => subject.stop()));
  return city.instances.flatMap(({ number, subject }, index) => [
    ...subject.accidents.map((what) => `instance ${number}: ${what}`),
    ...(codes[index] === 0 ? [] : [`instance ${number}: asked to stop, it ended with ${codes[index]}`]),
  ]);
}

type Raging = Pick<Siege, 'city' | 'crowd' | 'squalls'> & { readonly storm: Storm };

async function untilCalm({ city, crowd, squalls, storm }: Raging, late: () => boolean): Promise<void> {
  let calmSince = performance.now();
  // A machine that stands still for a while is not calm: what was seen last counts as well.
  let busy = true;
  const turning = setInterval(() => crowd.turn(), TURN_MS);
  try {
    while (busy || performance.now() - calmSince < CALM_MS) {
      if (late()) throw new Error('not at its end in time');
      squalls.turn();
      const accident = city.instances.flatMap(({ subject }) => subject.accidents)[0];
      if (accident !== undefined) throw new Error(accident);
      busy = !storm.over() || !crowd.content() || (await owed(city)).length > 0;
      if (busy) calmSince = performance.now();
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  } finally {
    clearInterval(turning);
  }
}

/** What somebody should still do, soon or now. */
async function owed({ database }: City): Promise<readonly string[]> {
  const soon = Date.now() + SOON_MS;
  const asked = database.query(
    `select 'effect ' || key || ' after ' || attempts || ' attempts: ' || coalesce(error, 'no error') as what
       from effects where state = 'pending'
     union all
     select 'wake-up ' || key from wakeups where due < $1 or lease_until is not null`,
    [soon],
  );
  // The database may be away just now, and then nobody knows.
  const found = await asked.catch((error: unknown) => [{ what: `nobody knows: ${String(error)}` }]);
  return found.map(({ what }) => `owed: ${String(what)}`);
}

async function examineCity(city: City, hits: readonly Hit[]): Promise<Remains> {
  const { store, records } = await openStore({ database: city.database.url, clock: systemClock(), works: false });
  try {
    const folder = city.instances[0]?.folder ?? '';
    const verdict = await runCommand('audit', 'verify', '--config', join(folder, 'countersign.yaml'), '--data', folder);
    const broken = verdict.code === 0 ? [] : [`audit verify: ${verdict.text.trim()}`];
    const unread = records === undefined ? ['no records'] : await unreadable(records, city.sides);
    const unwatched = (await store.unwatched(100)).map((id) => `${id} is open, and nothing will wake it`);
    return await judge(store, { ...city, hits }, [...broken, ...unread, ...unwatched], await owed(city));
  } finally {
    await store.close();
  }
}

/** How the work was shared: calls to GitHub and to the chats of each instance. */
function sharesOf({ instances, gates }: City): string {
  const count = (number: number) =>
    [gates.github, ...gates.chats].map(({ calls }) => calls.filter(({ who }) => who === number).length).join('+');
  return `calls ${instances.map(({ number }) => count(number)).join(' ')}`;
}

function printedBy(city: City, cluster: Cluster, fallen: Storm['fallen']): string {
  const all = city.instances.map(({ number, subject }) => `--- instance ${number}\n${subject.printed()}`);
  const database = `--- database\n${cluster.log().slice(-LOG_TAIL)}`;
  return [...all, database, `--- what happened when\n${timeline(city, fallen)}`, lastAnswers(city)].join('\n');
}

/** Every blow, and every call that changes something outside, in order. */
function timeline({ gates }: City, fallen: Storm['fallen']): string {
  const calls = [gates.github, ...gates.chats]
    .flatMap((gate) => gate.calls)
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/auth.test'))
    .map(({ at, who, method, path }) => ({
      at: performance.timeOrigin + at,
      what: `instance ${who}: ${method} ${path}`,
    }));
  return [...calls, ...fallen.map(({ from, what }) => ({ at: from, what: `*** ${what}` }))]
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, what }) => `${new Date(at).toISOString().slice(11, 23)} ${what}`)
    .join('\n');
}
