import type { Deployment } from '../../src/domain/deployment.ts';
import { ANNA, CLEO } from '../story/hands.ts';
import { doublesWords, examine } from './checks.ts';
import { type Crowd, gather } from './crowd.ts';
import { diceOf } from './dice.ts';
import { hire, type Killer } from './killer.ts';
import { CHAT_IDS, type ChatId } from './sides.ts';
import { type Squalls, squallsOver } from './squalls.ts';
import { foundTown, type Town } from './town.ts';

const TURN_MS = 15;
/** A run that has not come to its end after this long has failed. */
const DEADLINE_MS = 150_000;
/** How long everybody must be content before the programme is stopped and looked into. */
const CALM_MS = 400;
/** So long the chats may let everybody down, in milliseconds. */
const SQUALLS_MS = 6000;

export interface RunWish {
  readonly seed: number;
  /** Absent: two to six, by the dice. */
  readonly kills?: number;
  /** All of them when absent. */
  readonly chats?: readonly ChatId[];
  /** With rules of two groups, locks, hotfixes and all that people do to govern; not when absent. */
  readonly governed?: boolean;
}

export interface RunReport {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly deployments: number;
  readonly kills: number;
  readonly tookMs: number;
  /** One line for people. */
  readonly words: string;
  /** What the programme printed and answered last, for whoever looks into a failure. */
  readonly printed: string;
}

/** Plays whole deployments while the programme is killed and started anew, until all have ended; then looks at what is left. */
export async function playRun({ seed, kills, chats = CHAT_IDS, governed = false }: RunWish): Promise<RunReport> {
  const dice = diceOf(seed);
  const begun = performance.now();
  const town = await foundTown({ chats, dice: dice.fork('town'), governed });
  const crowd = gather(town, dice.fork('crowd'), dice.between(2, 4) + (governed ? 2 : 0));
  const killer = hire(town, dice.fork('killer'), kills ?? dice.between(2, 6));
  try {
    const squalls = squallsOver(town.sides, dice.fork('squalls'), SQUALLS_MS);
    const { faults, states, doubles } = await played({ town, crowd, killer, squalls }, begun + DEADLINE_MS);
    const deeds = Object.entries(crowd.deeds).map(([name, count]) => `${name} ${count}`);
    const tookMs = Math.round(performance.now() - begun);
    return {
      seed,
      faults,
      deployments: states.length,
      kills: killer.hits.length,
      tookMs,
      words: `${states.join(' ')} · killed at ${killer.hits.map(({ what }) => what).join(', ') || 'nothing'} · ${deeds.join(', ')}, ${doublesWords(doubles)} · ${town.weather}`,
      printed: `${town.subject.printed()}${lastAnswers(town)}`,
    };
  } finally {
    await town.close();
  }
}

interface Play {
  readonly town: Town;
  readonly crowd: Crowd;
  readonly killer: Killer;
  readonly squalls: Squalls;
}

async function played(play: Play, deadline: number) {
  const { town, killer } = play;
  const faults: string[] = [];
  const late = () => performance.now() > deadline;
  for (;;) {
    try {
      if (!town.subject.up()) await town.subject.begin().ready;
      await untilCalm(play, late);
      const code = await town.subject.stop();
      if (code !== 0) faults.push(`asked to stop, it ended with ${code}`);
    } catch (error) {
      faults.push(String(error));
    }
    const remains = await examine(town, killer.hits);
    const states = remains.rows.map(stateWords);
    if (faults.length === 0 && remains.unfinished.length > 0 && !late()) continue;
    return { faults: [...faults, ...remains.faults, ...remains.unfinished], states, doubles: remains.doubles };
  }
}

export function lastAnswers({ sides }: Pick<Town, 'sides'>): string {
  const told = sides.flatMap(({ hands }) => ([ANNA, CLEO] as const).flatMap((who) => hands.privately(who).slice(-3)));
  return told.map((one) => `told in private: ${one.words().split('\n')[0]}\n`).join('');
}

export function stateWords({ id, kind, state, refusals, failure }: Deployment): string {
  const codes = state === 'refused' ? refusals.map(({ code }) => code) : failure === undefined ? [] : [failure.code];
  const why = codes.length === 0 ? '' : ` (${codes.join(', ')})`;
  return `${id}:${kind === 'regular' ? '' : `${kind}-`}${state}${why}`;
}

async function untilCalm({ town, crowd, killer, squalls }: Play, late: () => boolean): Promise<void> {
  let calmSince = performance.now();
  // A machine that stands still for a while is not calm: what was seen last counts as well.
  let busy = true;
  const turning = setInterval(() => crowd.turn(), TURN_MS);
  try {
    while (busy || performance.now() - calmSince < CALM_MS) {
      if (late()) throw new Error(`not at its end after ${DEADLINE_MS} ms`);
      squalls.turn();
      await killer.turn();
      if (!town.subject.up()) throw new Error('the programme ended by itself');
      busy = !crowd.content();
      if (busy) calmSince = performance.now();
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
  } finally {
    clearInterval(turning);
  }
}
