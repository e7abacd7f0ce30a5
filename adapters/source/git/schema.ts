import { z } from 'zod';

/** Settings of a source of type `git`. */
export const GitSettings = z
  .strictObject({
    folder: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder that relative repository names are read from; by default the folder Countersign is started in.',
      ),
  })
  .describe('Git repositories on this machine.');
export type GitSettings = z.infer<typeof GitSettings>;
