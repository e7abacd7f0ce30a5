import { type Case, pause, percentile, type Row, spread } from './measure.ts';
import type { Hosted } from './programme.ts';
import { bareHost, messagesOf, openTeamsSite, type TeamsSite } from './teams-site.ts';

const TIMES = 24;
const WARM_UP = 8;
const REST_MS = 150;
const AIM_MS = 10;
const PATIENCE_MS = 5000;
const TAG = /\/git\/refs$/;
const DISPATCH = /\/actions\/workflows\/[^/]+\/dispatches$/;

/** From the press as Teams brings it to the arrival of the start at GitHub. */
export const teamsClick: Case = {
  name: 'teams-click',
  about:
    'from the press of Approve in Teams to the first call of the start, on SQLite, against a botbuilder application that makes that call at once',
  async run() {
    const site = await openTeamsSite(TIMES + WARM_UP);
    const found = { ours: [] as number[], bare: [] as number[] };
    const bare = await bareHost(site.teams, { github: site.github });
    try {
      for (let time = 0; time < TIMES + WARM_UP; time += 1) {
        const press = { site, deployment: time };
        const direct = await pressed({ ...press, host: bare });
        const whole = await pressed({ ...press, host: site.ours });
        if (time < WARM_UP) continue;
        found.bare.push(direct);
        found.ours.push(whole);
      }
    } finally {
      await bare.stop();
      await site.close();
    }
    return [rowOf(found)];
  },
};

interface Press {
  readonly site: TeamsSite;
  readonly deployment: number;
  /** Who is told of it. */
  readonly host: Hosted;
}

/** Cleo presses Approve. @returns milliseconds to the first call of the start, when all of the start has arrived */
async function pressed({ site, deployment, host }: Press): Promise<number> {
  const { teams, gate, ours } = site;
  teams.deliverTo(messagesOf(ours));
  const message = await site.waiting(deployment);
  await pause(REST_MS);
  teams.deliverTo(messagesOf(host));
  const [tag, dispatch] = [gate.arrival(TAG), gate.arrival(DISPATCH)];
  const begin = performance.now();
  const { outcome } = await teams.press('cleo', message, 'approve');
  const started = await Promise.race([dispatch, pause(PATIENCE_MS).then(() => undefined)]);
  if (started === undefined) throw new Error(`the press started nothing: ${JSON.stringify(outcome)}`);
  return (await tag) - begin;
}

function rowOf({ ours, bare }: Readonly<Record<'ours' | 'bare', readonly number[]>>): Row {
  const more = percentile(ours, 0.5) - percentile(bare, 0.5);
  const p95 = [ours, bare].map((all) => percentile(all, 0.95).toFixed(1));
  return {
    name: 'Teams: approve to first call of the start (tag)',
    unit: 'ms',
    ours: spread(ours),
    baseline: spread(bare),
    ratio: percentile(ours, 0.5) / percentile(bare, 0.5),
    aim: `<= ${AIM_MS} ms more`,
    met: more <= AIM_MS,
    note: `${more.toFixed(1)} ms more at p50, which the aim is about; p95 ${p95[0]} ms, of the bare one ${p95[1]} ms`,
  };
}
