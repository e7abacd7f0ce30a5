import { z } from 'zod';
import { KINDS } from '../domain/plan.ts';
import { durationSchema, idSchema } from './fields.ts';

const ruleSchema = z.strictObject({
  group: idSchema.describe('Key under `groups`.'),
  count: z.int().min(1).max(20).default(1).describe('How many different people of the group are needed.'),
});

const conditionSchema = z
  .strictObject({
    files: z
      .array(z.string().min(1))
      .min(1)
      .exactOptional()
      .describe('A changed file fits one of these glob patterns, e.g. `db/**`.'),
    migrations: z.literal(true).exactOptional().describe('A database migration is among the changes.'),
    first: z.literal(true).exactOptional().describe('Nothing was ever deployed there.'),
    commits: z.int().min(1).exactOptional().describe('There are at least so many commits.'),
    // A rollback brings back what was approved before; it asks nobody.
    kinds: z
      .array(z.enum(KINDS).exclude(['rollback']))
      .min(1)
      .exactOptional()
      .describe('It is a deployment of one of these kinds: `regular`, `hotfix`.'),
  })
  .refine(
    (when) => Object.keys(when).length > 0,
    'This names no condition. Name one of files, migrations, first, commits, kinds, or write the rules under `rules`.',
  );

const furtherSchema = z.strictObject({
  when: conditionSchema.describe('When they are asked for; everything that is named must hold.'),
  rules: z.array(ruleSchema).min(1).describe('Countersignatures that are then needed too.'),
});

const escalationSchema = z.strictObject({
  after: durationSchema.describe('How long enough countersignatures may be missing.'),
  to: idSchema.describe('Key under `groups`: whose members may then countersign instead.'),
});

/** Who must countersign. Each key that is left out is taken from the next wider place: target, service, environment, whole file. */
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
  further: z
    .array(furtherSchema)
    .optional()
    .describe(
      'Rules that come on top for what is risky. They are added up over file, environment, service and target, never replaced.',
    ),
  codeOwners: z
    .literal(true)
    .optional()
    .describe(
      'The owners of every changed file must countersign too, as the CODEOWNERS file says. Once said for a wider place, it holds in all narrower ones.',
    ),
  escalations: z
    .array(escalationSchema)
    .optional()
    .describe('Who may countersign instead when a group is silent; `[]`: nobody.'),
  breakGlass: z
    .array(idSchema)
    .optional()
    .describe('People who may go on without a countersignature in an emergency; `[]`: nobody. Default: nobody.'),
});
export type ApprovalWish = z.output<typeof approvalSchema>;
