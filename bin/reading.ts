import type { Catalog } from '../src/domain/catalog.ts';
import type { Kit } from '../src/engine/kit.ts';
import { providerOf, startRequest } from '../src/engine/run-request.ts';
import { PortFailure } from '../src/ports/failure.ts';
import type { Reading } from '../src/ports/reading.ts';
import type { Store } from '../src/ports/store.ts';

/** The store, the configuration and the providers' logs, to be looked at only. */
export function readingOf(
  store: Store,
  catalog: () => Catalog,
  { kit, troubles }: { readonly kit: () => Kit; readonly troubles: Reading['troubles'] },
): Reading {
  return {
    deployment: store.deployment,
    deploymentByToken: store.deploymentByToken,
    deploymentByRun: store.deploymentByRun,
    deployments: store.deployments,
    nextNumber: store.nextNumber,
    target: store.target,
    targets: store.targets,
    placeBooks: store.placeBooks,
    scopes: store.scopes,
    personBook: store.personBook,
    personBooks: store.personBooks,
    review: store.review,
    openReviews: store.openReviews,
    rollups: store.rollups,
    entries: store.entries,
    listen: store.listen,
    catalog,
    troubles,
    async logs(deployment) {
      if (deployment.run === undefined) return undefined;
      try {
        return await providerOf(kit(), deployment).logs?.(deployment.run, startRequest(kit(), deployment));
      } catch (error) {
        if (error instanceof PortFailure) return `The log cannot be read now: ${error.message}`;
        throw error;
      }
    },
  };
}
