import type { Dice } from './dice.ts';
import type { Hit } from './hit.ts';
import type { Side } from './sides.ts';
import type { Town } from './town.ts';

/** Moments that are worth dying at; of the last three any chat may be the one. */
const AIMS = ['anywhere', 'anywhere', 'dispatch', 'tag', 'start', 'post', 'edit', 'look'] as const;

/** How long an aimed blow waits for its moment before it falls anyway, in milliseconds. */
const PATIENCE_MS = 2500;

/** Kills the programme again and again, and starts it anew. */
export interface Killer {
  /** Looks whether the moment has come; true while a kill and restart are under way. */
  turn(): Promise<void>;
  readonly hits: readonly Hit[];
}

export function hire(town: Town, dice: Dice, kills: number): Killer {
  const { subject } = town;
  const hits: Hit[] = [];
  let plan = aimed();

  function aimed() {
    const aim = dice.pick(AIMS);
    const side = town.sides[dice.between(0, town.sides.length - 1)];
    const own = performance.now() + (aim === 'anywhere' ? dice.between(50, 1500) : PATIENCE_MS);
    const words = aim === 'post' || aim === 'edit' || aim === 'look' ? `${side?.id} ${aim}` : aim;
    return { aim, words, due: own, come: momentOf(aim, side) };
  }

  /** Has the moment come? What takes effect then is answered late, so that the answer does not come before the blow. */
  function momentOf(aim: (typeof AIMS)[number], side: Side | undefined): () => boolean {
    const before = town.github.asked.length;
    const posted = (path: string) =>
      town.github.asked.slice(before).some((one) => one.method === 'POST' && one.path.endsWith(path));
    switch (aim) {
      case 'dispatch':
        town.github.faults.plan({ fault: { kind: 'late', ms: 60 }, method: 'POST', path: '/dispatches' });
        return () => posted('/dispatches');
      case 'tag':
        return () => posted('/git/refs');
      case 'post':
      case 'edit':
      case 'look':
        return side?.slowly(aim) ?? (() => false);
      case 'anywhere':
      case 'start':
        return () => false;
    }
  }

  async function strike(): Promise<void> {
    const { words } = plan;
    if (dice.chance(0.5)) await pause(dice.between(0, 20));
    const from = Date.now();
    await subject.kill();
    hits.push({ what: words, from, until: Date.now() });
    await pause(dice.between(0, 300));
    const { ready } = subject.begin();
    plan = aimed();
    if (plan.aim !== 'start' || hits.length >= kills) return ready;
    // Killed before it is ready: while it opens the database, greets the chats or takes up what it finds.
    await pause(dice.between(100, 900));
    return strike();
  }

  return {
    hits,
    async turn() {
      const { due, come } = plan;
      if (hits.length < kills && subject.up() && (performance.now() >= due || come())) await strike();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
