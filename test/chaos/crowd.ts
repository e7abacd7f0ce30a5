import { STATES } from '../../src/domain/deployment.ts';
import { addCommit } from '../fakes/github/world.ts';
import { ANNA, BEN_U, CLEO, DEPLOYS, DINA, type Message, SAM, type Who } from '../story/hands.ts';
import { deploymentOf, stateShown } from './cards.ts';
import type { Dice } from './dice.ts';
import { governedWish, type Sight, wardensOf } from './governance.ts';
import { runnersOf } from './runners.ts';
import type { Side } from './sides.ts';
import type { Surroundings } from './town.ts';

/** How long people wait before they press or type the same thing again, in milliseconds. */
const AGAIN_MS = 700;
/** Where two must countersign much waits for long: whoever pressed as often would only measure the machine. */
const GOVERNED_AGAIN_MS = 4000;
const RETYPE_MS = 4000;
/** A run is called off no sooner than this after it was first seen, in milliseconds. */
const LOOK_ON_MS = 150;
const EVERYONE: readonly [Who, ...Who[]] = [ANNA, BEN_U, CLEO, DINA, SAM];

/** People in all chats and runners at GitHub, who act on nothing but what they see. Everybody has an account in each chat. */
export interface Crowd {
  /** Everybody does what there is to do now. */
  turn(): void;
  /** Everything that was wished for has been asked, and has ended as far as anybody can see in any chat. */
  content(): boolean;
  readonly deeds: Readonly<Record<string, number>>;
}

/** A root message in one of the chats. */
interface Seen {
  readonly side: Side;
  readonly message: Message;
  readonly id: string;
}

export function gather(town: Surroundings, dice: Dice, wishes: number): Crowd {
  const { sides } = town;
  const deeds = { asked: 0, approved: 0, rejected: 0, cancelled: 0, rolledBack: 0, again: 0 };
  const pressed = new Map<string, number>();
  const fates = new Map<string, { readonly reject: boolean; readonly cancel: boolean }>();
  const ranSince = new Map<string, number>();
  const runners = runnersOf(town, dice.fork('runners'));
  const idlers = dice.fork('idlers');
  const wardens = town.governed ? wardensOf(sides, dice.fork('wardens')) : undefined;
  const asker: Who = dice.pick([ANNA, ANNA, DINA]);
  let wished = 0;
  let awaited: { readonly line: () => string; readonly known: number; at: number } | undefined;
  let rollbackAt = dice.chance(0.6) ? wishes : Number.POSITIVE_INFINITY;

  const anySide = (own: Dice) => sides[own.between(0, sides.length - 1)];
  const seen = (): readonly Seen[] => sides.flatMap(cardsIn);
  /** Of each deployment the newest card in each chat. */
  const newest = () => [...new Map(seen().map((one) => [`${one.side.id} ${one.id}`, one])).values()];
  const known = () => new Set(seen().map(({ id }) => id)).size;
  const open = () => newest().filter(({ message }) => STATES[stateShown(message) ?? 'requested'].ended === false);

  /** Not twice within a moment; whoever acts while the bot is away gets no answer and tries again. */
  function press(key: string, act: () => Promise<unknown>): boolean {
    const now = performance.now();
    const pause = town.governed ? GOVERNED_AGAIN_MS : AGAIN_MS;
    if (now - (pressed.get(key) ?? Number.NEGATIVE_INFINITY) < pause) return false;
    pressed.set(key, now);
    act().catch(() => undefined);
    return true;
  }

  function type(line: () => string): void {
    awaited = { line, known: known(), at: performance.now() };
    anySide(dice)
      ?.hands.ask(asker, DEPLOYS, line())
      .catch(() => undefined);
  }

  function lineFor(sha: string): () => string {
    const reason = `Wish ${wished}`;
    if (town.governed) return governedWish(dice, sha, reason);
    const line = `web@${sha} ${dice.pick(['prod', 'prod', 'staging'])} --reason "${reason}"`;
    return () => line;
  }

  function wish(): void {
    if (awaited !== undefined) {
      if (known() > awaited.known) awaited = undefined;
      else if (performance.now() - awaited.at > RETYPE_MS) type(awaited.line);
      return;
    }
    const waiting = new Set(open().map(({ id }) => id)).size;
    if (wished < wishes && waiting < 3 && dice.chance(0.2)) {
      const sha = addCommit(town.repository, { message: `Change for wish ${wished}` });
      type(lineFor(sha));
      wished += 1;
      deeds.asked += 1;
    } else if (wished >= rollbackAt && (waiting === 0 || (town.governed && dice.chance(0.05)))) {
      rollbackAt = Number.POSITIVE_INFINITY;
      const arrived = newest().filter(({ side, message }) => side === sides[0] && stateShown(message) === 'succeeded');
      const target = ['production', 'staging'].find(
        (environment) => arrived.filter(({ message }) => message.words().includes(` to ${environment} `)).length > 1,
      );
      // Without a former version that arrived there is nothing to go back to.
      if (target === undefined) return;
      type(() => `rollback web ${target} --reason "It went wrong"`);
      deeds.rolledBack += 1;
    }
  }

  function decide(): void {
    for (const one of seen()) {
      const { id, message } = one;
      const fate = fates.get(id) ?? { reject: dice.chance(0.1), cancel: dice.chance(0.15) };
      fates.set(id, fate);
      const state = stateShown(message);
      if (state === 'running' && !ranSince.has(id)) ranSince.set(id, performance.now());
      const ranFor = performance.now() - (ranSince.get(id) ?? Number.POSITIVE_INFINITY);
      if (state === 'awaiting-approval' && fate.reject) reject(one);
      else if (state === 'awaiting-approval') approve(one);
      else if (state === 'running' && fate.cancel && ranFor > LOOK_ON_MS) cancel(one);
    }
  }

  /** Whoever may, and now and then somebody who may not: the one who asked, the author, a reader. */
  function approve({ side, message, id }: Seen): void {
    const who = dice.pick<Who>([CLEO, CLEO, CLEO, DINA, DINA, DINA, ANNA, ANNA, BEN_U, SAM]);
    const [typed, old] = [dice.chance(0.2), dice.chance(0.2)];
    const act = () =>
      typed ? side.hands.ask(who, DEPLOYS, `approve ${id}`) : side.press(who, DEPLOYS, message, 'approve', { old });
    if (press(`approve ${id} ${who} ${side.id}`, act)) deeds.approved += 1;
  }

  function reject({ side, message, id }: Seen): void {
    const typed = dice.chance(0.2);
    const act = () =>
      typed
        ? side.hands.ask(CLEO, DEPLOYS, `reject ${id} "Not today"`)
        : side.press(CLEO, DEPLOYS, message, 'reject', { answer: 'Not today' });
    if (press(`reject ${id} ${side.id}`, act)) deeds.rejected += 1;
  }

  function cancel({ side, message, id }: Seen): void {
    const typed = dice.chance(0.5);
    const act = () =>
      typed
        ? side.hands.ask(asker, DEPLOYS, `cancel ${id} "Stop"`)
        : side.press(asker, DEPLOYS, message, 'cancel', { answer: 'Stop' });
    if (press(`cancel ${id} ${side.id}`, act)) deeds.cancelled += 1;
  }

  /** What goes on besides: cards that come into sight, questions, deliveries that come once more. */
  function idle(): void {
    const side = anySide(idlers);
    const all = seen();
    const one = all[idlers.between(0, all.length - 1)];
    const who = idlers.pick([...EVERYONE]);
    const [looks, wonders, again] = [idlers.chance(0.05), idlers.chance(0.01), idlers.chance(0.03)];
    if (looks && one !== undefined) one.side.look(who, DEPLOYS, one.message).catch(() => undefined);
    if (wonders) side?.hands.ask(who, DEPLOYS, 'whoami').catch(() => undefined);
    if (!again || side === undefined) return;
    side.redeliver(idlers).catch(() => undefined);
    deeds.again += 1;
  }

  /** Each deployment once, as any of its cards shows it. */
  function sights(): readonly Sight[] {
    const all = newest().map(({ id, message }): Sight => {
      const state = stateShown(message);
      return { id, waits: state === 'awaiting-approval', ended: STATES[state ?? 'requested'].ended };
    });
    return [...new Map(all.map((one) => [one.id, one])).values()];
  }

  return {
    get deeds() {
      return { ...deeds, ...wardens?.deeds };
    },
    turn() {
      runners();
      if (!town.up()) return;
      wish();
      decide();
      wardens?.turn(sights(), !allEnded());
      if (!content()) idle();
    },
    content,
  };

  function content(): boolean {
    return allEnded() && wardens?.content() !== false;
  }

  function allEnded(): boolean {
    return (
      wished >= wishes &&
      wished < rollbackAt &&
      awaited === undefined &&
      open().length === 0 &&
      town.repository.runs.every(({ status }) => status === 'completed')
    );
  }
}

function cardsIn(side: Side): readonly Seen[] {
  return side.hands.messages(DEPLOYS).flatMap((message) => {
    const id = deploymentOf(message);
    return id === undefined ? [] : [{ side, message, id }];
  });
}
