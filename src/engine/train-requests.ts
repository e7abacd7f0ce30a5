import type { Deployment } from '../domain/deployment.ts';
import type { DeploymentEvent, Request } from '../domain/event.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { TRAIN_SIZE, trainId } from '../domain/train.ts';
import { no, orUnwritable } from './answers.ts';
import type { Answer, Caller, TrainWish } from './door.ts';
import type { Groups } from './groups.ts';
import type { Kit } from './kit.ts';
import { examined } from './requests.ts';
import { type Move, transact } from './transact.ts';

/** Asks for several deployments as one: all of them are written down in one transaction, or none is. */
export function requestTrain(kit: Kit, groups: Groups, caller: Caller, wish: TrainWish): Promise<Answer> {
  return orUnwritable<Answer>(kit, () =>
    transact<Answer>(kit, { key: caller.key }, async () => {
      const { services, environment, mode, ...terms } = wish;
      const odd = sizeRefusal(wish);
      if (odd !== undefined) return { moves: [], answer: () => no(odd) };
      const drafts = await Promise.all(
        services.map((one) => examined(kit, groups, caller, { ...one, environment, ...terms })),
      );
      const against = drafts.flatMap((draft, index) =>
        draft.kind === 'refused' ? draft.refusals.map((one) => named(one, services[index]?.service ?? '')) : [],
      );
      const requests = drafts.flatMap((draft) => (draft.kind === 'draft' ? [draft.request] : []));
      if (against.length > 0) return { moves: [], answer: () => no(...commonOnce(against, services.length)) };
      const first = await kit.store.nextNumber();
      const members = requests.map(({ service }, index) => ({ deployment: `D-${first + index}`, service }));
      const moves = requests.map((draft, index): Move => {
        const train = { id: trainId(first), position: index + 1, mode, members };
        const request: Request = { ...draft, number: first + index, token: kit.token(), train };
        const events: DeploymentEvent[] = [{ type: 'requested', request }, { type: 'checks-started' }];
        return { before: undefined, events: events.map((event) => ({ event, by: caller.person })) };
      });
      return { moves, answer: ([lead]) => ({ kind: 'done', deployment: lead as Deployment }) };
    }),
  );
}

/** A train has a sensible length, and no service twice: its target can run one at a time. */
function sizeRefusal({ services }: TrainWish): Refusal | undefined {
  const names = services.map(({ service }) => service);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    return refusal(
      'bad-arguments',
      `${twice} is named twice.`,
      'Name each service once, with the commit it is to go to.',
    );
  const { least, most } = TRAIN_SIZE;
  if (names.length >= least && names.length <= most) return undefined;
  const sentence = `A train has ${least} to ${most} services; this one has ${names.length}.`;
  return refusal(
    'bad-arguments',
    sentence,
    names.length < least ? 'Ask for one service alone without `train`.' : 'Make two trains of it.',
  );
}

/** A refusal with the member that it is about. */
function named({ code, sentence, next }: Refusal, service: string): Refusal & { readonly of: string } {
  return { code, sentence: `${service}: ${sentence}`, next, of: service };
}

/** What every member is refused for in the same words is said once. */
function commonOnce(against: readonly (Refusal & { readonly of: string })[], size: number): readonly Refusal[] {
  const bare = ({ of, sentence }: Refusal & { readonly of: string }) => sentence.slice(of.length + 2);
  const told: Refusal[] = [];
  for (const one of against) {
    const same = against.filter((other) => other.code === one.code && bare(other) === bare(one));
    if (same.length < size) told.push({ code: one.code, sentence: one.sentence, next: one.next });
    else if (same[0] === one) told.push({ code: one.code, sentence: bare(one), next: one.next });
  }
  return told;
}
