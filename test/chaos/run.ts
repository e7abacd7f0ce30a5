import type { Deployment } from '../../src/domain/deployment.ts';
import { latest } from '../fakes/slack/world.ts';
import { ANNA, CLEO } from '../story/slack-people.ts';
import { examine } from './checks.ts';
import { type Crowd, gather } from './crowd.ts';
import { diceOf } from './dice.ts';
import { hire, type Killer } from './killer.ts';
import { foundTown, type Town } from './town.ts';

const TURN_MS = 15;
/** A run that has not come to its end after this long has failed. */
const DEADLINE_MS = 90_000;
/** How long everybody must be content before the programme is stopped and looked into. */
const CALM_MS = 400;

export interface RunWish {
  readonly seed: number;
  /** Absent: two to six, by the dice. */
  readonly kills?: number;
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
export async function playRun({ seed, kills }: RunWish): Promise<RunReport> {
  const dice = diceOf(seed);
  const begun = performance.now();
  const town = await foundTown(dice.fork('town'));
  const crowd = gather(town, dice.fork('crowd'), dice.between(2, 4));
  const killer = hire(town, dice.fork('killer'), kills ?? dice.between(2, 6));
  try {
    const { faults, states } = await played(town, crowd, killer, begun + DEADLINE_MS);
    const deeds = Object.entries(crowd.deeds).map(([name, count]) => `${name} ${count}`);
    const tookMs = Math.round(performance.now() - begun);
    return {
      seed,
      faults,
      deployments: states.length,
      kills: killer.blows.length,
      tookMs,
      words: `${states.join(' ')} · killed at ${killer.blows.join(', ') || 'nothing'} · ${deeds.join(', ')} · ${town.weather}`,
      printed: `${town.subject.printed()}${lastAnswers(town)}`,
    };
  } finally {
    await town.close();
  }
}

async function played(town: Town, crowd: Crowd, killer: Killer, deadline: number) {
  const faults: string[] = [];
  const late = () => performance.now() > deadline;
  for (;;) {
    try {
      if (!town.subject.up()) await town.subject.begin().ready;
      await untilCalm(town, crowd, killer, late);
      const code = await town.subject.stop();
      if (code !== 0) faults.push(`asked to stop, it ended with ${code}`);
    } catch (error) {
      faults.push(String(error));
    }
    const remains = await examine(town);
    const states = remains.rows.map(stateWords);
    if (faults.length === 0 && remains.unfinished.length > 0 && !late()) continue;
    return { faults: [...faults, ...remains.faults, ...remains.unfinished], states };
  }
}

export function lastAnswers({ slack }: Pick<Town, 'slack'>): string {
  const told = [ANNA, CLEO].flatMap((user) => slack.privately(user).slice(-3));
  return told.map((one) => `told in private: ${latest(one).text}\n`).join('');
}

export function stateWords({ id, kind, state, refusals, failure }: Deployment): string {
  const codes = state === 'refused' ? refusals.map(({ code }) => code) : failure === undefined ? [] : [failure.code];
  const why = codes.length === 0 ? '' : ` (${codes.join(', ')})`;
  return `${id}:${kind === 'rollback' ? 'rollback-' : ''}${state}${why}`;
}

async function untilCalm(town: Town, crowd: Crowd, killer: Killer, late: () => boolean): Promise<void> {
  let calmSince = performance.now();
  const turning = setInterval(() => crowd.turn(), TURN_MS);
  try {
    while (performance.now() - calmSince < CALM_MS) {
      if (late()) throw new Error(`not at its end after ${DEADLINE_MS} ms`);
      await killer.turn();
      if (!town.subject.up()) throw new Error('the programme ended by itself');
      if (!crowd.content()) calmSince = performance.now();
      await new Promise((resolve) => setTimeout(resolve, TURN_MS));
    }
  } finally {
    clearInterval(turning);
  }
}
