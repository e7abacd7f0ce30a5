import { z } from 'zod';
import { AUDIENCES, CADENCES, MOMENTS, type Subscription } from '../domain/catalog.ts';
import { KINDS } from '../domain/plan.ts';
import { idSchema, placeSchema } from './fields.ts';

/** A channel that is told, of what, and in which words. A digest that does not say how often comes every day. */
export const announceSchema = z
  .strictObject({
    place: placeSchema.describe('The chat and the channel, e.g. `slack:C0123456` or `console:#deploys`.'),
    audience: z
      .enum(AUDIENCES)
      .describe(
        '`engineering`: the whole card. `line`: one line that is edited in place. `broadcast`: plain words for everybody. `digest`: one message a day or week.',
      ),
    service: z
      .union([z.literal('*'), idSchema])
      .default('*')
      .describe('Only this service.'),
    environment: z
      .union([z.literal('*'), idSchema])
      .default('*')
      .describe('Only this environment.'),
    cadence: z
      .enum(CADENCES)
      .exactOptional()
      .describe('How often a `digest` comes: `daily` or `weekly`. Default: `daily`.'),
    moments: z
      .array(z.enum(MOMENTS))
      .min(1)
      .exactOptional()
      .describe(
        'Only these moments: `asked`, `started`, `succeeded`, `failed`; `started` stands for everything before the end.',
      ),
    refs: z.array(z.string().min(1)).min(1).exactOptional().describe('Only these branches or tags.'),
    people: z
      .array(idSchema)
      .min(1)
      .exactOptional()
      .describe('Only what these people asked for or wrote commits of; ids of people.'),
    kinds: z.array(z.enum(KINDS)).min(1).exactOptional().describe('Only these kinds: `regular`, `hotfix`, `rollback`.'),
  })
  .superRefine(({ audience, cadence }, context) => {
    if (cadence === undefined || audience === 'digest') return;
    const message = 'Only a digest comes at a cadence. Write `audience: digest`, or remove the key.';
    context.addIssue({ code: 'custom', path: ['cadence'], message });
  })
  .transform((one): Subscription => (one.audience === 'digest' ? { cadence: 'daily', ...one } : one));
