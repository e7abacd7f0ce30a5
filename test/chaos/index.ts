import { parseArgs } from 'node:util';
import { clusterTools, NO_CLUSTER } from '../support/postgres-cluster.ts';
import { playRun, type RunReport } from './run.ts';
import { CHAT_IDS, type ChatId } from './sides.ts';
import { playSiege, siegePlan } from './siege.ts';

/**
 * `npm run chaos -- --runs 100 [--seed 7] [--kills 5]`: one instance on SQLite, killed again and again.
 * `npm run chaos -- --postgres [--instances 3] [--blows 10] [--longest 45] ...`: several instances on a PostgreSQL of their own; one
 * run unless said otherwise, and `--longest` is the longest freeze in seconds.
 * People also lock, hurry, hand over and review, unless `--plain` leaves governance out.
 * `--chats slack,teams` says in which chats people are; both when absent.
 * One line a run, a summary, exit code 1 with the seeds that failed.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    kills: { type: 'string' },
    plain: { type: 'boolean' },
    postgres: { type: 'boolean' },
    instances: { type: 'string' },
    blows: { type: 'string', default: '10' },
    longest: { type: 'string', default: '45' },
    chats: { type: 'string', default: CHAT_IDS.join() },
  },
});
const several = values.postgres === true || values.instances !== undefined;
const runs = Number(values.runs ?? (several ? 1 : 10));
const first = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const chats = values.chats.split(',').map(chatOf);
const governed = values.plain !== true;
const failed: number[] = [];
const sums = { deployments: 0, kills: 0, tookMs: 0 };
const write = (line: string) => process.stdout.write(`${line}\n`);
const play = several ? siege : (seed: number) => playRun({ seed, chats, governed, ...killsWished() });

for (let index = 0; index < runs; index += 1) {
  const seed = first + index;
  const report = await play(seed);
  const verdict = report.faults.length === 0 ? 'ok  ' : 'FAIL';
  write(`${verdict} seed ${seed} · ${(report.tookMs / 1000).toFixed(1)} s · ${report.words}`);
  for (const fault of report.faults) write(`     ${fault}`);
  if (report.faults.length > 0) {
    failed.push(seed);
    write(report.printed);
  }
  sums.deployments += report.deployments;
  sums.kills += report.kills;
  sums.tookMs += report.tookMs;
}
write(
  `${runs} runs, ${sums.deployments} deployments, ${sums.kills} ${several ? 'blows' : 'kills'}, ${(sums.tookMs / 1000).toFixed(0)} s, ${failed.length} failed${failed.length === 0 ? '' : ` (seeds ${failed.join(', ')})`}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function chatOf(name: string): ChatId {
  const known = CHAT_IDS.find((id) => id === name.trim());
  if (known === undefined) throw new Error(`There is no chat "${name}": --chats takes ${CHAT_IDS.join(' and ')}.`);
  return known;
}

function killsWished(): { readonly kills?: number } {
  return values.kills === undefined ? {} : { kills: Number(values.kills) };
}

async function siege(seed: number): Promise<RunReport> {
  const tools = clusterTools();
  if (tools === undefined) throw new Error(`Several instances need a PostgreSQL of their own, and ${NO_CLUSTER}.`);
  const longestMs = Number(values.longest) * 1000;
  const wish = { seed, instances: Number(values.instances ?? 3), blows: Number(values.blows), longestMs };
  write(`plan of seed ${seed}:`);
  for (const [index, words] of siegePlan(wish).entries()) write(`  ${index + 1}. ${words}`);
  return playSiege({ ...wish, chats, governed, tools });
}
