import type { Dice } from './dice.ts';
import type { Side } from './sides.ts';

/** Bad weather in the chats: each squall has its moment, known before it begins. */
export interface Squalls {
  /** Lets those fall whose moment has come. */
  turn(): void;
}

/** @param length of the time in which they fall, in milliseconds */
export function squallsOver(sides: readonly Side[], dice: Dice, length: number): Squalls {
  const most = Math.ceil(length / 2000);
  const coming = sides.flatMap((side) =>
    Array.from({ length: dice.between(0, most) }, () => ({ side, at: performance.now() + dice.between(200, length) })),
  );
  return {
    turn() {
      for (const one of coming.filter(({ at }) => at <= performance.now())) {
        coming.splice(coming.indexOf(one), 1);
        one.side.squall(dice);
      }
    },
  };
}
