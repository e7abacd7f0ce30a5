import { expect } from 'vitest';
import { spinnaker } from '../../adapters/pipeline/spinnaker/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { spinnakerBench } from './spinnaker-bench.ts';

pipelineContract({
  name: 'Spinnaker',
  abilities: spinnaker.abilities,
  async open() {
    const bench = await spinnakerBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
  cannot: {
    tidy: 'a run leaves nothing behind that only it needed',
    signedBody: 'Echo signs nothing: it sends the secret itself in a header, and its call only causes a look',
    staleWebhook: 'Echo signs no time; a call that is sent again only causes another look',
  },
});
