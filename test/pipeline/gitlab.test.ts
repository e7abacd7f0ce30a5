import { expect } from 'vitest';
import { gitlabPipeline } from '../../adapters/pipeline/gitlab/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { gitlabBench } from './gitlab-bench.ts';

async function opened(hook: 'signed' | 'token') {
  const bench = await gitlabBench(hook);
  return {
    ...bench,
    async close() {
      await bench.close();
      expect(bench.fake.violations).toEqual([]);
    },
  };
}

pipelineContract({
  name: 'GitLab CI/CD with signed webhooks',
  abilities: gitlabPipeline.abilities,
  open: () => opened('signed'),
});

pipelineContract({
  name: 'GitLab CI/CD with a plain token',
  abilities: gitlabPipeline.abilities,
  open: () => opened('token'),
  cannot: {
    signedBody: 'the token says who calls, not what: a call only causes a look',
    staleWebhook: 'a call with a token has no time; one that is sent again only causes another look',
  },
});
