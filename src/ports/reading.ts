import type { Catalog } from '../domain/catalog.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Trouble } from '../domain/trouble.ts';
import type { Ledger, Rows } from './store.ts';

/** Everything that may be looked at, for pages and answers. Nothing here can write. */
export type Reading = Rows &
  Pick<Ledger, 'entries' | 'listen'> & {
    catalog(): Catalog;
    /** Providers that do not answer now, as this instance sees it. */
    troubles(): readonly Trouble[];
    /** The last lines of what the deployment's run printed; nothing when there is no run or the provider keeps no logs. */
    logs(deployment: Deployment): Promise<string | undefined>;
  };
