import { expect, it } from 'vitest';
import { argoCd } from '../../adapters/pipeline/argo-cd/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { isDescribed } from '../fakes/argo-cd/openapi.ts';
import { argoBench } from './argo-cd-bench.ts';

pipelineContract({
  name: 'Argo CD',
  abilities: argoCd.abilities,
  async open() {
    const bench = await argoBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
  cannot: {
    inputs: 'Argo CD takes no parameters with a sync; a request with inputs is refused',
    signedBody: 'Argo CD Notifications sign nothing; whoever knows the secret causes no more than a look',
    staleWebhook: 'Argo CD Notifications sign no time; a call that is sent again only causes another look',
  },
});

it.skipIf(!isDescribed)(
  "holds every call against Argo CD's description (skipped where ../shared/specs/argocd is not there)",
  async () => {
    const bench = await argoBench();
    const wish = bench.wish();

    await bench.pipeline.start(wish);
    await fetch(`${bench.fake.url}/api/v1/applications/shop-1/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bench.fake.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ revisoin: 'main' }),
    });
    await bench.close();

    expect(bench.fake.violations).toEqual([expect.stringContaining('must NOT have additional properties')]);
  },
);
