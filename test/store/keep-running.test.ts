import { expect, it } from 'vitest';
import { type Engine, keepRunning } from '../../src/store/postgres/keep-running.ts';
import { until } from '../support/until.ts';

/** Engines that a test ends as it likes. */
function engines() {
  const made: { readonly end: (error?: unknown) => void; stopped: boolean }[] = [];
  const told: unknown[] = [];
  let refusal: Error | undefined;
  return {
    made,
    told,
    refuse: (error: Error | undefined) => {
      refusal = error;
    },
    again: (why: unknown) => void told.push(why),
    start: async (): Promise<Engine> => {
      if (refusal !== undefined) throw refusal;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const one = { end: (error?: unknown) => (error === undefined ? resolve() : reject(error)), stopped: false };
      made.push(one);
      return {
        promise,
        stop: async () => {
          one.stopped = true;
          resolve();
        },
      };
    },
  };
}

it('starts another engine when one ends, and says why', async () => {
  const { made, told, start, again } = engines();
  const stop = await keepRunning(start, again, 1);

  made[0]?.end(new Error('the connection was cut'));
  await until('the second', () => made.length === 2);
  await stop();

  expect(told).toMatchObject([{ message: 'the connection was cut' }]);
  expect(made.map(({ stopped }) => stopped)).toEqual([false, true]);
});

it('goes on trying when no other can be started, until one can', async () => {
  const { made, told, start, again, refuse } = engines();
  const stop = await keepRunning(start, again, 1);
  refuse(new Error('the server is away'));
  made[0]?.end();

  await until('some tries', () => told.length > 3);
  refuse(undefined);
  await until('the second', () => made.length === 2);
  await stop();

  expect(made[1]?.stopped).toBe(true);
});

it('can be stopped while nothing runs', async () => {
  const { made, told, start, again, refuse } = engines();
  const stop = await keepRunning(start, again, 1);
  refuse(new Error('the server is away'));
  made[0]?.end();
  await until('a try', () => told.length > 1);

  await stop();
  const tries = told.length;
  refuse(undefined);
  await new Promise((resolve) => setImmediate(resolve));

  expect(made).toHaveLength(1);
  expect(told).toHaveLength(tries);
});
