import { and, desc, eq, gt, gte, lt, sql } from 'drizzle-orm';
import { EMPTY, type FoundEntry, type Head } from '../../domain/audit.ts';
import type { Entry, Stream } from '../../domain/event.ts';
import type { Ledger } from '../../ports/store.ts';
import { entryOf } from '../sealed.ts';
import { slots } from '../slots.ts';
import type { Connection } from './connection.ts';
import { events } from './schema.ts';

/** Entries read at once; an entry of a big change set may hold a megabyte. */
const PAGE = 64;

export interface LogTable {
  head(): Head;
  /** How many entries a stream has; 0 when there is no such stream. */
  version(stream: Stream): number;
  /** `text` is what the entry's hash covers. */
  append(entry: Entry, text: string): void;
  entries(query: Parameters<Ledger['entries']>[0]): readonly Entry[];
  newest(stream: Stream, type: string): Entry | undefined;
  found(): AsyncIterable<FoundEntry>;
  /** The sealed texts of one stream in order, `after` a version. */
  texts(stream: Stream, after: number): readonly { readonly version: number; readonly text: string }[];
  /** Names of streams in order, `after` a name. */
  streams(after: string, limit: number): readonly Stream[];
}

/** Lets others have their turn in the middle of a long walk. */
export async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

export function logTable(connection: Connection): LogTable {
  const { db, client } = connection;
  // Asked with every change: plain statements of the driver, which take half the time of the builder's.
  const head = client.prepare<[], Head>('select seq, hash from events order by seq desc limit 1');
  const version = client.prepare<[Stream], number | null>('select max(version) from events where stream = ?').pluck();
  const insert = db
    .insert(events)
    .values(slots('seq', 'at', 'stream', 'version', 'type', 'text', 'hash'))
    .prepare();
  return {
    head: () => head.get() ?? EMPTY,
    version: (stream) => version.get(stream) ?? 0,
    append: (entry, text) => {
      const { seq, at, stream, event, hash } = entry;
      insert.run({ seq, at, stream, version: entry.version, type: event.type, text, hash });
    },
    entries: reader(connection),
    newest: newest(connection),
    found: walker(connection),
    ...streamReaders(connection),
  };
}

function reader({ db }: Connection): LogTable['entries'] {
  const since = gt(events.seq, sql.placeholder('after'));
  const during = and(gte(events.at, sql.placeholder('from')), lt(events.at, sql.placeholder('to')));
  const all = db.select({ text: events.text, hash: events.hash }).from(events);
  const limit = sql.placeholder('limit');
  const anywhere = all.where(and(since, during)).orderBy(events.seq).limit(limit).prepare();
  const inStream = db
    .select({ text: events.text, hash: events.hash })
    .from(events)
    .where(and(eq(events.stream, sql.placeholder('stream')), since, during))
    .orderBy(events.version)
    .limit(limit)
    .prepare();
  return ({ stream, after = 0, from = '', to = '~', limit: most }) => {
    const asked = { after, from, to, limit: most };
    const rows = stream === undefined ? anywhere.all(asked) : inStream.all({ ...asked, stream });
    return rows.map(({ text, hash }) => entryOf(text, hash));
  };
}

function newest({ db }: Connection): LogTable['newest'] {
  const statement = db
    .select({ text: events.text, hash: events.hash })
    .from(events)
    .where(and(eq(events.stream, sql.placeholder('stream')), eq(events.type, sql.placeholder('type'))))
    .orderBy(desc(events.version))
    .limit(1)
    .prepare();
  return (stream, type) => {
    const row = statement.get({ stream, type });
    return row === undefined ? undefined : entryOf(row.text, row.hash);
  };
}

function walker({ db }: Connection): LogTable['found'] {
  const { seq, stream, version, text, hash } = events;
  const page = db
    .select({ seq, stream, version, text, hash })
    .from(events)
    .where(gt(seq, sql.placeholder('after')))
    .orderBy(seq)
    .limit(PAGE)
    .prepare();
  return async function* found() {
    let after = Number.MIN_SAFE_INTEGER;
    for (let rows = page.all({ after }); rows.length > 0; rows = page.all({ after })) {
      for (const row of rows) {
        yield row;
        after = row.seq;
      }
      await breathe();
    }
  };
}

function streamReaders({ db }: Connection): Pick<LogTable, 'texts' | 'streams'> {
  const texts = db
    .select({ version: events.version, text: events.text })
    .from(events)
    .where(and(eq(events.stream, sql.placeholder('stream')), gt(events.version, sql.placeholder('after'))))
    .orderBy(events.version)
    .limit(PAGE)
    .prepare();
  const names = db
    .selectDistinct({ stream: events.stream })
    .from(events)
    .where(gt(events.stream, sql.placeholder('after')))
    .orderBy(events.stream)
    .limit(sql.placeholder('limit'))
    .prepare();
  return {
    texts: (stream, after) => texts.all({ stream, after }),
    streams: (after, limit) => names.all({ after, limit }).map(({ stream }) => stream),
  };
}
