import { eq, sql } from 'drizzle-orm';
import type { Stream } from '../../domain/event.ts';
import { type Comparison, comparison } from '../comparison.ts';
import { type Difference, namedRow, ORPHAN, refold } from '../difference.ts';
import { ROW_KINDS, type RowKind, streamOf } from '../fold.ts';
import { allRollups, lastEntry } from './rollups.ts';
import { DOCUMENTS, deployments, events } from './schema.ts';
import { rowsOf, type Server, type Session } from './session.ts';

/** Streams or rows looked at in one transaction. */
const PAGE = 50;
/** Entries of a stream read at once. */
const ENTRIES = 64;

const TABLES = { deployment: deployments, ...DOCUMENTS } as const;

/**
 * Folds every stream again and compares with the rows, then looks for rows that no stream speaks of. A stream and its row are read of
 * the same moment, and only one stream is in memory at a time.
 */
export async function* findDifferences(server: Server): AsyncGenerator<Difference> {
  const counts = await server.transaction(
    async (session) => comparison(await allRollups(session), await lastEntry(session)),
    { snapshot: true },
  );
  let after = '';
  for (;;) {
    const { found, last } = await server.transaction((session) => ofStreams(session, after, counts), {
      snapshot: true,
    });
    yield* found;
    if (last === undefined) break;
    after = last;
  }
  yield* counts.differences();
  for (const kind of ROW_KINDS) yield* orphans(server, kind);
}

async function ofStreams(
  session: Session,
  after: string,
  counts: Comparison,
): Promise<{ found: Difference[]; last: Stream | undefined }> {
  const names = await rowsOf<{ stream: Stream }>(
    session,
    sql`select distinct stream from events where stream > ${after} order by stream limit ${PAGE}`,
  );
  const found: Difference[] = [];
  for (const { stream } of names) {
    const what = await differenceOf(session, stream, counts);
    if (what !== undefined) found.push({ stream, what });
  }
  return { found, last: names.at(-1)?.stream };
}

async function differenceOf(session: Session, stream: Stream, counts: Comparison): Promise<string | undefined> {
  const folding = refold(stream, counts);
  let after = 0;
  for (;;) {
    const page = await rowsOf<{ version: number; text: string }>(
      session,
      sql`select version, text from events where stream = ${stream} and version > ${after} order by version limit ${ENTRIES}`,
    );
    for (const { text } of page) folding.add(text);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.version;
  }
  const named = namedRow(stream);
  return folding.differs(named === undefined ? undefined : await columns(session, named.kind, named.key));
}

async function columns(
  session: Session,
  kind: RowKind,
  key: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (kind === 'deployment') {
    const [row] = await session.select().from(deployments).where(eq(deployments.id, key));
    return row;
  }
  const table = TABLES[kind];
  const [row] = await session.select().from(table).where(eq(table.key, key));
  return row;
}

async function* orphans(server: Server, kind: RowKind): AsyncGenerator<Difference> {
  const table = TABLES[kind];
  const key = kind === 'deployment' ? sql`id` : sql`key`;
  const rows = await server.transaction(
    (session) =>
      rowsOf<{ key: string }>(
        session,
        sql`
          select ${key} as key from ${table} kept
          where not exists (select 1 from ${events} where stream = ${`${kind}:`} || ${key}) order by 1`,
      ),
    { snapshot: true },
  );
  for (const row of rows) yield { stream: streamOf(kind, row.key), what: ORPHAN };
}
