import { z } from 'zod';
import type { RunState, StepState } from '../../../src/domain/run.ts';

/** Settings of a provider of type `app-runner`. */
export const Provider = z
  .strictObject({
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        "Address of the interface, e.g. a private one. Default: AWS's own of the region that the service lies in.",
      ),
  })
  .describe(
    'Deploys container images to services of AWS App Runner. Who Countersign is there the AWS SDK finds out as usual: environment, profile or the role of the machine.',
  );
export type Provider = z.infer<typeof Provider>;

/** https://docs.aws.amazon.com/apprunner/latest/api/API_UpdateService.html, narrowed to services. */
const ARN = /^arn:aws(?:-[\w]+)*:apprunner:([a-z0-9-]+):\d{12}:service\/[\w-]+\/[\w-]+$/;

/** What a target says beside `provider: <id>`. */
export const Settings = z.strictObject({
  service: z
    .string()
    .regex(ARN, 'Give the ARN of the service, as the console shows it.')
    .describe('ARN of the service. Its source must be a container image.'),
  image: z
    .string()
    .regex(
      /^[\w.:-]+(?:\/[\w.-]+)+:[\w.-]*\{sha\}[\w.-]*$/,
      'Write it as <registry>/<repository>:{sha}; without the commit in its tag an image is bound to nothing.',
    )
    .describe(
      'Image of one commit: `1234.dkr.ecr.eu-west-1.amazonaws.com/web:{sha}`, where `{sha}` stands for the commit.',
    ),
  artifact: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Name of the artifact that is this image. Where the approval binds its digest, the image is deployed by the digest and not by its tag.',
    ),
  automaticDeployments: z
    .enum(['refuse', 'leave'])
    .default('refuse')
    .describe('A service that also deploys by itself whenever its tag moves is refused, or left so.'),
});
export type Settings = z.infer<typeof Settings>;

/** The region that a service lies in. */
export function regionOf({ service }: Pick<Settings, 'service'>): string {
  return ARN.exec(service)?.[1] ?? '';
}

/** Words of operations: https://docs.aws.amazon.com/apprunner/latest/api/API_OperationSummary.html. A rollback that succeeded is a deployment that failed. */
const STATES: Readonly<Record<string, RunState>> = {
  PENDING: 'queued',
  IN_PROGRESS: 'running',
  ROLLBACK_IN_PROGRESS: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  ROLLBACK_SUCCEEDED: 'failed',
  ROLLBACK_FAILED: 'failed',
};

const STEPS: Readonly<Partial<Record<RunState, StepState>>> = {
  queued: 'waiting',
  succeeded: 'succeeded',
  failed: 'failed',
};

/** A word that nobody knows is `unknown`. */
export function stateOf(word: string | undefined): RunState {
  return word !== undefined && Object.hasOwn(STATES, word) ? (STATES[word] ?? 'unknown') : 'unknown';
}

export function stepState(state: RunState): StepState {
  return STEPS[state] ?? 'running';
}

/** What is read of an operation; the SDK promises nothing of it. */
export const Operation = z.object({
  Id: z.string().min(1),
  Type: z.string().optional(),
  Status: z.string().optional(),
  StartedAt: z.date().optional(),
  EndedAt: z.date().optional(),
  UpdatedAt: z.date().optional(),
});
export type Operation = z.infer<typeof Operation>;
