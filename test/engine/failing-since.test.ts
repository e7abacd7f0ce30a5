import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import { failingSince } from '../../src/engine/failing-since.ts';
import type { DeploymentQuery, Store } from '../../src/ports/store.ts';

const TARGET = { service: 'web', environment: 'production' };

/** A store that knows failures alone. */
function failures(...ends: readonly Partial<Deployment>[]): { store: Store; asked: DeploymentQuery[] } {
  const asked: DeploymentQuery[] = [];
  const deployments = async (query: DeploymentQuery) => {
    asked.push(query);
    return ends.map((one) => ({ kind: 'regular', ...one })) as Deployment[];
  };
  return { store: { deployments } as unknown as Store, asked };
}

describe('since when a target has been failing', () => {
  const [NINE, TEN, ELEVEN] = ['09', '10', '11'].map((hour) => `2026-03-01T${hour}:00:00.000Z`) as [
    string,
    string,
    string,
  ];

  it('is the end of the first failure after what runs there arrived', async () => {
    const { store, asked } = failures({ endedAt: ELEVEN }, { endedAt: TEN }, { endedAt: NINE });

    expect(await failingSince({ store }, TARGET, '2026-03-01T09:30:00.000Z')).toBe(TEN);
    expect(asked).toEqual([{ ...TARGET, states: ['failed'], limit: 20 }]);
  });

  it('is never, when the last one arrived', async () => {
    expect(await failingSince(failures({ endedAt: TEN }), TARGET, ELEVEN)).toBeUndefined();
    expect(await failingSince(failures(), TARGET, undefined)).toBeUndefined();
  });

  it('is the first failure of all where nothing has ever arrived', async () => {
    expect(await failingSince(failures({ endedAt: TEN }, { endedAt: NINE }), TARGET, undefined)).toBe(NINE);
  });

  it('is not told by a rollback that failed: the one it was to undo tells it', async () => {
    expect(await failingSince(failures({ kind: 'rollback', endedAt: TEN }), TARGET, NINE)).toBeUndefined();
  });
});
