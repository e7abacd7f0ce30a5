import type { FakeRun } from '../fakes/github/world.ts';
import type { Dice } from './dice.ts';
import type { Surroundings } from './town.ts';

/** Each run begins, goes through two steps and ends, after pauses of its own. */
export function runnersOf(town: Pick<Surroundings, 'repository' | 'github'>, dice: Dice): () => void {
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
