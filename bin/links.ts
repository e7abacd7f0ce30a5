import type { Catalog } from '../src/domain/catalog.ts';
import { type Links, withLinks } from '../src/domain/links.ts';
import { type LinkBook, openLinkBook } from '../src/engine/links.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Store } from '../src/ports/store.ts';

/** A notice of another instance may get lost: the log is looked at this often besides, in milliseconds. */
const LOOK_MS = 10_000;

/** The linked accounts of the installation, as this instance knows them. */
export interface Linked {
  readonly book: LinkBook;
  /** The same catalog with the linked accounts at their people. Its version stays: links change nothing about an approval. */
  catalog(of: Catalog): Catalog;
  stop(): void;
}

/** Reads the links, and follows what this and other instances write. Throws a PortFailure when the log cannot be read. */
export async function followLinks(store: Pick<Store, 'entries' | 'listen'>, clock: Clock, log: Log): Promise<Linked> {
  const book = openLinkBook(store);
  await book.read();
  const look = () => {
    book.read().catch((error: unknown) => log.error({ error: String(error) }, 'linked accounts could not be read'));
  };
  const unlisten = store.listen((streams) => {
    if (streams.includes('people')) look();
  });
  let callOff = clock.at(clock.now() + LOOK_MS, again);
  function again(): void {
    look();
    callOff = clock.at(clock.now() + LOOK_MS, again);
  }
  let made: { readonly of: Catalog; readonly links: Links; readonly catalog: Catalog } | undefined;
  return {
    book,
    catalog(of) {
      const links = book.now();
      if (made?.of !== of || made.links !== links)
        made = { of, links, catalog: { ...of, people: withLinks(of.people, links) } };
      return made.catalog;
    },
    stop() {
      unlisten();
      callOff();
    },
  };
}
