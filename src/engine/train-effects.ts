import type { Catalog } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Effect, NewEffect, Topic } from '../domain/effect.ts';
import type { PlaceBook } from '../domain/target.ts';
import { isMember } from '../domain/train.ts';
import { cardEffect, replyEffect } from './effects.ts';
import { hearings, trainHearings } from './places.ts';
import type { TrainTurn } from './train-moves.ts';

export interface Ears {
  readonly catalog: Catalog;
  readonly books: readonly PlaceBook[];
}

/** What one word on a train, or one end, would say once for each member. */
const ONCE: ReadonlySet<Topic> = new Set([
  'nudge',
  'countersigned',
  'approvals-voided',
  'rejected',
  'expired',
  'cancelled',
]);

/**
 * What must happen in chats because a train changed, out of what its members would say for themselves: one card for all of it, one call
 * for approvers, and each word on the train told once.
 */
export function asTrain(
  effects: readonly NewEffect[],
  train: TrainTurn,
  { catalog, books }: Ears,
  due: number,
): readonly NewEffect[] {
  const own = new Set(train.after.map(({ id }) => id));
  const said = new Set<string>();
  const kept = effects.filter(({ effect, lane }) => {
    if (effect.kind === 'card') return !own.has(effect.deployment);
    if (effect.kind !== 'reply' || !own.has(effect.deployment)) return true;
    if (effect.topic === 'approval-needed' || isRepeated(effect, train)) return false;
    if (!ONCE.has(effect.topic)) return true;
    const what = `${lane} ${effect.topic}`;
    const first = !said.has(what);
    said.add(what);
    return first;
  });
  const lead = train.after[0];
  const cards =
    lead === undefined || !isMember(lead)
      ? []
      : trainHearings(train.after, catalog, books).map((one) => cardEffect(lead, one, due));
  return [...kept, ...cards, ...call(train, { catalog, books }, due)];
}

/** Has another member been told of the very same? Each is reminded of by its own wake-up. */
function isRepeated(effect: Extract<Effect, { kind: 'reply' }>, { before }: TrainTurn): boolean {
  const others = before.filter(({ id, state }) => id !== effect.deployment && state === 'awaiting-approval');
  if (effect.topic === 'reminder') return others.some(({ remindedAt }) => remindedAt !== undefined);
  return effect.topic === 'escalated' && others.some(({ escalations = [] }) => escalations.length > 0);
}

/** The approvers are called when all of the train has been worked out. */
function call({ before, after }: TrainTurn, { catalog, books }: Ears, due: number): readonly NewEffect[] {
  const waiting = after.find(({ state }) => state === 'awaiting-approval');
  if (waiting === undefined || !before.some(isWorkedOn) || after.some(isWorkedOn)) return [];
  return hearings(waiting, catalog, books)
    .filter(({ audience }) => audience === 'engineering')
    .map((hearing) => replyEffect(waiting, hearing, 'approval-needed', due));
}

function isWorkedOn({ state }: Deployment): boolean {
  return state === 'requested' || state === 'checking';
}
