import { z } from 'zod';
import type { RunState, StepState } from '../../../src/domain/run.ts';
import { connectionShape, secretReference } from '../../shared/github/schema.ts';

/** Settings of a provider of type `github-actions`. */
export const Provider = z
  .strictObject({
    ...connectionShape,
    webhookSecret: secretReference
      .optional()
      .describe(
        'Where the secret is kept that GitHub signs its webhooks with. Without it, runs are followed by asking alone.',
      ),
  })
  .describe('Runs workflows of GitHub Actions.');
export type Provider = z.infer<typeof Provider>;

/** What a target says beside `provider: <id>`. */
export const Settings = z
  .strictObject({
    workflow: z
      .union([z.string().min(1), z.number().int().positive()])
      .describe('File name or number of the workflow, e.g. `deploy.yml`. It needs the trigger `workflow_dispatch`.'),
    inputs: z
      .record(z.string(), z.string())
      .refine((inputs) => Object.keys(inputs).length <= 24, 'GitHub takes 25 inputs, and one is the correlation.')
      .default({})
      .describe('Further inputs of the workflow.'),
    environment: z
      .union([z.string().min(1), z.literal(false)])
      .optional()
      .describe(
        "Environment under which GitHub shows the deployment; by default the target's. `false` where the workflow tells GitHub itself.",
      ),
    correlationInput: z
      .union([z.string().min(1), z.literal(false)])
      .default('countersign_id')
      .describe('Input that carries our id, to be shown in `run-name`. `false`: the workflow has none.'),
    // No default here: one would change what waiting plans were approved with.
    artifacts: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(20)
      .optional()
      .describe(
        'Names of the artifacts of a run that count as what it built or deployed; `*` stands for any characters. Default: none are read.',
      ),
    artifactsInput: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Input that carries the artifacts to be deployed, one `name@sha256:<digest>` a line. Default: the workflow has none.',
      ),
  })
  .refine(({ inputs, artifactsInput }) => artifactsInput === undefined || Object.keys(inputs).length <= 23, {
    path: ['inputs'],
    message: 'GitHub takes 25 inputs, and two are the correlation and the artifacts.',
  });
export type Settings = z.infer<typeof Settings>;

/** GitHub's words: https://docs.github.com/rest/actions/workflow-runs and the schemas `workflow-run` and `job`. */
const OPEN_STATES: Readonly<Record<string, RunState>> = {
  queued: 'queued',
  requested: 'queued',
  pending: 'queued',
  in_progress: 'running',
  waiting: 'waiting',
};

/** Only `success` is success: a run that skipped everything or ended neutral has not shown that anything was deployed. */
const CONCLUSIONS: Readonly<Record<string, RunState>> = {
  success: 'succeeded',
  failure: 'failed',
  startup_failure: 'failed',
  neutral: 'failed',
  skipped: 'failed',
  cancelled: 'cancelled',
  timed_out: 'timed-out',
  stale: 'timed-out',
  action_required: 'waiting',
};

const STEP_CONCLUSIONS: Readonly<Record<string, StepState>> = {
  success: 'succeeded',
  neutral: 'succeeded',
  skipped: 'skipped',
};

/** One state out of GitHub's two words. A pair that nobody knows is `unknown`. */
export function runState(status: string | null, conclusion: string | null): RunState {
  const words = status === 'completed' ? CONCLUSIONS : OPEN_STATES;
  const word = (status === 'completed' ? conclusion : status) ?? '';
  return Object.hasOwn(words, word) ? (words[word] ?? 'unknown') : 'unknown';
}

/** A step whose end nobody understands counts as failed in the picture; the run's own state decides. */
export function stepState(status: string, conclusion: string | null): StepState {
  if (status === 'completed') return STEP_CONCLUSIONS[conclusion ?? ''] ?? 'failed';
  return status === 'in_progress' ? 'running' : 'waiting';
}

export const WorkflowRun = z.object({
  id: z.number(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  head_sha: z.string(),
  head_branch: z.string().nullable(),
  display_title: z.string().optional(),
  event: z.string(),
  created_at: z.string(),
  run_started_at: z.string().optional(),
  updated_at: z.string(),
  html_url: z.string(),
});
export type WorkflowRun = z.infer<typeof WorkflowRun>;

const Login = z.object({ login: z.string() });

/** A run of which nothing was known before. */
export const ForeignRun = WorkflowRun.extend({
  path: z.string(),
  workflow_id: z.number(),
  actor: Login.nullish(),
  triggering_actor: Login.nullish(),
});

export const WorkflowRuns = z.object({ workflow_runs: z.array(WorkflowRun) });

const JobStep = z.object({
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
});
export type JobStep = z.infer<typeof JobStep>;

export const Job = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  started_at: z.string().nullish(),
  completed_at: z.string().nullish(),
  html_url: z.string().nullable(),
  steps: z.array(JobStep).optional(),
});
export type Job = z.infer<typeof Job>;

export const Jobs = z.object({ total_count: z.number(), jobs: z.array(Job) });

/** The answer to a dispatch that asked for `return_run_details`. */
export const Dispatched = z.object({ workflow_run_id: z.number(), html_url: z.string() });

/** `digest` is there from upload-artifact v4 on: https://docs.github.com/rest/actions/artifacts#list-workflow-run-artifacts */
const RunArtifact = z.object({ id: z.number(), name: z.string(), digest: z.string().nullish() });
export type RunArtifact = z.infer<typeof RunArtifact>;

export const RunArtifacts = z.object({ total_count: z.number(), artifacts: z.array(RunArtifact) });

/** What a run waits for at its environments. Times in minutes. */
const PendingDeployment = z.object({
  environment: z.object({ id: z.number(), name: z.string() }),
  wait_timer: z.number(),
  wait_timer_started_at: z.string().nullable(),
  current_user_can_approve: z.boolean(),
  reviewers: z.array(z.unknown()),
});
export type PendingDeployment = z.infer<typeof PendingDeployment>;

export const PendingDeployments = z.array(PendingDeployment);

/** GitHub gives back the payload as the object or the text that it was given. */
export const Deployment = z.object({ id: z.number(), payload: z.unknown() });
export const OurPayload = z.object({ countersign: z.string() });
export const DeploymentStatus = z.object({ state: z.string(), description: z.string() });
