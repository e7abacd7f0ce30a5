import type { Deployment } from '../domain/deployment.ts';
import type { Kit } from './kit.ts';

/** Failures looked at; whoever fails more often in a row recovers from the twentieth. */
const MOST = 20;

/**
 * Since when nothing but failures came to a target: the end of the oldest failure after what runs there now arrived. Whoever arrives next has
 * recovered it. @param arrived since when the present version runs there, ISO 8601 in UTC
 */
export async function failingSince(
  { store }: Pick<Kit, 'store'>,
  { service, environment }: Pick<Deployment, 'service' | 'environment'>,
  arrived: string | undefined,
): Promise<string | undefined> {
  const failed = await store.deployments({ service, environment, states: ['failed'], limit: MOST });
  const ends = failed.flatMap(({ kind, endedAt }) => (kind === 'rollback' || endedAt === undefined ? [] : [endedAt]));
  return ends.filter((end) => arrived === undefined || end > arrived).sort()[0];
}
