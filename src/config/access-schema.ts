import { z } from 'zod';
import { GUARDED_RIGHTS, RIGHT_NAMES, RIGHTS, type Right } from '../domain/access.ts';
import { idSchema } from './fields.ts';

const holdersSchema = z.union([
  z.string().regex(/^\*$/, "This is not a list of groups. Write [group], or '*' for everybody known."),
  z.array(idSchema),
]);

const shape = Object.fromEntries(RIGHT_NAMES.map((right) => [right, holdersSchema.optional().describe(words(right))]));

function words(right: Right): string {
  const otherwise = GUARDED_RIGHTS.includes(right)
    ? 'nobody'
    : 'everybody known, while nothing is said about any right';
  return `Groups whose members may ${RIGHTS[right]}. Default: ${otherwise}.`;
}

/** Who may do what. Each right that is left out is taken from the next wider place: target, service, environment, whole file. */
export const accessSchema = z.strictObject(shape as Readonly<Record<Right, z.ZodOptional<typeof holdersSchema>>>);
export type AccessWish = z.output<typeof accessSchema>;
