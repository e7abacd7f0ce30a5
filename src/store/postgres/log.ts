import { and, desc, eq, gt, gte, lt, type SQL, sql } from 'drizzle-orm';
import { EMPTY, type FoundEntry } from '../../domain/audit.ts';
import type { Entry } from '../../domain/event.ts';
import type { Ledger } from '../../ports/store.ts';
import { entryOf } from '../sealed.ts';
import { patiently } from './patience.ts';
import { events } from './schema.ts';
import type { Server } from './session.ts';

/** Entries read at once; an entry of a big change set may hold a megabyte. */
const PAGE = 64;

const SEALED = { text: events.text, hash: events.hash };

/** Reading of the log. */
export function openLog({ session }: Server): Pick<Ledger, 'entries' | 'head' | 'newest' | 'found'> {
  return {
    async entries({ stream, after = 0, from, to, limit }) {
      const where = and(
        ...(stream === undefined ? [] : [eq(events.stream, stream)]),
        ...(after === 0 ? [] : [gt(events.seq, after)]),
        ...(from === undefined ? [] : [gte(AT, from)]),
        ...(to === undefined ? [] : [lt(AT, to)]),
      );
      const order = stream === undefined ? events.seq : events.version;
      const rows = await patiently(() => session.select(SEALED).from(events).where(where).orderBy(order).limit(limit));
      return rows.map(({ text, hash }) => entryOf(text, hash));
    },
    async head() {
      const { seq, hash } = events;
      const newest = () => session.select({ seq, hash }).from(events).orderBy(desc(seq)).limit(1);
      const [row] = await patiently(newest);
      return row ?? EMPTY;
    },
    async newest(stream, type): Promise<Entry | undefined> {
      const where = and(eq(events.stream, stream), eq(events.type, type));
      const [row] = await patiently(() =>
        session.select(SEALED).from(events).where(where).orderBy(desc(events.version)).limit(1),
      );
      return row === undefined ? undefined : entryOf(row.text, row.hash);
    },
    found: () => walk(session),
  };
}

/** Times compare as plain text, whatever language the database sorts by. */
const AT: SQL = sql`${events.at} collate "C"`;

async function* walk(session: Server['session']): AsyncGenerator<FoundEntry> {
  const { seq, stream, version, text, hash } = events;
  let after = Number.MIN_SAFE_INTEGER;
  for (;;) {
    const page = () => session.select({ seq, stream, version, text, hash }).from(events).where(gt(seq, after));
    const rows = await patiently(() => page().orderBy(seq).limit(PAGE));
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
}
