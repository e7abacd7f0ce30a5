import { expect } from 'vitest';
import { gitlabPipeline } from '../../adapters/pipeline/gitlab/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { gitlabBench } from './gitlab-bench.ts';

pipelineContract({
  name: 'GitLab CI/CD',
  abilities: gitlabPipeline.abilities,
  async open() {
    const bench = await gitlabBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
});
