import { z } from 'zod';
import { secretReference } from '../../shared/github/schema.ts';
import { connectionShape } from '../../shared/gitlab/schema.ts';

/** Settings of a provider of type `gitlab`. */
export const Provider = z
  .strictObject({
    ...connectionShape,
    webhookToken: secretReference
      .optional()
      .describe('Where the secret token is kept that GitLab sends with its webhooks (`X-Gitlab-Token`).'),
    webhookSigningToken: secretReference
      .optional()
      .describe(
        'Where the signing token (`whsec_…`) of the webhook is kept; every call must then be signed. Without either token, runs are followed by asking alone.',
      ),
  })
  .describe('Runs pipelines of GitLab CI/CD.');
export type Provider = z.infer<typeof Provider>;

/** As GitLab takes them for CI/CD variables: docs.gitlab.com/ci/variables. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const variableName = z
  .string()
  .regex(VARIABLE, 'This is not a variable name. Use letters, digits and underscores.')
  .refine((name) => !/^COUNTERSIGN_/i.test(name), 'Variables that begin with COUNTERSIGN_ are set by the bot.');

/** What a target says beside `provider: <id>`. */
export const Settings = z
  .strictObject({
    variables: z.record(variableName, z.string()).default({}).describe('Further variables of the pipeline.'),
    inputs: z
      .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .describe('Inputs of the pipeline, as its `spec: inputs` declares them (GitLab 17.11 or newer).'),
    typedInputs: z
      .enum(['variables', 'inputs'])
      .default('variables')
      .describe(
        'How what people fill in reaches the pipeline: as variables in capitals (`dry-run` as `DRY_RUN`), or as inputs by the same name.',
      ),
    inputNames: z
      .record(z.string().min(1), z.string().min(1))
      .default({})
      .describe('Other names in the pipeline for what people fill in, e.g. `{ region: DEPLOY_REGION }`.'),
    ownVariables: z
      .boolean()
      .default(true)
      .describe(
        '`false` where the project lets nobody set pipeline variables: none are sent, and the tag alone identifies the run.',
      ),
    correlationInput: z
      .string()
      .min(1)
      .optional()
      .describe('Input of the pipeline that carries our id. Default: none does.'),
    artifactsInput: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Input of the pipeline that carries the artifacts to be deployed, one `name@sha256:<digest>` a line. Default: none does.',
      ),
    artifacts: z
      .strictObject({
        job: z.string().min(1).describe('Name of the job.'),
        file: z.string().min(1).describe('Path of the file among its artifacts.'),
      })
      .optional()
      .describe('Job that leaves a text file saying what was built or deployed, one `name@sha256:<digest>` a line.'),
  })
  .refine(
    ({ ownVariables, variables, typedInputs }) =>
      ownVariables || (typedInputs === 'inputs' && Object.keys(variables).length === 0),
    {
      path: ['ownVariables'],
      message: 'Without variables, set typedInputs to inputs and leave variables out.',
    },
  );
export type Settings = z.infer<typeof Settings>;

/** Times are ISO 8601. Source: docs.gitlab.com/api/pipelines. */
export const Pipeline = z.object({
  id: z.number(),
  status: z.string(),
  source: z.string().nullish(),
  ref: z.string().nullish(),
  sha: z.string(),
  web_url: z.string(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
  started_at: z.string().nullish(),
  finished_at: z.string().nullish(),
  yaml_errors: z.string().nullish(),
});
export type Pipeline = z.infer<typeof Pipeline>;
export const Pipelines = z.array(Pipeline);

export const Variables = z.array(z.object({ key: z.string(), value: z.string().nullish() }));

/** A job, or a bridge: the job that starts another pipeline. Source: docs.gitlab.com/api/jobs. */
export const Job = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  allow_failure: z.boolean().nullish(),
  failure_reason: z.string().nullish(),
  created_at: z.string().nullish(),
  started_at: z.string().nullish(),
  finished_at: z.string().nullish(),
  web_url: z.string().nullish(),
  downstream_pipeline: z.object({ status: z.string(), web_url: z.string().nullish() }).nullish(),
});
export type Job = z.infer<typeof Job>;
export const Jobs = z.array(Job);

/** Source: docs.gitlab.com/api/tags. A tag that stands for no commit has none. */
export const Tag = z.object({ name: z.string(), commit: z.object({ id: z.string() }).nullable() });

/** Source: docs.gitlab.com/api/deployments. `deployable` is the job. */
const Deployment = z.object({
  id: z.number(),
  status: z.string(),
  deployable: z.object({ id: z.number() }).nullish(),
});
export const Deployments = z.array(Deployment);
