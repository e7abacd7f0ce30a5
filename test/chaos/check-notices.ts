import { ANNA, BEN_U, CLEO, DINA, SAM, type Who } from '../story/hands.ts';
import type { Hit } from './hit.ts';
import type { Side } from './sides.ts';

const EVERYONE: readonly Who[] = [ANNA, BEN_U, CLEO, DINA, SAM];
/** Every lock of chaos has a reason of its own, and every review names its deployment: what reads the same is the same. */
const NOTICE =
  /^(?:Your lock of|\w+ \w+ (?:took over|opened) your lock of|D-\d+ (?:is to be|should have been) reviewed)/;
/** What comes after a message until it is written down that it stands, in milliseconds. */
const SETTLING_MS = 1500;

/**
 * Nobody is told the same twice in private, unless an instance or the database was hit, or an answer got lost, before it was written down
 * that the first one stands: nobody can look for what was said in private.
 */
export function toldTwice(sides: readonly Side[], hits: readonly Hit[]): readonly string[] {
  return sides.flatMap((side) => {
    const troubles = [...hits, ...side.troubles().map((at) => ({ from: at, until: at }))];
    return EVERYONE.flatMap((who) => {
      const first = new Map<string, number>();
      return side.told(who).flatMap(({ words, at }) => {
        const [head = ''] = words.split('\n');
        const former = NOTICE.test(head) ? first.get(words) : undefined;
        first.set(words, at);
        const excused =
          former === undefined ||
          troubles.some(({ from, until }) => from <= former + SETTLING_MS && until >= former - SETTLING_MS);
        return excused ? [] : [`in ${side.id}, ${who} was told twice: ${head}`];
      });
    });
  });
}
