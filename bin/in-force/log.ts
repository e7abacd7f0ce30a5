import { type Loaded, loadConfiguration } from '../../src/config/load.ts';
import type { ConfigurationParts } from '../../src/config/schema.ts';
import type { LoadedWhole } from '../../src/config/watch.ts';
import type { Entry } from '../../src/domain/event.ts';
import { BOT } from '../../src/domain/person.ts';
import { type Clock, isoNow } from '../../src/ports/clock.ts';
import type { Ledger } from '../../src/ports/store.ts';

/** A configuration that the log names as put in force. */
export interface Named {
  readonly seq: number;
  readonly catalog: string;
  /** The whole text of the file; older versions wrote none. */
  readonly text?: string;
  /** When it was put in force, milliseconds since 1970. */
  readonly since: number;
}

/** Where the log stands: what it names, and the version of the stream for the next compare-and-set. */
export interface Standing {
  readonly named?: Named;
  readonly version: number;
}

/** How the text out of the log is called in messages about its faults. */
const FROM_LOG = 'the configuration in force';
/** Entries read at once; each may hold the whole text of a file. */
const BATCH = 50;

/** The newest configuration that was put in force, and all that the installation has done since. */
export async function standingOf(store: Pick<Ledger, 'newest' | 'entries'>): Promise<Standing> {
  const newest = await store.newest('installation', 'configured');
  let standing: Standing = newest === undefined ? { version: 0 } : after({ version: 0 }, newest);
  for await (const entry of installation(store, newest?.seq ?? 0)) standing = after(standing, entry);
  return standing;
}

function after({ named }: Standing, entry: Entry): Standing {
  const found = namedIn(entry) ?? named;
  return { version: entry.version, ...(found === undefined ? {} : { named: found }) };
}

function namedIn({ seq, at, event }: Entry): Named | undefined {
  if (event.type !== 'configured') return undefined;
  const { catalog, text } = event;
  return { seq, catalog, since: Date.parse(at), ...(text === undefined ? {} : { text }) };
}

async function* installation(store: Pick<Ledger, 'entries'>, from: number): AsyncGenerator<Entry> {
  for (let seq = from; ; ) {
    const batch = await store.entries({ stream: 'installation', after: seq, limit: BATCH });
    yield* batch;
    const last = batch.at(-1);
    if (last === undefined) return;
    seq = last.seq;
  }
}

/** Reads a configuration of the log as this version of the programme understands it; nothing when the log has no text of it. */
export function readNamed({ text }: Named, parts: ConfigurationParts): Loaded | undefined {
  return text === undefined ? undefined : loadConfiguration(text, FROM_LOG, parts);
}

/** Does a file say what the log names? Comments, and what belongs to one instance alone, make no difference. */
export function saysTheSame(file: LoadedWhole, named: Named, parts: ConfigurationParts): boolean {
  if (named.text === undefined) return file.saved === undefined && file.catalog.version === named.catalog;
  if (named.text === file.saved?.text) return true;
  const read = readNamed(named, parts);
  return read?.ok === true && shared(read) === shared(file);
}

/** In the order of the file, because the order of environments counts. */
function shared({ configuration: { web: _web, database: _database, ...common } }: LoadedWhole): string {
  return JSON.stringify(common);
}

/** Was it ever in force what a file says? */
export async function wasInForce(
  store: Pick<Ledger, 'entries'>,
  file: LoadedWhole,
  parts: ConfigurationParts,
): Promise<boolean> {
  for await (const entry of installation(store, 0)) {
    const named = namedIn(entry);
    if (named?.catalog !== file.catalog.version) continue;
    if (named.text === undefined || saysTheSame(file, named, parts)) return true;
  }
  return false;
}

/** Puts a file in force unless the log has grown since the version given. @returns what is then in force; nothing on a conflict */
export async function putInForce(
  store: Pick<Ledger, 'commit'>,
  clock: Clock,
  { catalog, saved }: LoadedWhole,
  version: number,
): Promise<Named | undefined> {
  const text = saved === undefined ? {} : { text: saved.text };
  const event = { type: 'configured' as const, catalog: catalog.version, ...text };
  const entry = { stream: 'installation' as const, event, by: BOT, at: isoNow(clock) };
  const expect = [{ stream: entry.stream, version }];
  const written = await store.commit({ expect, entries: [entry], effects: [], wakeups: [] });
  return written.kind === 'committed' ? written.entries.map(namedIn).find((one) => one !== undefined) : undefined;
}
