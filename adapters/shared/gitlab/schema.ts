import { z } from 'zod';
import { secretReference } from '../github/schema.ts';

/** How to reach a GitLab and as whom. */
export const connectionShape = {
  url: z
    .url({ protocol: /^https?$/ })
    .default('https://gitlab.com')
    .describe('Address of GitLab as people open it, with the folder it lies in if there is one.'),
  token: secretReference.describe('Where the access token is kept: of a project, a group or a service account.'),
  certificateAuthority: z
    .string()
    .min(1)
    .optional()
    .describe('File (PEM) with the certificates of a private authority that signed the certificate of this GitLab.'),
};

export const Connection = z.strictObject(connectionShape).describe('Projects on GitLab.');
export type Connection = z.infer<typeof Connection>;

/** A user as GitLab names one in passing. Source: docs.gitlab.com/api/users. */
export const User = z.object({ username: z.string(), name: z.string().nullish(), state: z.string().nullish() });
export type User = z.infer<typeof User>;

/** The envelope of every GraphQL answer; errors come with status 200. Source: docs.gitlab.com/api/graphql. */
export const GraphAnswer = z.looseObject({
  data: z.unknown().optional(),
  errors: z.array(z.looseObject({ message: z.string() })).optional(),
});
