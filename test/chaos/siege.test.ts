import { expect, test } from 'vitest';
import { clusterTools, NO_CLUSTER } from '../support/postgres-cluster.ts';
import { playSiege, siegePlan } from './siege.ts';

const tools = clusterTools();
/** One of every kind of blow; this seed freezes an instance for longer than any lease at the start of a run, stalls one there, and kills one at a new message. */
const WISH = { seed: 423, instances: 3, blows: 7, longestMs: 10_000 };

test('the plan of a storm is known by its seed, and holds every kind of blow', () => {
  const plan = siegePlan(WISH);

  expect(siegePlan(WISH)).toEqual(plan);
  expect(siegePlan({ ...WISH, seed: 424 })).not.toEqual(plan);
  for (const kind of ['kill', 'freeze', 'cut', 'stall', 'terminate', 'restart fast', 'restart immediate'])
    expect(plan.filter((words) => words.includes(` ${kind} `))).toHaveLength(1);
});

test.skipIf(tools === undefined)(
  `every deployment ends once although three instances and their database are treated badly (skipped where ${NO_CLUSTER})`,
  async () => {
    const report = await playSiege({ ...WISH, tools: tools ?? '' });

    expect(report.faults, `${siegePlan(WISH).join('\n')}\n${report.words}\n${report.printed}`).toEqual([]);
    expect(report.deployments).toBeGreaterThan(2);
    expect(report.kills).toBe(WISH.blows);
  },
  240_000,
);
