import { z } from 'zod';
import { durationSchema, idSchema, urlSchema, wordsSchema } from './fields.ts';

const aliasesSchema = z.array(idSchema).default([]).describe('Other names that people may type.');

const ruleSchema = z.strictObject({
  group: idSchema.describe('Key under `groups`.'),
  count: z.int().min(1).max(20).default(1).describe('How many different people of the group are needed.'),
});

/** Who must countersign. Each key that is left out is taken from the next wider place: target, environment, whole file. */
export const approvalSchema = z.strictObject({
  rules: z.array(ruleSchema).optional().meta({
    description: 'Countersignatures that are needed; all rules must be met, and one person counts for one rule.',
    default: [],
  }),
  expires: durationSchema
    .optional()
    .describe('A request that nobody decided is closed after this time. Default: `60m`.'),
  checks: z.enum(['required', 'shown']).optional().meta({
    description:
      '`required`: failing or missing checks of the commit refuse the request. `shown`: they only stand on the card.',
    default: 'shown',
  }),
});
export type ApprovalWish = z.output<typeof approvalSchema>;

const rollbackOnFailure = z
  .boolean()
  .optional()
  .meta({ description: 'Go back to the last good deployment by itself when a run fails.', default: false });
const timeout = durationSchema
  .optional()
  .describe('A run that has not ended after this time is stopped. Default: `60m`.');
const customerFacing = z.boolean().optional().meta({
  description: 'Customers use it: broadcasts speak of it, dialogs ask twice, a reason is required.',
  default: false,
});
const approval = approvalSchema.optional().describe('What differs from the approval of the whole file.');

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
  rollbackOnFailure,
  timeout,
});

const pipelineSchema = z.looseObject({ provider: idSchema.describe('Key under `providers`.') });

const targetSchema = z.strictObject({
  url: urlSchema.optional().describe('Where people see the running application.'),
  pipeline: z
    .looseObject({ provider: idSchema.optional().describe('Key under `providers`.') })
    .optional()
    .describe("What differs from the service's pipeline; another provider replaces it whole."),
  approval,
  customerFacing,
  rollbackOnFailure,
  timeout,
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
  pipeline: pipelineSchema.optional().describe('Which pipeline brings it out, with the settings of that provider.'),
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
