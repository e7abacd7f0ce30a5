import { z } from 'zod';
import type { RunState, StepState } from '../../../src/domain/run.ts';
import { connectionShape, secretReference } from '../../shared/github/schema.ts';

/** Settings of a provider of type `heroku`. */
export const Provider = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .default('https://api.heroku.com')
      .describe('Address of the Platform API.'),
    token: secretReference.describe(
      'Where an OAuth token is kept, best of a user of its own, with the scope `write-protected`.',
    ),
    webhookSecret: secretReference
      .optional()
      .describe(
        'Where the secret is kept that Heroku signs its webhooks with. Without it, runs are followed by asking alone.',
      ),
    archives: z
      .strictObject({ type: z.literal('github').describe('Where the code is.'), ...connectionShape })
      .optional()
      .describe(
        'Where the archive of the approved commit comes from. Heroku is given an address that is good for some minutes, not this login. Without it each target needs an `archive`, or `promoteFrom`.',
      ),
  })
  .describe('Builds and releases apps on Heroku.');
export type Provider = z.infer<typeof Provider>;

const appName = z
  .string()
  .regex(
    /^(?:[a-z][a-z0-9-]{1,28}[a-z0-9]|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    'Name the app as Heroku does.',
  );

/** What a target says beside `provider: <id>`. */
export const Settings = z
  .strictObject({
    app: appName.describe('Name or id of the app that is deployed to.'),
    archive: z
      .string()
      .regex(/^https?:\/\/.+/, 'Give the address of the archive, with {sha} in it.')
      .refine((text) => text.includes('{sha}'), 'Write {sha} where the commit stands; else it would not be bound.')
      .optional()
      .describe(
        'Address of the archive (`.tar.gz`) of one commit, for Heroku to fetch: `{sha}` stands for the commit, `{repository}` for the repository. Default: the archive of the provider.',
      ),
    promoteFrom: appName
      .optional()
      .describe(
        'App of the environment before. What it built of the approved commit is released here as it is, and nothing is built anew.',
      ),
  })
  .refine(({ archive, promoteFrom }) => archive === undefined || promoteFrom === undefined, {
    path: ['archive'],
    message: 'What is promoted is not built: give an archive or promoteFrom.',
  });
export type Settings = z.infer<typeof Settings>;

/** Words of builds and releases: https://devcenter.heroku.com/articles/platform-api-reference#build and #release */
const STATES: Readonly<Record<string, RunState>> = { pending: 'running', failed: 'failed', succeeded: 'succeeded' };
const STEPS: Readonly<Record<string, StepState>> = { pending: 'running', failed: 'failed', succeeded: 'succeeded' };

/** A word that nobody knows is `unknown`. */
export function stateOf(word: string): RunState {
  return Object.hasOwn(STATES, word) ? (STATES[word] ?? 'unknown') : 'unknown';
}

/** A step in a state that nobody knows is shown as still going on; the run's own state decides. */
export function stepState(word: string): StepState {
  return Object.hasOwn(STEPS, word) ? (STEPS[word] ?? 'running') : 'running';
}

const Named = z.object({ id: z.string().min(1) });

export const Build = z.object({
  id: z.string().min(1),
  status: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  output_stream_url: z.string().nullish(),
  release: Named.nullish(),
  slug: Named.nullish(),
  source_blob: z.object({ version: z.string().nullish() }),
});
export type Build = z.infer<typeof Build>;

/** An old release, and one of another kind of app, has no slug. */
export const Release = z.object({
  id: z.string().min(1),
  status: z.string(),
  version: z.number(),
  description: z.string().nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  output_stream_url: z.string().nullish(),
  slug: Named.nullish(),
});
export type Release = z.infer<typeof Release>;

export const Slug = z.object({ id: z.string().min(1), commit: z.string().nullish() });

export const Dyno = z.object({
  id: z.string().min(1),
  type: z.string(),
  release: Named.nullish(),
});

/** The commit at the head of a version or of a slug's commit: what follows it is ours. */
export function commitIn(text: string | null | undefined): string | undefined {
  return /^[0-9a-f]{40}(?=\s|$)/.exec(text ?? '')?.[0];
}

/** The word by which a build or a release is found again. */
export function markOf(correlation: string): string {
  return `countersign:${correlation}`;
}

export function carries(text: string | null | undefined, correlation: string): boolean {
  return (text ?? '').split(/\s+/).includes(markOf(correlation));
}
