import { z } from 'zod';
import { INPUT_LIMIT, type InputSpec, inputValue } from '../domain/inputs.ts';
import { idSchema, wordsSchema } from './fields.ts';

/** GitHub takes 25 inputs, the fewest of all providers; two of them are ours. */
const MOST_INPUTS = 20;
/** A menu of Slack holds so many. */
const MOST_OPTIONS = 100;

const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
    'This is not the name of an input. Use at most 40 letters, digits, hyphens and underscores, beginning with a letter.',
  );

const common = {
  title: wordsSchema.optional().describe('As people read it. Default: the name.'),
  required: z.boolean().default(false).describe('It must be handed in, unless there is a default.'),
  environments: z.array(idSchema).min(1).optional().describe('Where it is asked for. Default: everywhere.'),
};
const value = z.string().min(1).max(INPUT_LIMIT);

const inputSchema = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('enum'),
      ...common,
      options: z.array(value).min(1).max(MOST_OPTIONS).describe('What can be chosen.'),
      default: value.optional().describe('What is chosen when nothing is said. Default: nothing.'),
    }),
    z.strictObject({
      type: z.literal('boolean'),
      ...common,
      default: z.boolean().optional().describe('What holds when nothing is said. Default: nothing.'),
    }),
    z.strictObject({
      type: z.literal('text'),
      ...common,
      pattern: z
        .string()
        .refine(isPattern, 'This is no regular expression. Mend it, e.g. `[A-Z]+-[0-9]+`.')
        .optional()
        .describe('A regular expression that the whole text must fit. Default: any text.'),
      example: value.optional().describe('What it looks like, for people.'),
      default: value.optional().describe('What is handed on when nothing is said. Default: nothing.'),
    }),
  ])
  .transform(specOf)
  .refine(
    (spec) => spec.byDefault === undefined || inputValue(spec, spec.byDefault) !== undefined,
    'The default is no value of this input. Name one that fits.',
  );

/** What people hand in with a request, by name. */
export const inputsSchema = z
  .record(nameSchema, inputSchema)
  .refine(
    (inputs) => Object.keys(inputs).length <= MOST_INPUTS,
    `These are too many inputs. At most ${MOST_INPUTS} can be handed in.`,
  )
  .describe('What people hand in with a request, beside the commit; shown on the card, and bound by the approval.');

interface Common {
  readonly title?: string | undefined;
  readonly required: boolean;
  readonly environments?: readonly string[] | undefined;
}

function specOf(
  wish: Common &
    (
      | { readonly type: 'enum'; readonly options: readonly string[]; readonly default?: string | undefined }
      | { readonly type: 'boolean'; readonly default?: boolean | undefined }
      | {
          readonly type: 'text';
          readonly pattern?: string | undefined;
          readonly example?: string | undefined;
          readonly default?: string | undefined;
        }
    ),
): InputSpec {
  const { title, required, environments } = wish;
  const shared = {
    required,
    ...(title === undefined ? {} : { title }),
    ...(environments === undefined ? {} : { environments }),
    ...(wish.default === undefined ? {} : { byDefault: String(wish.default) }),
  };
  switch (wish.type) {
    case 'enum':
      return { ...shared, type: 'enum', options: wish.options };
    case 'boolean':
      return { ...shared, type: 'boolean' };
    case 'text':
      return {
        ...shared,
        type: 'text',
        ...(wish.pattern === undefined ? {} : { pattern: wish.pattern }),
        ...(wish.example === undefined ? {} : { example: wish.example }),
      };
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
