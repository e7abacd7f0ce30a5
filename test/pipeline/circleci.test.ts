import { expect } from 'vitest';
import { circleci } from '../../adapters/pipeline/circleci/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { circleBench } from './circleci-bench.ts';

const cannot = {
  answerWords: 'CircleCI takes no words with an approval; its own record names the user of the token',
  staleWebhook: 'the signature of CircleCI has no time; a call that is sent again only causes another look',
};

for (const kind of ['tags', 'branch'] as const) {
  pipelineContract({
    name: kind === 'tags' ? 'CircleCI with tags on GitHub' : 'CircleCI on a branch, by the GitHub App',
    abilities: circleci.abilities,
    async open() {
      const bench = await circleBench(kind);
      return {
        ...bench,
        async close() {
          await bench.close();
          expect(bench.violations()).toEqual([]);
        },
      };
    },
    cannot: kind === 'tags' ? cannot : { ...cannot, tidy: 'without a tag there is nothing to tidy' },
  });
}
