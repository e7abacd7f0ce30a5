import { z } from 'zod';
import { secretReference } from '../../shared/github/schema.ts';

const Token = z
  .strictObject({ token: secretReference.describe('Where the bearer token is kept.') })
  .describe('A token that Gate takes as `Authorization: Bearer`.');

const Password = z
  .strictObject({
    user: z.string().min(1).describe('Name of the user.'),
    password: secretReference.describe('Where the password is kept.'),
  })
  .describe('A user and a password.');

const Certificate = z
  .strictObject({
    certificate: secretReference.describe('Where the certificate (PEM) is kept.'),
    key: secretReference.describe('Where its private key (PEM) is kept.'),
  })
  .describe('An X.509 client certificate; Gate takes those on a port of its own.');

/** Settings of a provider of type `spinnaker`. */
export const Provider = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Address of Gate, the API of Spinnaker.'),
    auth: z.union([Token, Password, Certificate]).describe('Who Countersign is at Gate.'),
    user: z
      .string()
      .min(1)
      .optional()
      .describe('Sent as `X-SPINNAKER-USER`, where Gate believes that header (`header.enabled`).'),
    deckUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of Deck, the pages of Spinnaker. With it, runs and their steps are links.'),
    certificateAuthority: z
      .string()
      .min(1)
      .optional()
      .describe('File (PEM) with the certificates of a private authority that signed the certificate of this Gate.'),
    webhookSecret: secretReference
      .optional()
      .describe(
        'Where the secret is kept that Echo sends in a header with every event. Without it, runs are followed by asking alone.',
      ),
    webhookHeader: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, 'Write the name of a header, for example X-Countersign-Token.')
      .default('X-Countersign-Token')
      .describe('Header in which Echo sends that secret.'),
  })
  .describe('Runs pipelines of Spinnaker.');
export type Provider = z.infer<typeof Provider>;

const name = z.string().min(1).max(200);

/** The artifact that binds a run to a commit: https://spinnaker.io/docs/reference/artifacts/types/git-repo/ */
const GitArtifact = z
  .strictObject({
    type: name.default('git/repo').describe('Type of the artifact, e.g. `git/repo` or `github/file`.'),
    reference: z.string().min(1).describe('Address of the repository or file, as the pipeline expects it.'),
    name: name.optional().describe('Name of the artifact, where the pipeline expects one by name.'),
    account: name.optional().describe('Artifact account to fetch it with.'),
  })
  .describe('The Git artifact that the pipeline expects; its version is the approved commit.');

/** What a target says beside `provider: <id>`. */
export const Settings = z
  .strictObject({
    application: name.describe('Name of the application.'),
    pipeline: name.describe('Name of the pipeline.'),
    parameters: z.record(name, z.string()).default({}).describe('Further parameters of the pipeline.'),
    commitParameter: name.default('countersign_sha').describe('Parameter that carries the approved commit.'),
    commitFrom: z
      .enum(['parameter', 'git-artifact', 'build'])
      .default('parameter')
      .describe(
        'Where the commit of a run is read back from: the `parameter` it was given, which proves no more than that; the `git-artifact` that it resolved; or the CI `build` that it took or made.',
      ),
    // No default below: one would change what waiting plans were approved with.
    gitArtifact: GitArtifact.optional(),
    remote: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Address of the repository as CI builds name it, where it does not end with the name that the source knows it by.',
      ),
    images: z
      .literal(true)
      .optional()
      .describe(
        'Container images are the artifacts: those to be deployed are handed over as `docker/image`, those that a run resolves or builds count, if they name their digest.',
      ),
    judgmentInput: name
      .optional()
      .describe(
        'What to choose when a manual judgment that offers choices is approved. Default: it is answered there.',
      ),
    rollback: z
      .strictObject({ pipeline: name.describe('Name of the pipeline, in the same application.') })
      .optional()
      .describe('Another pipeline for the way back, given the former commit. Default: the same pipeline.'),
  })
  .refine(({ commitFrom, gitArtifact }) => commitFrom !== 'git-artifact' || gitArtifact !== undefined, {
    path: ['gitArtifact'],
    message: 'Say which Git artifact the commit is read from.',
  });
export type Settings = z.infer<typeof Settings>;
