import { expect } from 'vitest';
import { sourceContract } from '../contract/source.ts';
import { gitlabSourceBench } from './gitlab-bench.ts';

sourceContract({
  name: 'GitLab',
  async open() {
    const bench = await gitlabSourceBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
});
