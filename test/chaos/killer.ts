import type { Dice } from './dice.ts';
import type { Town } from './town.ts';

/** Moments that are worth dying at. */
const AIMS = ['anywhere', 'anywhere', 'dispatch', 'tag', 'post', 'edit', 'start', 'history'] as const;
type Aim = (typeof AIMS)[number];

/** How long an aimed blow waits for its moment before it falls anyway, in milliseconds. */
const PATIENCE_MS = 2500;

/** Kills the programme again and again, and starts it anew. */
export interface Killer {
  /** Looks whether the moment has come; true while a kill and restart are under way. */
  turn(): Promise<void>;
  readonly blows: readonly Aim[];
}

export function hire(town: Town, dice: Dice, kills: number): Killer {
  const { subject } = town;
  const blows: Aim[] = [];
  let plan = aimed();

  function aimed() {
    const aim = dice.pick(AIMS);
    const counts = { asked: town.github.asked.length, calls: town.slack.world.calls.length };
    if (aim === 'post' || aim === 'edit') slowly(aim === 'post' ? 'chat.postMessage' : 'chat.update');
    if (aim === 'dispatch')
      town.github.faults.plan({ fault: { kind: 'late', ms: 60 }, method: 'POST', path: '/dispatches' });
    return { aim, counts, due: performance.now() + (aim === 'anywhere' ? dice.between(50, 1500) : PATIENCE_MS) };
  }

  /** The call takes effect, and its answer does not come before the blow. */
  function slowly(method: string): void {
    town.slack.faults.add({ method, kind: 'late', ms: 60 });
  }

  function come(): boolean {
    const { aim, counts, due } = plan;
    if (performance.now() >= due) return true;
    const asked = town.github.asked.slice(counts.asked);
    const calls = town.slack.world.calls.slice(counts.calls);
    switch (aim) {
      case 'dispatch':
        return asked.some(({ method, path }) => method === 'POST' && path.endsWith('/dispatches'));
      case 'tag':
        return asked.some(({ method, path }) => method === 'POST' && path.endsWith('/git/refs'));
      case 'post':
        return calls.some(({ method, outcome }) => method === 'chat.postMessage' && outcome === 'late');
      case 'edit':
        return calls.some(({ method, outcome }) => method === 'chat.update' && outcome === 'late');
      case 'history':
        return calls.some(({ method }) => method === 'conversations.history');
      case 'anywhere':
      case 'start':
        return false;
    }
  }

  async function strike(): Promise<void> {
    blows.push(plan.aim);
    if (dice.chance(0.5)) await pause(dice.between(0, 20));
    await subject.kill();
    await pause(dice.between(0, 300));
    const { ready } = subject.begin();
    plan = aimed();
    if (plan.aim !== 'start' || blows.length >= kills) return ready;
    // Killed before it is ready: while it opens the database, greets Slack or takes up what it finds.
    await pause(dice.between(100, 900));
    return strike();
  }

  return {
    blows,
    async turn() {
      if (blows.length < kills && subject.up() && come()) await strike();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
