import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Stream } from '../../domain/event.ts';
import type { Log } from '../../ports/log.ts';
import { createListeners } from '../listeners.ts';
import type { Server, Session } from './session.ts';

const CHANNEL = 'countersign_changes';
/** Names of streams that go into one notice; PostgreSQL takes 8000 bytes at most, and a name may have hundreds. */
const MOST_NAMES = 10;

/** News of commits, to this instance at once and to the others through the server. */
export interface Notices {
  /** Within the transaction that writes: the others hear when it is committed. No streams: there is only something to be done. */
  tell(session: Session, streams: readonly Stream[]): Promise<void>;
  /** Tells this instance. */
  here(streams: readonly Stream[]): void;
  listen(told: (streams: readonly Stream[]) => void): () => void;
  close(): Promise<void>;
}

/** @param hears whether this instance wants to hear of the others */
export async function openNotices(server: Server, hears: boolean, log: Log | undefined): Promise<Notices> {
  const own = randomUUID();
  const listeners = createListeners(log);

  function heard(payload: string): void {
    const { from, streams } = JSON.parse(payload) as { readonly from: string; readonly streams: readonly Stream[] };
    if (from !== own) listeners.tell(streams);
  }

  // After a gap everybody looks again: these two stand for whatever it was.
  const unsure = (why: 'gap' | 'beat') => (why === 'gap' ? listeners.tell(['installation', 'people']) : undefined);
  const end = hears ? await server.listen(CHANNEL, heard, unsure) : async () => undefined;
  return {
    here: listeners.tell,
    listen: listeners.add,
    async tell(session, streams) {
      for (let first = 0; first === 0 || first < streams.length; first += MOST_NAMES) {
        const payload = JSON.stringify({ from: own, streams: streams.slice(first, first + MOST_NAMES) });
        await session.execute(sql`select pg_notify(${CHANNEL}, ${payload})`);
      }
    },
    close: end,
  };
}
