import { type FSWatcher, watch } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256 } from '../domain/canonical.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type Fault, faultText, type Loaded, loadConfiguration } from './load.ts';
import type { ConfigurationParts } from './schema.ts';

/** A configuration file as it lies there. */
export interface SavedText {
  readonly text: string;
  /** When it was saved, milliseconds since 1970. */
  readonly at: number;
}

/** A configuration without faults, with the file it was read from when there is one. */
export type LoadedWhole = Extract<Loaded, { ok: true }> & { readonly saved?: SavedText };

/** Reads a file and when it was saved. Throws what the file system throws. */
export async function readSaved(file: string): Promise<SavedText> {
  // The time first: what is saved in between counts as saved anew later, and not as seen.
  const { mtimeMs } = await stat(file);
  return { text: await readFile(file, 'utf8'), at: mtimeMs };
}

export interface WatchOptions {
  readonly file: string;
  /** The file as it was last taken. */
  readonly saved: SavedText;
  readonly parts: ConfigurationParts;
  readonly clock: Clock;
  readonly log: Log;
  /** A new version without faults. What it throws is logged, and the new version counts as taken. */
  readonly changed: (loaded: LoadedWhole) => void | Promise<void>;
  /** Is something else in force than what the file says? Then saving it again is meant, even without a change. */
  readonly superseded: () => boolean;
  /** A new version that was refused; the former one stays in force. */
  readonly refused: (faults: readonly Fault[]) => void | Promise<void>;
}

export interface ConfigurationWatch {
  /** Looks now, because somebody asks for it, e.g. by a signal; returns when it has been dealt with. */
  look(): Promise<void>;
  close(): void;
}

/** Editors and tools write in several steps; a file is read when it has been left alone for so long. */
const QUIET_MS = 200;

/**
 * Follows a configuration file. The folder is watched, not the file: editors replace files, and mounted configurations swap
 * links. Only another content counts, and only one that is different from the last one looked at.
 */
export function watchConfiguration(options: WatchOptions): ConfigurationWatch {
  const { file, clock, log } = options;
  const taker = contentTaker(options);
  let calledOff = () => {};
  const soon = () => {
    calledOff();
    calledOff = clock.at(clock.now() + QUIET_MS, () => void taker.look(false));
  };
  const watcher = watchFolder(dirname(file), soon, log);
  return {
    look: () => taker.look(true),
    close() {
      calledOff();
      taker.close();
      watcher?.close();
    },
  };
}

function watchFolder(folder: string, told: () => void, log: Log): FSWatcher | undefined {
  const blind = (error: unknown) => {
    log.warn({ folder, error }, 'changes of the configuration are not seen by themselves');
  };
  try {
    return watch(folder, { persistent: false }, told).on('error', blind);
  } catch (error) {
    blind(error);
    return undefined;
  }
}

/** One look at a time, in order; a look that was asked for meanwhile follows. */
function contentTaker(options: WatchOptions) {
  const { file, log } = options;
  let last = { hash: sha256(options.saved.text), at: options.saved.at };
  let closed = false;
  let line: Promise<void> = Promise.resolve();

  async function take(asked: boolean): Promise<void> {
    const saved = await readSaved(file);
    if (closed) return;
    const former = last;
    last = { hash: sha256(saved.text), at: saved.at };
    const anew = (asked || last.at > former.at) && options.superseded();
    if (last.hash !== former.hash || anew) await judge(saved, options);
  }

  function look(asked: boolean): Promise<void> {
    line = line
      .then(() => take(asked))
      .catch((error: unknown) => {
        // Nobody waits for a look that was under way when the programme stopped.
        if (closed) return;
        log.error({ file, error }, 'the changed configuration could not be taken; the former one stays in force');
      });
    return line;
  }

  return {
    look,
    close: () => {
      closed = true;
    },
  };
}

async function judge(saved: SavedText, { file, parts, log, changed, refused }: WatchOptions): Promise<void> {
  const loaded = loadConfiguration(saved.text, file, parts);
  if (!loaded.ok) {
    const faults = loaded.faults.map((fault) => faultText(file, fault));
    log.error({ file, faults }, 'the changed configuration is refused; the former one stays in force');
    await refused(loaded.faults);
    return;
  }
  const { version } = loaded.catalog;
  const warnings = loaded.warnings.map((fault) => faultText(file, fault));
  log.info(
    { file, version, ...(warnings.length === 0 ? {} : { warnings }) },
    'the configuration file has no faults and is taken',
  );
  await changed({ ...loaded, saved });
}
