import { parseArgs } from 'node:util';
import { playRun } from './run.ts';

/** `npm run chaos -- --runs 100 [--seed 7] [--kills 5]`: one line a run, a summary, exit code 1 with the seeds that failed. */
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, seed: { type: 'string' }, kills: { type: 'string' } },
});
const first = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
const failed: number[] = [];
const sums = { deployments: 0, kills: 0, tookMs: 0 };
const write = (line: string) => process.stdout.write(`${line}\n`);

for (let index = 0; index < Number(values.runs); index += 1) {
  const seed = first + index;
  const report = await playRun({ seed, ...(values.kills === undefined ? {} : { kills: Number(values.kills) }) });
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
  `${values.runs} runs, ${sums.deployments} deployments, ${sums.kills} kills, ${(sums.tookMs / 1000).toFixed(0)} s, ${failed.length} failed${failed.length === 0 ? '' : ` (seeds ${failed.join(', ')})`}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
