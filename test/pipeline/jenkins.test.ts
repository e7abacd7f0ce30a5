import { jenkins } from '../../adapters/pipeline/jenkins/index.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import { jenkinsBench } from './jenkins-bench.ts';

pipelineContract({
  name: 'Jenkins',
  abilities: jenkins.abilities,
  open: jenkinsBench,
  cannot: {
    tidy: 'a run leaves nothing behind that only it needed',
    signedBody:
      'the Notification plugin signs nothing: its secret is the password of its call, which only causes a look',
    staleWebhook: 'the Notification plugin signs no time; a call that is sent again only causes another look',
  },
});
