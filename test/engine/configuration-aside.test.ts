import { expect, it } from 'vitest';
import { createPump } from '../../src/engine/pump.ts';
import { manualClock } from '../fakes/clock.ts';
import { until } from '../support/until.ts';

it('takes nothing while the instance stands aside, finishes what is under way, and goes on by itself', async () => {
  const clock = manualClock();
  const quiet = () => {};
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const state = { aside: false, asked: 0 };
  const due = ['one', 'two'];
  const begun: string[] = [];
  const finished: string[] = [];
  let finish = () => {};
  const pump = createPump<string>({
    kit: { clock, log, aside: () => state.aside },
    name: 'test',
    most: 1,
    take: async (limit) => due.splice(0, limit),
    async perform(item) {
      begun.push(item);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      finished.push(item);
    },
    async nextDue() {
      state.asked += 1;
      return due.length === 0 ? undefined : clock.now();
    },
  });

  pump.kick();
  await until('the first to begin', () => begun.length === 1);
  await until('the pump to sleep', () => state.asked === 1);
  state.aside = true;
  finish();
  await until('the first to be finished', () => finished.length === 1);
  // It looks up every second, and owes nobody a look at what is due.
  for (let second = 0; second < 5; second += 1) {
    clock.advance(1000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [beganAside, askedAside] = [begun.length, state.asked];
  state.aside = false;
  await until('the second to begin', () => {
    clock.advance(1000);
    return begun.length === 2;
  });
  finish();
  await pump.stop();

  expect([beganAside, askedAside]).toEqual([1, 1]);
  expect(finished).toEqual(['one', 'two']);
});
