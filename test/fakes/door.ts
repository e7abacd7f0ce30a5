import type { Catalog } from '../../src/domain/catalog.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { DelegationAnswer } from '../../src/engine/delegations.ts';
import type {
  Answer,
  Caller,
  Door,
  LinkAnswer,
  PlaceAnswer,
  PreferenceAnswer,
  Preview,
  ReviewAnswer,
  UnlinkAnswer,
} from '../../src/engine/door.ts';
import type { LockAnswer, LockWish } from '../../src/engine/locks.ts';

/** One call of the door: which member, by whom, with what. */
export interface DoorCall {
  readonly member: string;
  readonly caller?: Caller;
  readonly args: readonly unknown[];
}

/** What the door is to say next; what is left out is said by default. */
export interface DoorScript {
  answer?: Answer;
  lock?: LockAnswer;
  place?: PlaceAnswer;
  review?: ReviewAnswer;
  preview?: Preview;
  link?: LinkAnswer;
  preference?: PreferenceAnswer;
  unlink?: UnlinkAnswer;
  delegation?: DelegationAnswer;
  /** Thrown instead of any answer. */
  failure?: Error;
}

const NOT_SCRIPTED = { kind: 'refused', refusals: [] } as const;

/** A door that writes nothing: it remembers what it was asked, obeys each delivery once, and says what the script holds. */
export function fakeDoor(
  catalog: Catalog,
  deployment: Deployment,
): { door: Door; calls: DoorCall[]; script: DoorScript } {
  const calls: DoorCall[] = [];
  const script: DoorScript = {};
  const seen = new Set<string>();

  function heard<T>(
    member: string,
    caller: Caller,
    args: readonly unknown[],
    said: T,
  ): T | { readonly kind: 'duplicate' } {
    calls.push({ member, caller, args });
    if (script.failure !== undefined) throw script.failure;
    if (seen.has(caller.key)) return { kind: 'duplicate' };
    seen.add(caller.key);
    return said;
  }
  const answer = (): Answer => script.answer ?? { kind: 'done', deployment };
  const place = (): PlaceAnswer => script.place ?? { kind: 'done' };
  const lock = (caller: Caller, wish: LockWish): LockAnswer =>
    script.lock ?? {
      kind: 'done',
      scope: wish.scope,
      lock: { by: caller.person, reason: wish.reason, at: '2026-11-20T12:00:00.000Z' },
    };

  const door: Door = {
    catalog: () => catalog,
    request: async (caller, wish) => heard('request', caller, [wish], answer()),
    train: async (caller, wish) => heard('train', caller, [wish], answer()),
    rollback: async (caller, wish) => heard('rollback', caller, [wish], answer()),
    retry: async (caller, id) => heard('retry', caller, [id], answer()),
    review: async (caller, id, note) => heard('review', caller, [id, note], script.review ?? NOT_SCRIPTED),
    act: async (caller, id, wish) => heard('act', caller, [id, wish], answer()),
    lock: async (caller, wish) => heard('lock', caller, [wish], lock(caller, wish)),
    unlock: async (caller, scope, ...args) =>
      heard('unlock', caller, [scope, ...args], script.lock ?? { kind: 'done', scope }),
    steal: async (caller, scope, reason, ...args) =>
      heard('steal', caller, [scope, reason, ...args], lock(caller, { scope, reason })),
    subscribe: async (caller, ...args) => heard('subscribe', caller, args, place()),
    unsubscribe: async (caller, ...args) => heard('unsubscribe', caller, args, place()),
    prefer: async (caller, wish) => heard('prefer', caller, [wish], script.preference ?? NOT_SCRIPTED),
    link: async (caller, wish) => heard('link', caller, [wish], script.link ?? NOT_SCRIPTED),
    unlink: async (caller, system) => heard('unlink-account', caller, [system], script.unlink ?? NOT_SCRIPTED),
    away: async (caller, wish) => heard('away', caller, [wish], script.delegation ?? NOT_SCRIPTED),
    back: async (caller) => heard('back', caller, [], script.delegation ?? NOT_SCRIPTED),
    async joined(where) {
      calls.push({ member: 'joined', args: [where] });
      if (script.failure !== undefined) throw script.failure;
    },
    async preview(caller, wish) {
      calls.push({ member: 'preview', caller, args: [wish] });
      if (script.failure !== undefined) throw script.failure;
      return script.preview ?? { kind: 'refused', refusals: [] };
    },
  };
  return { door, calls, script };
}
