import { expect } from 'vitest';
import { sourceContract } from '../contract/source.ts';
import { githubSourceBench } from './github-bench.ts';

sourceContract({
  name: 'GitHub',
  async open() {
    const bench = await githubSourceBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
});
