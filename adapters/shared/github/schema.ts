import { z } from 'zod';

const secretReference = z
  .string()
  .regex(
    /^(env|file):.+/,
    'Name a secret by reference, for example env:GITHUB_TOKEN; the value itself never stands here.',
  );

const Token = z
  .strictObject({ token: secretReference.describe('Where the token is kept.') })
  .describe('A token, classic or fine-grained.');

const App = z
  .strictObject({
    appId: z.union([z.string().min(1), z.number().int().positive()]).describe('Number of the App.'),
    installationId: z.number().int().positive().describe('Number of its installation in the organisation.'),
    privateKey: secretReference.describe('Where the private key of the App is kept.'),
  })
  .describe('A GitHub App.');

/** How to reach GitHub and as whom: a GitHub App (its installation) or a token. `apiUrl` names a GitHub Enterprise Server. */
export const connectionShape = {
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://api.github.com')
    .describe('Address of the API. A GitHub Enterprise Server has it under `/api/v3`.'),
  auth: z.union([App, Token]).describe('Who Countersign is on GitHub.'),
  certificateAuthority: z
    .string()
    .min(1)
    .optional()
    .describe('File (PEM) with the certificates of a private authority that signed the certificate of this server.'),
};

export const Connection = z.strictObject(connectionShape).describe('Repositories on GitHub.');
export type Connection = z.infer<typeof Connection>;

/** Settings that name a secret use the same words everywhere. */
export { secretReference };

/** What GitHub says when it refuses: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export const Complaint = z.looseObject({
  message: z.string().optional(),
  errors: z
    .array(z.union([z.string(), z.looseObject({ message: z.string().optional(), code: z.string().optional() })]))
    .optional(),
});

/** The envelope of every GraphQL answer; errors come with status 200. */
export const GraphAnswer = z.looseObject({
  data: z.unknown().optional(),
  errors: z.array(z.looseObject({ type: z.string().optional(), message: z.string() })).optional(),
});

/** A user as the REST API names one in passing. */
export const User = z.object({ login: z.string(), type: z.string().optional() });
export type User = z.infer<typeof User>;
