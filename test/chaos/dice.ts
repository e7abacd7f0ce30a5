/** Chance that can be repeated: the same seed gives the same throws in the same order. */
export interface Dice {
  /** 0 inclusive to 1 exclusive. */
  next(): number;
  /** A whole number from `least` to `most`, both inclusive. */
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<One>(all: readonly [One, ...One[]]): One;
  /** Dice of their own for one player, so that nobody's timing changes another's throws. */
  fork(name: string): Dice;
}

/** Mulberry32: 32 bits of state, good enough to choose moments with. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    next,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick: (all) => all[Math.floor(next() * all.length)] ?? all[0],
    fork: (name) => diceOf([...name].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 16_777_619), seed)),
  };
}
