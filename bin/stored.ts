import type { Store } from '../src/ports/store.ts';
import { isServer, openStore } from '../src/store/open.ts';
import { systemClock } from '../src/system/clock.ts';
import { existing, type Installation, installedDatabase } from './commands/installation.ts';

/** The store of an installation, to be looked at. Says so when there is none, instead of making an empty one and finding it whole. */
export async function openInstalled(installation: Installation): Promise<Store> {
  const database = await installedDatabase(installation);
  if (!isServer(database)) existing(database);
  const { store } = await openStore({ database, clock: systemClock(), works: false });
  return store;
}
