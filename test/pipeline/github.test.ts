import { expect } from 'vitest';
import { githubActions } from '../../adapters/pipeline/github-actions/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { githubBench } from './github-bench.ts';

pipelineContract({
  name: 'GitHub Actions',
  abilities: githubActions.abilities,
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
