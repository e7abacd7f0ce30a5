import type { Entry } from '../../src/domain/event.ts';
import { BOT } from '../../src/domain/person.ts';
import { GROUPS, REGION, TRUSTED } from './governance.ts';
import { keepsOut, lockName, namesAround, type Past, type Told, walk } from './log-reading.ts';

/** What is decided within a lease may be written so much later, in milliseconds. */
const LATE_MS = 10_000;
/** A lock whose time is over is opened within so many milliseconds. */
const OPENED_MS = 15_000;

/**
 * Nothing goes where a lock keeps its kind out, nothing is refused for a lock that holds nobody, nobody touches another's lock
 * without the right to, and what is over is opened.
 * @param now ISO 8601 in UTC
 */
export function wrongLocks(entries: readonly Entry[], now: string): readonly string[] {
  const faults: string[] = [];
  const past = walk(entries, {
    deployment: (told, before) => faults.push(...passed(told, before), ...heldByNobody(told, before)),
    other: (entry, before) => faults.push(...notTheirs(entry, before)),
  });
  for (const [name, { expiresAt }] of past.locks)
    if (expiresAt !== undefined && Date.parse(now) - Date.parse(expiresAt) > OPENED_MS)
      faults.push(`the lock of ${name} is over since ${expiresAt}, and stands`);
  return faults;
}

function passed({ id, request, entry, event }: Told, { locks }: Past): readonly string[] {
  if (event.type !== 'dispatched') return [];
  return namesAround(request, REGION).flatMap((name) => {
    const lock = locks.get(name);
    if (lock === undefined || !keepsOut(lock, request.kind, entry.at)) return [];
    return [`${id} (${request.kind}) was dispatched at ${entry.at} through the lock (${lock.mode}) of ${name}`];
  });
}

function heldByNobody({ id, request, entry, event }: Told, { locks, opened }: Past): readonly string[] {
  if (event.type !== 'refused' || !event.refusals.some(({ code }) => code === 'target-locked')) return [];
  const since = new Date(Date.parse(entry.at) - LATE_MS).toISOString();
  const held = namesAround(request, REGION).some((name) => {
    const lock = locks.get(name);
    return (lock !== undefined && keepsOut(lock, request.kind, since)) || (opened.get(name) ?? '') >= since;
  });
  return held ? [] : [`${id} was refused at ${entry.at} for a lock, and nothing was locked`];
}

function notTheirs({ stream, event, by, at }: Entry, { locks }: Past): readonly string[] {
  if (event.type !== 'unlocked' && event.type !== 'lock-taken') return [];
  const name = lockName(stream) ?? '';
  const lock = locks.get(name);
  if (lock === undefined) return [`${by.id} touched the lock of ${name}, and there was none`];
  const over = lock.expiresAt !== undefined && lock.expiresAt <= at;
  if (by.id === BOT.id) return over ? [] : [`the bot opened the lock of ${name} before its time`];
  const may = lock.caused || lock.by.id === by.id || GROUPS[TRUSTED]?.some((who) => who === by.id) === true;
  return may ? [] : [`${by.id} touched the lock of ${name}, which is ${lock.by.id}'s`];
}
