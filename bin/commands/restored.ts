import type { Command } from 'commander';
import type { Deployment } from '../../src/domain/deployment.ts';
import { type NewEntry, targetStream } from '../../src/domain/event.ts';
import { allLocks, modeOf } from '../../src/domain/held.ts';
import { scopeKey } from '../../src/domain/lock.ts';
import { BOT } from '../../src/domain/person.ts';
import type { Target } from '../../src/domain/target.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Change, Store } from '../../src/ports/store.ts';
import { isServer, openStore } from '../../src/store/open.ts';
import { openTransfer } from '../../src/store/open-transfer.ts';
import { BACKUP_HALT, type Transfer } from '../../src/store/transfer.ts';
import { systemClock } from '../../src/system/clock.ts';
import { type Point, pointOf } from './backup-point.ts';
import { existing, type Installation, installedDatabase, withInstallation } from './installation.ts';
import { type CommandIo, ended } from './io.ts';
import { mayBegin, type Restored, restoredReport, strayMessages } from './restored-report.ts';

interface RestoredWish extends Installation {
  readonly lockAll?: true;
}

/** `restored`: makes a database that was brought back from a backup fit to be started. */
export function addRestoredCommand(program: Command, io: CommandIo, clock: Clock = systemClock()): void {
  withInstallation(program.command('restored'))
    .description('Run once after a database was brought back from a backup, before Countersign is started on it.')
    .option('--lock-all', 'lock every target, not only those with open requests')
    .action((wish: RestoredWish) => ended(io, () => restored(wish, clock, io)));
}

async function restored(wish: RestoredWish, own: Clock, io: CommandIo): Promise<number> {
  const database = await installedDatabase(wish);
  if (!isServer(database)) existing(database);
  const transfer = await openTransfer(database, own);
  try {
    const why = await transfer.halted();
    if (why !== undefined && why !== BACKUP_HALT) throw new Error(why);
    const { store, clock } = await openStore({ database, clock: own, works: false });
    try {
      io.out(restoredReport(await takeUp(transfer, store, clock, wish.lockAll === true)));
    } finally {
      await store.close();
    }
    // Last: until everything is in order nobody starts on it.
    await transfer.whole((holding) => holding.halt(undefined));
  } finally {
    await transfer.close();
  }
  return 0;
}

/** Each step may be repeated: whoever is interrupted runs the command again. */
async function takeUp(transfer: Transfer, store: Store, clock: Clock, lockAll: boolean): Promise<Restored> {
  const point = await pointOf(store, transfer.name);
  const next = await store.nextNumber();
  const { owed, stray } = await transfer.whole(async (holding) => ({
    owed: await holding.doubt(clock.now()),
    stray: await strayMessages(holding, next),
  }));
  const [targets, books] = await Promise.all([store.targets(), store.scopes()]);
  const locks = locksOf(point, targets, lockAll);
  const at = new Date(clock.now()).toISOString();
  const entry = { type: 'restored' as const, entry: point.head.seq, hash: point.head.hash };
  const change: Change = {
    expect: locks.map(({ target }) => ({
      stream: targetStream(target.service, target.environment),
      version: target.version,
    })),
    entries: [
      { stream: 'installation', event: entry, by: BOT, at },
      ...locks.map((lock) => lockEntry(lock, point, at)),
    ],
    effects: [],
    wakeups: [],
  };
  const outcome = await store.commit(change);
  if (outcome.kind !== 'committed')
    throw new Error('Somebody else wrote to the log meanwhile. Stop every instance, then run it again.');
  const locked = locks.map(({ target: { service, environment } }) => ({ service, environment }));
  const fresh = new Set(locked.map((target) => scopeKey({ kind: 'target', ...target })));
  const others = allLocks(targets, books).filter(({ scope }) => !fresh.has(scopeKey(scope)));
  return { point, owed, stray, next, targets, locked, locks: others, now: clock.now() };
}

interface Lock {
  readonly target: Pick<Target, 'service' | 'environment' | 'version' | 'lock'>;
  /** Open requests whose runs nobody knows of. */
  readonly unsure: readonly Deployment[];
}

/** A request that had not begun may have run after the backup: a lock holds it until somebody has looked. */
function locksOf({ open }: Point, targets: readonly Target[], all: boolean): readonly Lock[] {
  const known = new Map(targets.map((target) => [keyOf(target), target]));
  const unsure = Map.groupBy(open.filter(mayBegin), keyOf);
  const wanted = new Map<string, Lock>();
  for (const [key, deployments] of unsure) {
    const [first] = deployments;
    if (first === undefined) continue;
    const { service, environment } = first;
    wanted.set(key, { target: known.get(key) ?? { service, environment, version: 0 }, unsure: deployments });
  }
  if (all) for (const [key, target] of known) if (!wanted.has(key)) wanted.set(key, { target, unsure: [] });
  return [...wanted].filter(([key]) => !standsByItself(known.get(key))).map(([, lock]) => lock);
}

/** A lock that holds everything until somebody opens it is as good as ours. */
function standsByItself(target: Pick<Target, 'lock'> | undefined): boolean {
  const lock = target?.lock;
  return lock !== undefined && lock.expiresAt === undefined && modeOf(lock) === 'closed';
}

function keyOf({ service, environment }: Pick<Target, 'service' | 'environment'>): string {
  return `${service}/${environment}`;
}

function lockEntry({ target, unsure }: Lock, { at: moment }: Point, at: string): NewEntry {
  const names = unsure.map(({ id }) => id).toSorted();
  const look = names.length === 0 ? 'what runs there' : `whether ${names.join(', ')} ran meanwhile`;
  const before = target.lock === undefined ? '' : `. ${target.lock.by.name} had locked it: ${target.lock.reason}`;
  const reason = `Restored from a backup of ${moment ?? 'an empty log'}: look at the provider ${look}, call off what did, then unlock${before}`;
  return {
    stream: targetStream(target.service, target.environment),
    event: { type: 'locked', reason },
    by: BOT,
    at,
  };
}
