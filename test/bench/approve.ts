import { type Arrivals, openClickSite } from './click-site.ts';
import { type Case, pause, percentile, type Row, spread } from './measure.ts';

const TIMES = 24;
const WARM_UP = 8;
const REST_MS = 150;
const AIM_MS = 10;

/** From the click as Slack sends it to the arrival of the start at GitHub. */
export const approve: Case = {
  name: 'approve',
  about: 'from the click on Approve to the call that starts the run, against a direct Octokit call to the same server',
  async run() {
    const site = await openClickSite({ deployments: TIMES + WARM_UP, instances: 1 });
    const found = { ours: [] as Arrivals[], direct: [] as Arrivals[] };
    try {
      for (let time = 0; time < TIMES + WARM_UP; time += 1) {
        await site.ready();
        await pause(REST_MS);
        const bare = await site.direct();
        await pause(REST_MS);
        const whole = await site.click();
        if (time < WARM_UP) continue;
        found.ours.push(whole);
        found.direct.push(bare);
      }
    } finally {
      await site.close();
    }
    return [
      rowOf('approve to first call of the start (tag)', 'tag', found),
      rowOf('approve to dispatch, after the tag', 'dispatch', found),
    ];
  },
};

function rowOf(name: string, call: keyof Arrivals, found: Record<'ours' | 'direct', readonly Arrivals[]>): Row {
  const [ours, direct] = [found.ours, found.direct].map((all) => all.map((one) => one[call])) as [number[], number[]];
  const more = percentile(ours, 0.5) - percentile(direct, 0.5);
  const aim = `<= ${AIM_MS} ms more`;
  const note = `${more.toFixed(1)} ms more at p50, which the aim is about; both make the tag first, as GitHub dispatches no bare commit`;
  return { name, unit: 'ms', ours: spread(ours), baseline: spread(direct), aim, met: more <= AIM_MS, note };
}
