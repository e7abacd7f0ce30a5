import { expect } from 'vitest';
import { pipelineContract } from '../contract/pipeline.ts';
import { githubBench } from './github-bench.ts';

pipelineContract({
  name: 'GitHub Actions',
  async open() {
    const bench = await githubBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
  cannot: {
    staleWebhook: 'GitHub signs no time; a call that is sent again only causes another look',
  },
});
