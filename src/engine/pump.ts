import type { Kit } from './kit.ts';

/** A worker that takes what is due, so many at once, and sleeps until the next thing is due. */
export interface Pump {
  /** Something may be due now. */
  kick(): void;
  /** Takes nothing new; returns when nothing is under way. */
  stop(): Promise<void>;
}

export interface PumpParts<T> {
  readonly kit: Pick<Kit, 'clock' | 'log' | 'aside'>;
  readonly name: string;
  /** How many at once. */
  readonly most: number;
  take(limit: number): Promise<readonly T[]>;
  perform(item: T): Promise<void>;
  /** When the next thing is due, milliseconds since 1970. */
  nextDue(): Promise<number | undefined>;
}

/** After a fault of the store, or while work is left to others, the pump rests this long, in milliseconds. */
const REST_MS = 1000;
/** Never sleeps longer than this, so that a lost nudge of another instance costs little. */
const LONGEST_SLEEP_MS = 60_000;

export function createPump<T>(parts: PumpParts<T>): Pump {
  const { kit, most } = parts;
  const aside = () => kit.aside?.() === true;
  const under = new Set<Promise<void>>();
  let turning: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let callOff: () => void = () => undefined;

  async function turn(): Promise<void> {
    do {
      again = false;
      for (const item of under.size < most && !aside() ? await parts.take(most - under.size) : []) begin(item);
    } while (again && !stopped && under.size < most);
    await sleep();
  }

  function begin(item: T): void {
    const work = parts
      .perform(item)
      .catch((error: unknown) => kit.log.error({ pump: parts.name, error: String(error) }, 'work failed unexpectedly'))
      .finally(() => {
        under.delete(work);
        kick();
      });
    under.add(work);
  }

  async function sleep(): Promise<void> {
    // What is due is for others then: no reason to wake for it.
    const due = aside() ? kit.clock.now() + REST_MS : await parts.nextDue();
    callOff();
    if (stopped) return;
    const latest = kit.clock.now() + LONGEST_SLEEP_MS;
    callOff = kit.clock.at(Math.max(kit.clock.now() + 20, Math.min(due ?? latest, latest)), kick);
  }

  function kick(): void {
    if (stopped) return;
    if (turning !== undefined) {
      again = true;
      return;
    }
    turning = turn()
      .catch((error: unknown) => {
        kit.log.error({ pump: parts.name, error: String(error) }, 'the store could not be asked for work');
        callOff();
        callOff = kit.clock.at(kit.clock.now() + REST_MS, kick);
      })
      .finally(() => {
        turning = undefined;
        if (again) kick();
      });
  }

  return {
    kick,
    async stop() {
      stopped = true;
      callOff();
      await turning;
      await Promise.all(under);
    },
  };
}
