import { expect, test } from 'vitest';
import { playRun } from './run.ts';

test.each([1, 2, 3])(
  'every deployment ends once although the programme is killed again and again (seed %i)',
  async (seed) => {
    const report = await playRun({ seed, kills: 2 });

    expect(report.faults, `${report.words}\n${report.printed}`).toEqual([]);
    expect(report.deployments).toBeGreaterThan(1);
    expect(report.kills).toBeGreaterThan(0);
  },
  120_000,
);
