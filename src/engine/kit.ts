import type { Catalog } from '../domain/catalog.ts';
import { type Account, type Person, personOf } from '../domain/person.ts';
import type { Archive } from '../ports/archive.ts';
import type { Calendars } from '../ports/calendars.ts';
import type { ChatPlatform } from '../ports/chat.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Pipeline } from '../ports/pipeline.ts';
import type { Source } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';
import type { LinkBook } from './links.ts';

/** Everything the engine works with: the store and the sockets in the wall. */
export interface Kit {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** The configuration as it is now; read anew for every decision. */
  readonly catalog: () => Catalog;
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly chats: ReadonlyMap<string, ChatPlatform>;
  /** An unguessable token for buttons. */
  readonly token: () => string;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  /** Who is behind an account, by configuration and by verified e-mail. */
  readonly identify: (account: Account) => Promise<Person>;
  /** Calendars of others, for groups that are kept in one; absent: there are none, and nobody is in such a group. */
  readonly feeds?: Calendars;
  /** The linked accounts, where the catalog is made with them; else the door reads them by itself. */
  readonly links?: LinkBook;
  /** How the log is signed; absent: it is not. */
  readonly checkpoints?: Checkpoints;
  /** True while this instance must leave all work to others, e.g. because it cannot read the configuration in force. */
  readonly aside?: () => boolean;
}

/** What signed checkpoints need. */
export interface Checkpoints {
  /** The fingerprint of the key and its signature of the bytes; throws a PortFailure when the key cannot be read. */
  readonly sign: (bytes: Uint8Array) => Promise<{ readonly key: string; readonly signature: string }>;
  /** Milliseconds between two checkpoints. */
  readonly everyMs: number;
  /** Where each is copied to. */
  readonly archives: readonly Archive[];
}

/** Looks people up in the configuration alone. */
export function byConfiguration(catalog: () => Catalog): Kit['identify'] {
  return async (account) => personOf(catalog().people, account);
}

export function now(kit: Pick<Kit, 'clock'>): string {
  return new Date(kit.clock.now()).toISOString();
}
