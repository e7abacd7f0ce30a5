import { expect, test } from 'vitest';
import { playRun } from './run.ts';

/** Killed at new messages and edits of both chats, and at a dispatch. */
const SEEDS = [10, 27, 37];

test.each(SEEDS)(
  'every deployment ends once in both chats although the programme is killed again and again (seed %i)',
  async (seed) => {
    const report = await playRun({ seed, kills: 2 });

    expect(report.faults, `${report.words}\n${report.printed}`).toEqual([]);
    expect(report.deployments).toBeGreaterThan(1);
    expect(report.kills).toBeGreaterThan(0);
  },
  120_000,
);

test('whoever locks, hurries, hands over and reviews meets the same rules although the programme is killed', async () => {
  const report = await playRun({ seed: 11, kills: 2, governed: true });

  expect(report.faults, `${report.words}\n${report.printed}`).toEqual([]);
  expect(report.deployments).toBeGreaterThan(1);
}, 180_000);
