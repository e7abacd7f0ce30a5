import type { Dice } from './dice.ts';

/** What may happen to an instance, and what to the database under all of them. */
const KINDS = ['kill', 'freeze', 'cut', 'stall', 'terminate', 'restart fast', 'restart immediate'] as const;
type Kind = (typeof KINDS)[number];

/** Moments that are worth being hit at: the call has been obeyed, and its answer is not there yet. */
const AIMS = ['anywhere', 'anywhere', 'tag', 'dispatch', 'dispatch', 'post', 'edit'] as const;
export type Aim = (typeof AIMS)[number];

export interface Blow {
  readonly kind: Kind;
  /** After the former one, in milliseconds. */
  readonly afterMs: number;
  /** Who makes such a call next is hit; `anywhere`: the victim, wherever it is. */
  readonly aim: Aim;
  /** Number of an instance, from 0. */
  readonly victim: number;
  /** How long it is away, in milliseconds. */
  readonly forMs: number;
}

export interface PlanWish {
  readonly blows: number;
  readonly instances: number;
  /** The longest freeze, in milliseconds; in a long plan some are this long. */
  readonly longestMs: number;
}

/** The whole storm, known before it begins: every kind comes before any comes again. */
export function planOf(dice: Dice, { blows, instances, longestMs }: PlanWish): readonly Blow[] {
  const plan: Blow[] = [];
  let bag: Kind[] = [];
  while (plan.length < blows) {
    if (bag.length === 0) bag = [...KINDS];
    const [kind = 'kill'] = bag.splice(dice.between(0, bag.length - 1), 1);
    plan.push({
      kind,
      afterMs: dice.between(200, 2500),
      aim: isOfInstance(kind) ? dice.pick(AIMS) : 'anywhere',
      victim: dice.between(0, instances - 1),
      forMs: lengthOf(kind, dice, longestMs),
    });
  }
  return plan;
}

export function isOfInstance(kind: Kind): boolean {
  return kind === 'kill' || kind === 'freeze' || kind === 'cut' || kind === 'stall';
}

export function blowWords({ kind, aim, victim, forMs, afterMs }: Blow): string {
  const when = `+${(afterMs / 1000).toFixed(1)}s`;
  if (!isOfInstance(kind)) return `${when} ${kind} database`;
  const whom = aim === 'anywhere' ? `instance ${victim}` : `whoever makes the next ${aim} (else ${victim})`;
  return `${when} ${kind} ${whom} for ${(forMs / 1000).toFixed(1)} s`;
}

/** Mostly longer than nothing and around the eight seconds after which others take over; one freeze of five as long as may be. */
function lengthOf(kind: Kind, dice: Dice, longestMs: number): number {
  const short = Math.min(15_000, longestMs);
  switch (kind) {
    case 'kill':
      return dice.between(0, 4000);
    case 'freeze':
      return dice.chance(0.2) ? longestMs : dice.between(1000, short);
    case 'cut':
      return dice.between(100, 5000);
    case 'stall':
      return dice.between(500, Math.min(12_000, longestMs));
    case 'terminate':
    case 'restart fast':
    case 'restart immediate':
      return 0;
  }
}
