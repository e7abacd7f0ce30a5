import { dirname, resolve } from 'node:path';
import type { Print } from '../src/evidence/written.ts';
import type { Store } from '../src/ports/store.ts';
import { isServer, openStore } from '../src/store/open.ts';
import { systemClock } from '../src/system/clock.ts';
import { signerFrom } from './checkpoints.ts';
import type { Signing } from './commands/audit-export.ts';
import { configured, existing, type Installation, installedDatabase } from './commands/installation.ts';
import { printFont } from './print.ts';

/** The name of an installation that has no configuration. */
const UNNAMED = 'Countersign';

/** The store of an installation, to be looked at. Says so when there is none, instead of making an empty one and finding it whole. */
export async function openInstalled(installation: Installation): Promise<Store> {
  const database = await installedDatabase(installation);
  if (!isServer(database)) existing(database);
  const { store } = await openStore({ database, clock: systemClock(), works: false });
  return store;
}

/** What printed evidence says of the installation, and the font that its configuration names. */
export async function installedPrint(installation: Installation): Promise<Print> {
  const found = await configured(installation);
  if (found === undefined) return { installation: UNNAMED };
  const home = dirname(resolve(installation.config));
  return { installation: found.configuration.name, ...(await printFont(found.configuration.evidence, home)) };
}

/**
 * What signs an export: the key of the checkpoints, where the configuration names one.
 * @throws PortFailure when it names one that cannot be read or used
 */
export async function installedSigning(installation: Installation): Promise<Signing | undefined> {
  const found = await configured(installation);
  const reference = found?.configuration.audit?.checkpoints?.key;
  if (found === undefined || reference === undefined) return undefined;
  return { signer: await signerFrom(found.secrets, reference), installation: found.configuration.name };
}
