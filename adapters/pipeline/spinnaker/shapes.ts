import { z } from 'zod';

/**
 * What Gate answers; its description leaves these bodies untyped. Sources: the models of Orca, `PipelineExecution`, `StageExecution`,
 * `Trigger` and `ExpectedArtifact` (github.com/spinnaker/spinnaker, orca-api and kork-artifacts).
 */

/** Absent, null or no number: nobody knows when. Milliseconds since 1970. */
const moment = z.number().nullish();
const text = z.string().nullish();

const Artifact = z.looseObject({ type: text, name: text, reference: text, version: text });
export type Artifact = z.infer<typeof Artifact>;

const Expected = z.looseObject({ boundArtifact: Artifact.nullish().catch(null) });

/** `GenericBuild` and `GenericGitRevision` of Igor. */
const BuildInfo = z.looseObject({ scm: z.array(z.looseObject({ sha1: text, remoteUrl: text })).nullish() });

const Trigger = z.looseObject({
  correlationId: text,
  parameters: z.record(z.string(), z.unknown()).nullish(),
  resolvedExpectedArtifacts: z.array(Expected).nullish(),
  buildInfo: BuildInfo.nullish().catch(null),
});

/** What a stage knows. Pipelines write anything into it: what is not as expected counts as not there. */
const StageContext = z.looseObject({
  instructions: text.catch(null),
  comments: text.catch(null),
  judgmentStatus: text.catch(null),
  judgmentInputs: z
    .array(z.looseObject({ value: z.unknown() }))
    .nullish()
    .catch(null),
  failureMessage: text.catch(null),
  exception: z
    .looseObject({
      details: z.looseObject({ error: text.catch(null), errors: z.array(z.unknown()).nullish().catch(null) }).nullish(),
    })
    .nullish()
    .catch(null),
  'kato.tasks': z
    .array(
      z.looseObject({
        status: z.looseObject({ failed: z.boolean().nullish() }).nullish(),
        history: z.array(z.looseObject({ phase: text, status: text })).nullish(),
        exception: z.looseObject({ message: text }).nullish(),
      }),
    )
    .nullish()
    .catch(null),
  buildInfo: BuildInfo.nullish().catch(null),
  artifacts: z.array(Artifact).nullish().catch(null),
  resolvedExpectedArtifacts: z.array(Expected).nullish().catch(null),
});

const Stage = z.looseObject({
  id: z.string(),
  name: text,
  type: text,
  status: z.string(),
  startTime: moment,
  endTime: moment,
  parentStageId: text,
  syntheticStageOwner: text,
  context: StageContext.nullish().transform((context) => context ?? StageContext.parse({})),
  outputs: StageContext.nullish().transform((outputs) => outputs ?? StageContext.parse({})),
});
export type Stage = z.infer<typeof Stage>;

export const Execution = z.looseObject({
  id: z.string(),
  status: z.string(),
  startTime: moment,
  endTime: moment,
  canceledBy: text,
  cancellationReason: text,
  trigger: Trigger,
  stages: z
    .array(Stage)
    .nullish()
    .transform((stages) => stages ?? []),
});
export type Execution = z.infer<typeof Execution>;

/** Of a search only what tells the runs apart. */
export const Found = z.array(
  z.looseObject({
    id: z.string(),
    buildTime: moment,
    trigger: z.looseObject({ correlationId: text }).nullish(),
  }),
);

/** A pipeline as people set it up. */
export const PipelineConfig = z.looseObject({
  disabled: z.boolean().nullish(),
  parameterConfig: z.array(z.looseObject({ name: z.string() })).nullish(),
});

/** `{ "ref": "/pipelines/01J…" }`: what a start answers. */
export const Started = z.looseObject({ ref: z.string().regex(/^\/pipelines\/[^/]+$/) });
