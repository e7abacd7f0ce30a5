import { fileArchive } from './archive/file/index.ts';
import { s3Archive } from './archive/s3/index.ts';
import { consoleChat } from './chat/console/index.ts';
import { slack } from './chat/slack/index.ts';
import { teams } from './chat/teams/index.ts';
import { appRunner } from './pipeline/app-runner/index.ts';
import { argoCd } from './pipeline/argo-cd/index.ts';
import { circleci } from './pipeline/circleci/index.ts';
import { githubActions } from './pipeline/github-actions/index.ts';
import { gitlabPipeline } from './pipeline/gitlab/index.ts';
import { heroku } from './pipeline/heroku/index.ts';
import { jenkins } from './pipeline/jenkins/index.ts';
import { localPipeline } from './pipeline/local/index.ts';
import { spinnaker } from './pipeline/spinnaker/index.ts';
import type { ArchiveAdapter, ChatAdapter, PipelineAdapter, SourceAdapter } from './shared/adapter.ts';
import { gitSource } from './source/git/index.ts';
import { githubSource } from './source/github/index.ts';
import { gitlabSource } from './source/gitlab/index.ts';

/** Chat platforms, one line each. */
export const chatAdapters: ReadonlyMap<string, ChatAdapter> = new Map([
  ['console', consoleChat as ChatAdapter],
  ['slack', slack as ChatAdapter],
  ['teams', teams as ChatAdapter],
]);

/** Pipeline providers, one line each. */
export const pipelineAdapters: ReadonlyMap<string, PipelineAdapter> = new Map([
  ['app-runner', appRunner as PipelineAdapter],
  ['argo-cd', argoCd as PipelineAdapter],
  ['circleci', circleci as PipelineAdapter],
  ['github-actions', githubActions as PipelineAdapter],
  ['gitlab', gitlabPipeline as PipelineAdapter],
  ['heroku', heroku as PipelineAdapter],
  ['jenkins', jenkins as PipelineAdapter],
  ['local', localPipeline as PipelineAdapter],
  ['spinnaker', spinnaker as PipelineAdapter],
]);

/** Where code is kept, one line each. */
export const sourceAdapters: ReadonlyMap<string, SourceAdapter> = new Map([
  ['git', gitSource as SourceAdapter],
  ['github', githubSource as SourceAdapter],
  ['gitlab', gitlabSource as SourceAdapter],
]);

/** Places that keep copies as they are, one line each. */
export const archiveAdapters: ReadonlyMap<string, ArchiveAdapter> = new Map([
  ['file', fileArchive as ArchiveAdapter],
  ['s3', s3Archive as ArchiveAdapter],
]);
