import { z } from 'zod';
import type { RunState, StepState } from '../../../src/domain/run.ts';
import { connectionShape, secretReference } from '../../shared/github/schema.ts';

const address = z.url({ protocol: /^https?$/ });

/** Settings of a provider of type `circleci`. */
export const Provider = z
  .strictObject({
    url: address.default('https://circleci.com').describe('Address of CircleCI; of your own for CircleCI server.'),
    webUrl: address
      .optional()
      .describe('Address of its pages, for links. Default: `url` with `app.` before its name, as CircleCI does it.'),
    token: secretReference.describe(
      'Where a personal API token is kept, best of a user of its own: version 2 of the API takes no project tokens.',
    ),
    certificateAuthority: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File (PEM) with the certificates of a private authority that signed the certificate of this CircleCI.',
      ),
    webhookSecret: secretReference
      .optional()
      .describe(
        'Where the secret is kept that CircleCI signs its webhooks with. Without it, runs are followed by asking alone.',
      ),
    tags: z
      .strictObject({ type: z.literal('github').describe('Where the code is.'), ...connectionShape })
      .optional()
      .describe(
        'Where the short-lived tag is made that pins a run to the approved commit. Without it a branch is run, and stopped when its newest commit is another one.',
      ),
  })
  .describe('Runs pipelines of CircleCI.');
export type Provider = z.infer<typeof Provider>;

const name = z.string().min(1).max(128);

/** What a target says beside `provider: <id>`. */
export const Settings = z.strictObject({
  project: z
    .string()
    .regex(/^[\w-]+(?:\/[\w.-]+){2}$/, 'Write it as CircleCI does: gh/acme/web, or circleci/<organisation>/<project>.')
    .optional()
    .describe('Slug of the project, as its settings show it. Default: `gh/` and the repository of the service.'),
  definition: z
    .uuid()
    .optional()
    .describe(
      'Id of the pipeline definition to run, as Project Settings show it; projects of the GitHub App need one.',
    ),
  branch: z
    .string()
    .min(1)
    .optional()
    .describe('Branch to run where the provider makes no tags; it must then stand at the approved commit.'),
  configBranch: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Branch to take the configuration from, where the definition keeps it in another repository than the code.',
    ),
  workflow: z
    .string()
    .min(1)
    .optional()
    .describe('The one workflow that counts. Default: all of the pipeline must succeed.'),
  parameters: z
    .record(name, z.union([z.string(), z.number().int(), z.boolean()]))
    .refine((all) => Object.keys(all).length <= 90, 'CircleCI takes 100 parameters, of which some are ours.')
    .default({})
    .describe('Further parameters of the pipeline.'),
  types: z
    .record(name, z.enum(['boolean', 'integer']))
    .default({})
    .describe('Typed inputs that the project declares as `boolean` or `integer`; all others are handed on as text.'),
  correlationParameter: z
    .union([name, z.literal(false)])
    .default('countersign_id')
    .describe('Parameter that carries our id. `false`: the pipeline has none; then the provider must make tags.'),
  artifactsParameter: name
    .optional()
    .describe(
      'Parameter that carries the artifacts to be deployed, one `name@sha256:<digest>` a line, 512 characters at most. Default: the pipeline has none.',
    ),
});
export type Settings = z.infer<typeof Settings>;

/** CircleCI's words for a workflow: https://circleci.com/docs/workflows/#states and the field `status` in its API description. */
const WORKFLOW_STATES: Readonly<Record<string, RunState>> = {
  running: 'running',
  failing: 'running',
  on_hold: 'waiting',
  success: 'succeeded',
  failed: 'failed',
  error: 'failed',
  unauthorized: 'failed',
  // What did not run has not shown that anything was deployed.
  not_run: 'failed',
  canceled: 'cancelled',
};

/** CircleCI's words for a job, from the same description. */
const JOB_STATES: Readonly<Record<string, StepState>> = {
  queued: 'waiting',
  not_running: 'waiting',
  blocked: 'waiting',
  on_hold: 'waiting',
  running: 'running',
  success: 'succeeded',
  not_run: 'skipped',
  retried: 'skipped',
  failed: 'failed',
  infrastructure_fail: 'failed',
  timedout: 'failed',
  'terminated-unknown': 'failed',
  unauthorized: 'failed',
  canceled: 'failed',
};

/** States of a pipeline of which workflows may still come by themselves, and those in which no more will. */
const PIPELINE_STATES = ['pending', 'setup-pending', 'setup', 'created', 'errored'];

/** A workflow in a word that nobody knows is `unknown`. */
export function workflowState(status: string | null): RunState {
  return Object.hasOwn(WORKFLOW_STATES, status ?? '') ? (WORKFLOW_STATES[status ?? ''] ?? 'unknown') : 'unknown';
}

/** A job in a word that nobody knows counts as waiting in the picture; the workflow's own state decides. */
export function jobState(status: string | null): StepState {
  return Object.hasOwn(JOB_STATES, status ?? '') ? (JOB_STATES[status ?? ''] ?? 'waiting') : 'waiting';
}

export function isPipelineState(state: string | null): boolean {
  return PIPELINE_STATES.includes(state ?? '');
}

const text = z.string().nullish();

/**
 * Projects of the older GitHub and Bitbucket integrations have `vcs`, those of the GitHub App `trigger_parameters.git`
 * (https://circleci.com/docs/reference/outbound-webhooks-reference, and CircleCI's own command line reads both).
 */
export const Pipeline = z.object({
  id: z.string(),
  number: z.number().nullish(),
  state: z.string().nullable(),
  created_at: z.string(),
  updated_at: text,
  project_slug: text,
  errors: z.array(z.object({ type: text, message: text })).nullish(),
  trigger: z.object({ type: text }).nullish(),
  vcs: z.object({ revision: text, branch: text, tag: text }).nullish(),
  trigger_parameters: z
    .looseObject({ git: z.looseObject({ checkout_sha: text, branch: text, tag: text }).optional() })
    .nullish(),
});
export type Pipeline = z.infer<typeof Pipeline>;

export const Workflow = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string().nullable(),
  tag: text,
  created_at: z.string(),
  stopped_at: text,
});
export type Workflow = z.infer<typeof Workflow>;

export const Job = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string().nullable(),
  type: z.string().nullable(),
  job_number: z.number().nullish(),
  started_at: text,
  stopped_at: text,
  approval_request_id: text,
});
export type Job = z.infer<typeof Job>;

/** A page of a list. */
export function pageOf<Item>(item: z.ZodType<Item>) {
  return z.object({ items: z.array(item), next_page_token: text });
}

export const Config = z.object({ compiled: text, 'compiled-setup-config': text });

/** The answer to a start: a pipeline, or why there is none. */
export const Started = z.object({ id: z.string().optional(), number: z.number().optional(), message: text });

/** One job in version 1.1 of the API, which alone names where its output lies: https://circleci.com/docs/api/v1/#single-job */
export const JobOutput = z.object({
  steps: z.array(
    z.object({
      name: text,
      actions: z.array(z.object({ name: text, status: text, failed: z.boolean().nullish(), output_url: text })),
    }),
  ),
});
export type JobOutput = z.infer<typeof JobOutput>;

/** What lies at an `output_url`. */
export const OutputLines = z.array(z.object({ message: text }));
