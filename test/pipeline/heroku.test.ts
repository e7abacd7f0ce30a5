import { expect } from 'vitest';
import { heroku } from '../../adapters/pipeline/heroku/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { herokuBench } from './heroku-bench.ts';

pipelineContract({
  name: 'Heroku',
  abilities: heroku.abilities,
  async open() {
    const bench = await herokuBench();
    return {
      ...bench,
      async close() {
        await bench.close();
        expect(bench.fake.violations).toEqual([]);
      },
    };
  },
  cannot: {
    cancelItself: 'Heroku says of a build that somebody else cancelled only that it failed',
    inputs: 'Heroku takes no parameters with a build; config vars would change the app for good',
    tidy: 'a build needs nothing beside it',
    waits: 'Heroku asks nobody before it builds or releases',
    staleWebhook: 'Heroku signs no time; a call that is sent again only causes another look',
  },
});
