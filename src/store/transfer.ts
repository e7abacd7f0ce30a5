import { type FoundEntry, type Head, verify } from '../domain/audit.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Difference } from './difference.ts';

/*
 * What a database holds, as plain rows that every kind of database understands: columns by the names they have in the tables, documents
 * as the text of their JSON. The folds (deployments, targets, places) are not among them: they are made anew out of the log.
 */
export interface TransferRows {
  readonly events: {
    readonly seq: number;
    readonly at: string;
    readonly stream: string;
    readonly version: number;
    readonly type: string;
    /** The sealed text, byte for byte. */
    readonly text: string;
    readonly hash: string;
  };
  readonly keys: { readonly key: string; readonly at: number };
  /** Without leases: what somebody had in hand is owed again, and in doubt since its first attempt. */
  readonly effects: {
    readonly sequence: number;
    readonly key: string;
    readonly lane: string;
    readonly mode: string;
    readonly body: string;
    readonly due: number;
    readonly state: string;
    readonly wanted: number;
    readonly taken: number;
    readonly attempts: number;
    readonly in_doubt_since: number | null;
    readonly error: string | null;
  };
  readonly messages: { readonly key: string; readonly handle: string };
  readonly wakeups: { readonly key: string; readonly due: number; readonly note: string | null };
  /** What adapters keep, e.g. the messages of the console. */
  readonly records: { readonly book: string; readonly number: number; readonly record: string };
}

export type TransferTable = keyof TransferRows;
/** In the order in which they can be written: messages speak of effects. */
export const TRANSFER_TABLES = ['events', 'keys', 'effects', 'messages', 'wakeups', 'records'] as const;

export type Counts = Readonly<Record<TransferTable | 'folds', number>>;

/** A database in one transaction. */
export interface Holding {
  count(table: TransferTable): Promise<number>;
  /** All rows in order, a few hundred at a time. */
  rows<T extends TransferTable>(table: T): AsyncIterable<readonly TransferRows[T][]>;
  write<T extends TransferTable>(table: T, rows: readonly TransferRows[T][]): Promise<void>;
  /** Makes the folds out of the log. They must be empty. @returns how many rows they became */
  fold(): Promise<number>;
  found(): AsyncIterable<FoundEntry>;
  differences(): AsyncIterable<Difference>;
  /** From now on no programme starts on it, with this sentence as the reason; without one it may start again. */
  halt(sentence: string | undefined): Promise<void>;
  /**
   * Nothing is known of what was done after this moment of the past: everything owed is in doubt from `now` on (milliseconds since
   * 1970), cards of open deployments are owed again, and open deployments are looked at at once. @returns how much is owed
   */
  doubt(now: number): Promise<number>;
}

/** A database that nobody works on meanwhile. */
export interface Transfer {
  /** As people know it; never a password. */
  readonly name: string;
  /** Why no programme starts on it, if none does. */
  halted(): Promise<string | undefined>;
  /** Everything that is done, or nothing. */
  whole<T>(work: (holding: Holding) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Moved {
  readonly counts: Counts;
  readonly head: Head;
}

/** Left in a backup, so that nobody starts on it as if no time had passed. */
export const BACKUP_HALT =
  'This database comes from a backup. Run `countersign restored` first, so that nothing is done twice that was done after it was taken.';
const MOVED_HALT = 'This installation was moved to ';

/** Was this the reason because the installation is elsewhere now? */
export function isMoved(sentence: string): boolean {
  return sentence.startsWith(MOVED_HALT);
}

/** Told of rows as they are written, for whoever waits. */
export type Progress = (table: string, done: number, of: number) => void;

/**
 * Moves everything from one database to another that is empty, verifies both, and halts the source. The target is halted until the
 * source is: whenever this ends in the middle, the source stands as it was, or both are halted, but never may both be started.
 * @throws PortFailure in a plain sentence when it cannot be done; nothing is then changed
 */
export async function move(from: Transfer, to: Transfer, told: Progress): Promise<Moved> {
  const why = await from.halted();
  if (why !== undefined) throw refused(`Nothing is moved from there. ${why}`);
  const moved = await from.whole(async (source) => {
    const done = await to.whole((target) => copied(source, target, { from, to }, told));
    await source.halt(movedTo(to.name, from.name));
    return done;
  });
  await to.whole((target) => target.halt(undefined));
  return moved;
}

async function copied(
  source: Holding,
  target: Holding,
  { from, to }: { readonly from: Transfer; readonly to: Transfer },
  told: Progress,
): Promise<Moved> {
  for (const table of TRANSFER_TABLES) {
    if ((await target.count(table)) > 0)
      throw refused(`${to.name} is not empty: it has ${table}. Name a database that holds nothing.`);
  }
  told('verify', 0, 2);
  const sourceHead = await verified(source, from.name);
  const counts: Partial<Record<TransferTable, number>> = {};
  for (const table of TRANSFER_TABLES) counts[table] = await copiedTable(source, target, table, told);
  const folds = await target.fold();
  told('verify', 1, 2);
  const head = await verified(target, to.name);
  if (head.seq !== sourceHead.seq || head.hash !== sourceHead.hash)
    throw refused('The two logs do not end with the same entry. Nothing was moved.');
  // In the same transaction: nobody ever sees it complete and free before the source is halted.
  await target.halt(
    `The move of ${from.name} to here was not finished. Make this database anew and empty, and move again; the source is as it was.`,
  );
  return { counts: { ...(counts as Record<TransferTable, number>), folds }, head };
}

async function copiedTable<T extends TransferTable>(
  source: Holding,
  target: Holding,
  table: T,
  told: Progress,
): Promise<number> {
  const all = await source.count(table);
  let done = 0;
  for await (const rows of source.rows(table)) {
    await target.write(table, rows);
    done += rows.length;
    told(table, done, all);
  }
  const there = await target.count(table);
  if (done !== all || there !== all)
    throw refused(`Of ${all} ${table}, ${there} arrived. Nothing was moved; try again.`);
  return done;
}

/** Verifies the chain and every row. @throws PortFailure with what is the matter */
export async function verified(holding: Pick<Holding, 'found' | 'differences'>, name: string): Promise<Head> {
  const verdict = await verify(holding.found());
  if (verdict.kind === 'broken') {
    const { seq, stream, what } = verdict;
    throw refused(
      `The log of ${name} is broken at entry ${seq}${stream === '' ? '' : ` (${stream})`}: ${what}. Nothing was changed.`,
    );
  }
  if (verdict.newer !== undefined)
    throw refused(`The log of ${name} has entries that only a newer version of Countersign understands. Use that one.`);
  for await (const { stream, what } of holding.differences())
    throw refused(`The row of ${stream} in ${name} is not what the log says: ${what}. Nothing was changed.`);
  return verdict.head;
}

function movedTo(there: string, here: string): string {
  return (
    `${MOVED_HALT}${there}; start it there. To come back here instead, without anything that happened since: ` +
    `countersign migrate --undo ${here}`
  );
}

function refused(message: string): PortFailure {
  return new PortFailure(message, { port: 'store', kind: 'refused', retryable: false });
}
