import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { ack } from './ack.ts';
import { approve } from './approve.ts';
import { commits } from './commits.ts';
import { failover } from './failover.ts';
import { idle } from './idle.ts';
import { type Case, type Row, say } from './measure.ts';
import { postgresClick } from './postgres-click.ts';
import { postgresCommits } from './postgres-commits.ts';
import { postgresIdle } from './postgres-idle.ts';
import { postgresQueries } from './postgres-queries.ts';
import { queries } from './queries.ts';
import { startUp } from './start-up.ts';
import { tableOf } from './table.ts';
import { teamsAck } from './teams-ack.ts';
import { teamsClick } from './teams-click.ts';

/** Every case measures us and a baseline in the same run, so that the machine's mood falls on both. */
const CASES: readonly Case[] = [
  ...[ack, approve, commits, idle, queries, startUp],
  ...[postgresCommits, postgresClick, postgresQueries, failover, postgresIdle],
  ...[teamsAck, teamsClick],
];

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, json: { type: 'boolean' }, help: { type: 'boolean' } },
});

if (values.help === true) {
  console.log(
    `npm run bench -- [--only <case>] [--json]\n\n${CASES.map(({ name, about }) => `${name}: ${about}`).join('\n')}`,
  );
} else {
  const wanted = values.only === undefined ? CASES : values.only.map(caseOf);
  const rows: Row[] = [];
  const skipped: string[] = [];
  for (const one of wanted) {
    if (one.skipped !== undefined) {
      skipped.push(`${one.name} skipped: ${one.skipped}`);
      continue;
    }
    say(`${one.name}: ${one.about} ...`);
    rows.push(...(await one.run()));
  }
  const load = loadavg()[0] ?? 0;
  if (values.json === true) console.log(JSON.stringify({ node: process.version, load, rows, skipped }, undefined, 2));
  else
    console.log(
      `${[tableOf(rows), ...skipped].join('\n\n')}\n\nNode ${process.version}, load average ${load.toFixed(2)} at the end.`,
    );
}

function caseOf(name: string): Case {
  const found = CASES.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new Error(`There is no case "${name}". There are: ${CASES.map((one) => one.name).join(', ')}.`);
}
