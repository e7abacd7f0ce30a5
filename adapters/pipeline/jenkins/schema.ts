import { z } from 'zod';
import type { RunState, StepState } from '../../../src/domain/run.ts';
import { secretReference } from '../../shared/github/schema.ts';

const Token = z
  .strictObject({
    user: z.string().min(1).describe('Name of the user in Jenkins.'),
    apiToken: secretReference.describe('Where an API token of that user is kept.'),
  })
  .describe('A user with an API token.');

const Password = z
  .strictObject({
    user: z.string().min(1).describe('Name of the user in Jenkins.'),
    password: secretReference.describe('Where the password is kept.'),
  })
  .describe('A user with a password, for a Jenkins that gives no API tokens. Every write then needs a crumb.');

/** Settings of a provider of type `jenkins`. */
export const Provider = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .describe('Address of Jenkins as people open it, with the folder it lies in if there is one.'),
    auth: z.union([Token, Password]).describe('Who Countersign is in Jenkins.'),
    certificateAuthority: z
      .string()
      .min(1)
      .optional()
      .describe('File with the certificates (PEM) of a private authority that the server is certified by.'),
    webhookSecret: secretReference
      .optional()
      .describe(
        'Where the secret is kept that the Notification plugin calls us with, as the password in its URL. Without it, runs are followed by asking alone.',
      ),
  })
  .describe('Runs jobs of Jenkins.');
export type Provider = z.infer<typeof Provider>;

const parameter = z.string().min(1).max(200);

/** What a target says beside `provider: <id>`. */
export const Settings = z.strictObject({
  job: z
    .string()
    .regex(/^[^/]+(\/[^/]+)*$/, 'Write the full name of the job, its folders first: team/app/deploy.')
    .describe(
      'Full name of the job as Jenkins shows it, e.g. `team/app/deploy`; a branch `feature/x` is `feature%2Fx`.',
    ),
  parameters: z.record(parameter, z.string()).default({}).describe('Further parameters of the job.'),
  idParameter: parameter.default('COUNTERSIGN_ID').describe('Parameter of the job that carries our id.'),
  commitParameter: parameter
    .default('COUNTERSIGN_SHA')
    .describe('Parameter with the commit that the job must check out.'),
  // No default below: one would change what waiting plans were approved with.
  remote: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Address of the repository as the job checks it out, where it does not end with the name that the source knows it by.',
    ),
  artifactsParameter: parameter
    .optional()
    .describe(
      'Parameter for the artifacts to be deployed, one `name@sha256:<digest>` a line. Default: the job has none.',
    ),
  artifactsFile: z
    .string()
    .regex(/^[^/]+(\/[^/]+)*$/, 'Write the path as the build archives it: out/artifacts.txt.')
    .optional()
    .describe(
      'Archived file in which a build says what it built, one `name@sha256:<digest>` a line. Default: none is read.',
    ),
  approverParameter: parameter
    .optional()
    .describe(
      'Parameter of `input` steps that is told who answered. It is also added to the description of the build.',
    ),
});
export type Settings = z.infer<typeof Settings>;

/** `hudson.model.Result`. Only `SUCCESS` is success. */
const RESULTS: Readonly<Record<string, RunState>> = {
  SUCCESS: 'succeeded',
  UNSTABLE: 'failed',
  FAILURE: 'failed',
  NOT_BUILT: 'failed',
  ABORTED: 'cancelled',
};

/** Until a build has ended its result may still change. A result that nobody knows is `unknown`. */
export function buildState({ building, result }: Pick<Build, 'building' | 'result'>): RunState {
  if (building) return 'running';
  const word = result ?? '';
  return Object.hasOwn(RESULTS, word) ? (RESULTS[word] ?? 'unknown') : 'unknown';
}

/** `StatusExt` of the plugin Pipeline: REST API. */
const STAGES: Readonly<Record<string, StepState>> = {
  SUCCESS: 'succeeded',
  IN_PROGRESS: 'running',
  PAUSED_PENDING_INPUT: 'running',
  NOT_EXECUTED: 'skipped',
  SKIPPED: 'skipped',
};

/** A stage in a state that nobody knows counts as failed in the picture; the build's own result decides. */
export function stageState(status: string): StepState {
  return Object.hasOwn(STAGES, status) ? (STAGES[status] ?? 'failed') : 'failed';
}

/** Jenkins shows every action of a build, most of them empty to us, and some as null. */
const Action = z.object({
  parameters: z.array(z.object({ name: z.string(), value: z.unknown() })).optional(),
  lastBuiltRevision: z.object({ SHA1: z.string() }).nullish(),
  remoteUrls: z.array(z.string()).optional(),
});
export type Action = z.infer<typeof Action>;
const actions = z
  .array(Action.nullable())
  .default([])
  .transform((all) => all.filter((one) => one !== null));

export const QueueItem = z.object({
  id: z.number(),
  blocked: z.boolean().optional(),
  buildable: z.boolean().optional(),
  stuck: z.boolean().optional(),
  why: z.string().nullish(),
  cancelled: z.boolean().optional(),
  executable: z.object({ number: z.number() }).nullish(),
  actions,
});
export type QueueItem = z.infer<typeof QueueItem>;
export const QueueItems = z.object({ items: z.array(QueueItem) });

/** A build in a list; `queueId` is the number its queue item had. */
const Listed = z.object({ number: z.number(), queueId: z.number().optional(), actions });
export const Builds = z.object({ builds: z.array(Listed) });
export const AllBuilds = z.object({ allBuilds: z.array(Listed) });

export const Build = z.object({
  _class: z.string().optional(),
  number: z.number(),
  building: z.boolean(),
  result: z.string().nullable(),
  /** Milliseconds since 1970, and how many it took. */
  timestamp: z.number(),
  duration: z.number(),
  description: z.string().nullish(),
  actions,
});
export type Build = z.infer<typeof Build>;

/** `type` is the class of the definition; only a choice has `choices`. */
const Definition = z.object({ name: z.string(), type: z.string().optional(), choices: z.array(z.string()).optional() });
export const Job = z.object({
  buildable: z.boolean().optional(),
  property: z.array(z.object({ parameterDefinitions: z.array(Definition).optional() }).nullable()).default([]),
});
export type Job = z.infer<typeof Job>;

/** github.com/jenkinsci/pipeline-stage-view-plugin, rest-api: `StageNodeExt`, `RunExt`, `PendingInputActionsExt`, `InputParameterDefExt`. */
const Stage = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  startTimeMillis: z.number(),
  durationMillis: z.number(),
  error: z.object({ message: z.string().nullish() }).nullish(),
});
export type Stage = z.infer<typeof Stage>;
export const Stages = z.object({ status: z.string(), stages: z.array(Stage) });

const Input = z.object({
  type: z.string(),
  name: z.string(),
  definition: z
    .object({ defaultVal: z.unknown(), choices: z.array(z.string()).optional() })
    .partial()
    .optional(),
});
export type Input = z.infer<typeof Input>;
export const Pending = z.object({ id: z.string(), message: z.string(), inputs: z.array(Input).nullish() });
export type Pending = z.infer<typeof Pending>;

export const Crumb = z.object({ crumb: z.string(), crumbRequestField: z.string() });

/** What the Notification plugin sends (its `JobState` and `BuildState`, in lower case with underscores). */
export const Notification = z.object({
  build: z.object({ queue_id: z.number(), phase: z.string(), timestamp: z.union([z.string(), z.number()]).optional() }),
});
