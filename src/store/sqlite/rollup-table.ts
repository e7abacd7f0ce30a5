import type { Stream } from '../../domain/event.ts';
import type { Delta, Rollup, RollupQuery, Tally } from '../../domain/rollup.ts';
import { fold, type Row } from '../fold.ts';
import { entryOf } from '../sealed.ts';
import { ALL, COUNT_LIST, COUNTED, counted, recount, SPAN_LIST } from '../tally.ts';
import type { Connection } from './connection.ts';

/** The sums over the log as they are kept. */
export interface RollupTable {
  add(deltas: readonly Delta[]): void;
  /** Every row, also the one that is no count. */
  all(): readonly Rollup[];
}

export function rollupTable({ client }: Connection): RollupTable {
  const add = client.prepare(
    `insert into rollups (measure, day, service, environment, bucket, count)
     values (@measure, @day, @service, @environment, @bucket, @count)
     on conflict do update set count = count + excluded.count`,
  );
  const all = client.prepare<[], Rollup>('select * from rollups');
  return {
    add: (deltas) => {
      for (const delta of deltas) add.run(delta);
    },
    all: () => all.all(),
  };
}

/** Counts come day by day, spans of time over all days together; each is read from one stretch of the table. */
export function tallies({ client }: Connection): (query: RollupQuery) => readonly Tally[] {
  const during = `service in (select value from json_each(@services)) and environment = @environment
    and day >= @from and day < @until`;
  const counts = client.prepare<object, Tally>(
    `select day, measure, 0 as bucket, sum(count) as count from rollups
     where measure in (${COUNT_LIST}) and ${during} group by measure, day order by measure, day`,
  );
  const spans = client.prepare<object, Tally>(
    `select '' as day, measure, bucket, sum(count) as count from rollups
     where measure in (${SPAN_LIST}) and ${during} group by measure, bucket order by measure, bucket`,
  );
  return ({ from, until, services, environment }) => {
    const asked = {
      from,
      until,
      environment: environment ?? ALL,
      services: JSON.stringify(services ?? [ALL]),
    };
    return [...counts.all(asked), ...spans.all(asked)];
  };
}

/**
 * Counts the whole log, once: a database that is older than the rollups has none. Takes about a minute for a million deployments;
 * the caller works on the database alone.
 */
export function countLog(connection: Connection): void {
  const { client } = connection;
  const done = client.prepare<[string]>('select 1 from rollups where measure = ?');
  if (done.get(COUNTED.measure) !== undefined) return;
  const table = rollupTable(connection);
  client
    .transaction(() => {
      client.exec('delete from rollups');
      table.add(wholeLog(connection));
      table.add([COUNTED as unknown as Delta]);
    })
    .immediate();
}

function wholeLog({ client }: Connection): readonly Delta[] {
  const entries = client.prepare<[], { stream: Stream; text: string }>(
    "select stream, text from events where stream >= 'deployment:' and stream < 'deployment;' order by stream, version",
  );
  const counts = recount();
  let here: Stream | undefined;
  let row: Row | undefined;
  let readable = true;
  for (const { stream, text } of entries.iterate()) {
    if (stream !== here) [here, row, readable] = [stream, undefined, true];
    if (!readable) continue;
    try {
      const next = fold(row, entryOf(text, ''));
      counts.add(counted(row, next));
      row = next;
    } catch {
      // What cannot be folded cannot be counted; the verification of the log names it.
      readable = false;
    }
  }
  return counts.sums();
}
