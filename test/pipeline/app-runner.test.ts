import { expect } from 'vitest';
import { appRunner } from '../../adapters/pipeline/app-runner/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { appRunnerBench } from './app-runner-bench.ts';

pipelineContract({
  name: 'AWS App Runner',
  abilities: appRunner.abilities,
  async open() {
    const bench = await appRunnerBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
  cannot: {
    stop: 'App Runner takes no operation back; see app-runner-follow.test.ts',
    cancelItself: 'App Runner knows no cancelled operation',
    otherCommit: 'before the end App Runner may still name the image before; see app-runner-follow.test.ts',
    inputs: 'App Runner takes no parameters with a deployment; variables would change the service for good',
    logs: 'they are in CloudWatch Logs; the page of the service shows them',
    tidy: 'the tag of the service is how a start is found again',
    waits: 'App Runner asks nobody',
    webhook: 'App Runner calls nobody by itself',
    signedBody: 'App Runner calls nobody by itself',
    staleWebhook: 'App Runner calls nobody by itself',
  },
});
