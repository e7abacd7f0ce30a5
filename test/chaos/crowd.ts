import { STATES } from '../../src/domain/deployment.ts';
import { addCommit, type FakeRun } from '../fakes/github/world.ts';
import { latest } from '../fakes/slack/world.ts';
import { ANNA, CLEO, DEPLOYS } from '../story/slack-people.ts';
import { deploymentOf, stateShown } from './cards.ts';
import type { Dice } from './dice.ts';
import type { Surroundings } from './town.ts';

/** How long people wait before they press or type the same thing again, in milliseconds. */
const AGAIN_MS = 700;
const RETYPE_MS = 4000;

/** People in Slack and runners at GitHub, who act on nothing but what they see. */
export interface Crowd {
  /** Everybody does what there is to do now. */
  turn(): void;
  /** Everything that was wished for has been asked, and has ended as far as anybody can see. */
  content(): boolean;
  readonly deeds: Readonly<Record<'asked' | 'approved' | 'rejected' | 'cancelled' | 'rolledBack', number>>;
}

export function gather(town: Surroundings, dice: Dice, wishes: number): Crowd {
  const { slack } = town;
  const deeds = { asked: 0, approved: 0, rejected: 0, cancelled: 0, rolledBack: 0 };
  const pressed = new Map<string, number>();
  const fates = new Map<string, { readonly reject: boolean; readonly cancel: boolean }>();
  const runners = runnersOf(town, dice.fork('runners'));
  let wished = 0;
  let awaited: { readonly line: string; readonly cards: number; at: number } | undefined;
  let rollbackAt = dice.chance(0.6) ? wishes : Number.POSITIVE_INFINITY;

  const cards = () => slack.messages(DEPLOYS).filter((one) => deploymentOf(one) !== undefined);
  const open = () => cards().filter((one) => STATES[stateShown(one) ?? 'requested'].ended === false);

  /** Not twice within a moment; whoever acts while the bot is away gets no answer and tries again. */
  function press(key: string, act: () => Promise<unknown>): boolean {
    const now = performance.now();
    if (now - (pressed.get(key) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return false;
    pressed.set(key, now);
    act().catch(() => undefined);
    return true;
  }

  function type(line: string): void {
    awaited = { line, cards: cards().length, at: performance.now() };
    slack.command(ANNA, DEPLOYS, line).catch(() => undefined);
  }

  function wish(): void {
    if (awaited !== undefined) {
      if (cards().length > awaited.cards) awaited = undefined;
      else if (performance.now() - awaited.at > RETYPE_MS) type(awaited.line);
      return;
    }
    if (wished < wishes && open().length < 3 && dice.chance(0.2)) {
      const sha = addCommit(town.repository, { message: `Change for wish ${wished}` });
      type(`web@${sha} ${dice.pick(['prod', 'prod', 'staging'])} --reason "Wish ${wished}"`);
      wished += 1;
      deeds.asked += 1;
    } else if (wished >= rollbackAt && open().length === 0) {
      rollbackAt = Number.POSITIVE_INFINITY;
      const arrived = cards().filter((one) => stateShown(one) === 'succeeded');
      const target = ['production', 'staging'].find(
        (environment) => arrived.filter((one) => latest(one).text.includes(` to ${environment} `)).length > 1,
      );
      // Without a former version that arrived there is nothing to go back to.
      if (target === undefined) return;
      type(`rollback web ${target} --reason "It went wrong"`);
      deeds.rolledBack += 1;
    }
  }

  function decide(): void {
    for (const card of cards()) {
      const id = deploymentOf(card) ?? '';
      const fate = fates.get(id) ?? { reject: dice.chance(0.1), cancel: dice.chance(0.15) };
      fates.set(id, fate);
      const state = stateShown(card);
      if (state === 'awaiting-approval' && fate.reject) {
        if (press(`reject ${id}`, () => slack.command(CLEO, DEPLOYS, `reject ${id} "Not today"`))) deeds.rejected += 1;
      } else if (state === 'awaiting-approval') {
        if (press(`approve ${id}`, () => slack.click(CLEO, card, 'approve'))) deeds.approved += 1;
      } else if (state === 'running' && fate.cancel && card.versions.length > 3) {
        if (press(`cancel ${id}`, () => slack.command(ANNA, DEPLOYS, `cancel ${id} "Stop"`))) deeds.cancelled += 1;
      }
    }
  }

  return {
    deeds,
    turn() {
      runners();
      if (!town.up()) return;
      wish();
      decide();
    },
    content: () =>
      wished >= wishes &&
      wished < rollbackAt &&
      awaited === undefined &&
      open().length === 0 &&
      town.repository.runs.every(({ status }) => status === 'completed'),
  };
}

/** Each run begins, goes through two steps and ends, after pauses of its own. */
function runnersOf(town: Surroundings, dice: Dice): () => void {
  const plans = new Map<FakeRun, { at: number; stage: number; readonly good: boolean }>();
  return () => {
    for (const run of town.repository.runs) {
      if (run.status === 'completed') continue;
      const plan = plans.get(run) ?? {
        at: performance.now() + dice.between(50, 400),
        stage: 0,
        good: dice.chance(0.85),
      };
      plans.set(run, plan);
      if (performance.now() < plan.at) continue;
      const lever = town.github.run(String(run.id));
      const acts = [
        () => lever.begin(),
        () => lever.step('Build'),
        () => lever.step('Release'),
        () => (plan.good ? lever.succeed() : lever.fail()),
      ];
      acts[plan.stage]?.().catch(() => undefined);
      plan.stage += 1;
      plan.at = performance.now() + dice.between(50, 400);
    }
  };
}
