import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { openBoth, SOON_MS, WAYS } from './both-scenes.ts';
import { ANNA, CLEO, DEPLOYS, EVERYBODY, OUTAGES, PLACES, SHOP } from './hands.ts';
import type { Stage } from './stage.ts';
import { launched } from './steps.ts';

const SLOW_MS = 90_000;
/** Attempts are made again after pauses that grow; a chat that was away for a moment is caught up with after so many milliseconds. */
const CATCHING_UP_MS = 45_000;

let stage: Stage;
afterEach(() => stage.close());

describe.each(WAYS)('%s goes on while %s is away,', (here, there) => {
  test.each(OUTAGES)(
    'which shows itself by %s, and which catches up when it is back',
    async (how) => {
      stage = await openBoth();
      const [one, other] = [stage.in(here), stage.in(there)];
      const took: number[] = [];
      const shown = async (state: 'awaiting-approval' | 'running' | 'succeeded', word: string) => {
        const { since } = await stage.reaches('D-1', state);
        await one.card('D-1', DEPLOYS, word);
        took.push(Date.now() - Date.parse(since));
      };
      other.hands.weather.down(how);

      await one.hands.ask(ANNA, DEPLOYS, 'web prod --reason "Faster checkout"');
      await shown('awaiting-approval', 'Needs approval');
      await one.hands.press(CLEO, await one.card('D-1', DEPLOYS, 'Needs approval'), 'approve');
      await shown('running', 'Deploying');
      await (await launched(stage, 'D-1')).succeed();
      await shown('succeeded', 'Deployed');
      await one.card('D-1', EVERYBODY, 'live for customers');
      expect(Math.max(...took)).toBeLessThan(SOON_MS);
      for (const where of PLACES) expect(other.hands.messages(where)).toHaveLength(0);

      other.hands.weather.up();
      for (const [where, words] of [
        [DEPLOYS, 'Deployed'],
        [SHOP, 'Deployed'],
        [EVERYBODY, 'live for customers'],
      ] as const) {
        const right = async () => (await other.roots('D-1', where)).at(-1)?.words().includes(words) === true;
        await until(`${there} to catch up in ${where}`, right, CATCHING_UP_MS);
      }
      expect(await other.counts('D-1', PLACES)).toEqual([1, 1, 1]);
      expect(await one.counts('D-1', PLACES)).toEqual([1, 1, 1]);
      expect(stage.repository.runs).toHaveLength(1);
    },
    SLOW_MS,
  );
});
