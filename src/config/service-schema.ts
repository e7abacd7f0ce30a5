import { z } from 'zod';
import { accessSchema } from './access-schema.ts';
import { approvalSchema } from './approval-schema.ts';
import { durationSchema, idSchema, urlSchema, wordsSchema } from './fields.ts';
import { inputsSchema } from './input-schema.ts';

const aliasesSchema = z.array(idSchema).default([]).describe('Other names that people may type.');

const rollbackOnFailure = z
  .boolean()
  .optional()
  .meta({ description: 'Go back to the last good deployment by itself when a run fails.', default: false });
const waits = z
  .enum(['shown', 'answered'])
  .optional()
  .describe(
    'When the provider itself asks a person (a manual job, a protected environment, an input): it is `shown`, or `answered` in the name of whoever countersigned here. Default: `shown`.',
  );
const timeout = durationSchema
  .optional()
  .describe('A run that has not ended after this time is stopped. Default: `60m`.');
const customerFacing = z.boolean().optional().meta({
  description: 'Customers use it: broadcasts speak of it, dialogs ask twice, a reason is required.',
  default: false,
});
const approval = approvalSchema.optional().describe('What differs from the approval of the whole file.');
const access = accessSchema.optional().describe('What differs from the access of the whole file, right by right.');
const regions = z
  .array(idSchema)
  .optional()
  .describe('Regions that are reached, so that a whole region can be locked. Default: none.');
const after = z
  .array(
    z
      .union([
        idSchema,
        z.strictObject({
          environment: idSchema.describe('Key under `environments`.'),
          bake: durationSchema.optional().describe('For how long it must have run there. Default: no time at all.'),
          artifact: z
            .literal('required')
            .optional()
            .describe(
              'The run there must have named its artifacts by digest. Default: they are compared wherever they are known.',
            ),
        }),
      ])
      .transform((one) =>
        typeof one === 'string'
          ? { environment: one, bakeMs: 0 }
          : {
              environment: one.environment,
              bakeMs: one.bake ?? 0,
              ...(one.artifact === undefined ? {} : { artifact: one.artifact }),
            },
      ),
  )
  .optional()
  .describe(
    'Environments where the very same commit, and the very same artifacts, must have succeeded before. Default: none.',
  );
const review = durationSchema
  .optional()
  .describe(
    'A hotfix, an override or a broken glass is to be looked at by somebody else within this time. Default: `3d`.',
  );

export const environmentSchema = z.strictObject({
  title: wordsSchema.optional().describe('In user words, e.g. `live for customers`. Default: the id.'),
  aliases: aliasesSchema,
  order: z
    .int()
    .min(0)
    .optional()
    .describe('Position on the road to production; lower comes first. Default: as written here.'),
  customerFacing,
  approval,
  access,
  regions,
  after,
  review,
  rollbackOnFailure,
  timeout,
  waits,
});

export type EnvironmentWish = z.output<typeof environmentSchema>;

const pipelineSchema = z.looseObject({ provider: idSchema.describe('Key under `providers`.') });

const targetSchema = z.strictObject({
  url: urlSchema.optional().describe('Where people see the running application.'),
  pipeline: z
    .looseObject({ provider: idSchema.optional().describe('Key under `providers`.') })
    .optional()
    .describe("What differs from the service's pipeline; another provider replaces it whole."),
  approval,
  access,
  regions,
  after,
  review,
  customerFacing,
  rollbackOnFailure,
  timeout,
  waits,
});
export type TargetWish = z.output<typeof targetSchema>;

const DEFAULT_MIGRATION_FILES = [
  '**/migrations/**',
  '**/migrate/**',
  '**/*.sql',
  '**/schema.prisma',
  '**/liquibase/**',
  '**/flyway/**',
];
const DEFAULT_CONFIGURATION_FILES = [
  '**/*.{yaml,yml,toml,ini,tf,properties}',
  '**/.env*',
  '**/Dockerfile*',
  '**/{config,helm,deploy,k8s}/**',
];

const flagsSchema = z
  .strictObject({
    migration: z
      .array(z.string().min(1))
      .default(DEFAULT_MIGRATION_FILES)
      .describe('Glob patterns of database migrations.'),
    configuration: z
      .array(z.string().min(1))
      .default(DEFAULT_CONFIGURATION_FILES)
      .describe('Glob patterns of files that configure something.'),
  })
  .prefault({})
  .describe('Files that deserve a second look on the approval card.');

export const serviceSchema = z.strictObject({
  title: wordsSchema.optional().describe("The product's name in plain words, for broadcasts. Default: the id."),
  aliases: aliasesSchema,
  repository: z
    .strictObject({
      source: idSchema.describe('Key under `sources`.'),
      name: z.string().min(1).describe('As the source names it: `acme/web`, or a folder.'),
    })
    .describe('Where the code is kept.'),
  defaultRef: z.string().min(1).default('main').describe('The branch that is deployed when none is named.'),
  contact: wordsSchema.optional().describe('Whom support should ask.'),
  team: wordsSchema.optional().describe('Who builds it; numbers are added up by it.'),
  pullRequestComments: z.boolean().optional().meta({
    description:
      'Comment on the pull requests that a deployment carries (at most 20), how it ended: one comment a target, edited the next time. Only with sources of type `github`.',
    default: false,
  }),
  approval,
  access,
  pipeline: pipelineSchema.optional().describe('Which pipeline brings it out, with the settings of that provider.'),
  inputs: inputsSchema.optional(),
  flags: flagsSchema,
  environments: z
    .union([z.array(idSchema), z.record(idSchema, targetSchema.nullable())])
    .refine((environments) => Object.keys(environments).length > 0, 'This names no environment. Name at least one.')
    .describe('Where it runs: a list of environments, or a mapping of environments to what is special there.'),
});
export type ServiceWish = z.output<typeof serviceSchema>;

/** The targets of a service, whether they were written as a list or as a mapping. */
export function targetWishes(service: ServiceWish): ReadonlyMap<string, TargetWish> {
  const { environments } = service;
  if (Array.isArray(environments)) return new Map(environments.map((id) => [id, {}]));
  return new Map(Object.entries(environments).map(([id, wish]) => [id, wish ?? {}]));
}
