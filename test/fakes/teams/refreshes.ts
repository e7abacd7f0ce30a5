import { type Acts, refreshOf } from './acts.ts';
import type { FakeMessage, World } from './world.ts';

/** The clients of the people whom a card lists: each asks for its own view when the card is new or has changed. */
export interface Refreshes {
  changed(message: FakeMessage): void;
  on(isOn: boolean): void;
  /** Returns when no client is asking any more. */
  settled(): Promise<void>;
}

export function createRefreshes(world: World, look: Acts['look'], canAsk: () => boolean): Refreshes {
  let isOn = true;
  /** At most one under way for each person and message; `again`: the message has changed meanwhile. */
  const underWay = new Map<string, { again: boolean; done: Promise<void> }>();

  function begin(message: FakeMessage, aad: string): void {
    const key = `${aad} ${message.id}`;
    const running = underWay.get(key);
    if (running !== undefined) {
      running.again = true;
      return;
    }
    const entry = { again: true, done: Promise.resolve() };
    underWay.set(key, entry);
    const run = async () => {
      while (entry.again && isOn && canAsk()) {
        entry.again = false;
        if (!message.deleted) await look(aad, message);
      }
    };
    // After the connector has answered: the client hears of the message no sooner than the bot of its id.
    entry.done = new Promise((resolve) => setImmediate(resolve)).then(run).finally(() => underWay.delete(key));
  }

  return {
    changed: (message) => {
      if (!isOn || !canAsk()) return;
      const members = world.conversations.get(message.conversation)?.members ?? new Set();
      for (const { aad, mri } of world.people.values()) {
        const sees = message.only === undefined || message.only === aad;
        if (sees && members.has(aad) && refreshOf(message, mri) !== undefined) begin(message, aad);
      }
    },
    on: (wanted) => {
      isOn = wanted;
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.allSettled([...underWay.values()].map(({ done }) => done));
    },
  };
}
