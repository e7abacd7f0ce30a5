import { ANNA, BEN_U, CLEO, DINA, type Message, PLACES, SAM, type Who } from '../story/hands.ts';
import type { Side } from './sides.ts';

const NAMES: readonly (readonly [Who, string])[] = [
  [ANNA, 'Anna Lind'],
  [BEN_U, 'Ben Okafor'],
  [CLEO, 'Cleo Marsh'],
  [DINA, 'Dina Wolf'],
  [SAM, 'Sam Reed'],
];

/** What one person was told must not be seen by others: `whoami` names whom it is for. */
export function leaks(sides: readonly Side[]): readonly string[] {
  return sides.flatMap(({ id, hands }) => {
    const open = PLACES.flatMap((where) => hands.messages(where).flatMap((one) => addressee(one) ?? []));
    const crossed = NAMES.flatMap(([who, name]) =>
      hands.privately(who).flatMap((one) => {
        const to = addressee(one);
        return to === undefined || to === name ? [] : [`in ${id}, ${who} was told what was for ${to}`];
      }),
    );
    return [...open.map((to) => `in ${id}, everybody was told what was for ${to}`), ...crossed];
  });
}

function addressee(message: Message): string | undefined {
  return /\bYou are \W*([A-Z]\w+ [A-Z]\w+)/.exec(message.words())?.[1];
}
