import { z } from 'zod';

const secret = z
  .string()
  .regex(
    /^(env|file):.+/,
    'must be a reference such as "env:SLACK_BOT_TOKEN" or "file:/run/secrets/slack", never the secret itself',
  );

/** The `slack` chat of the configuration. Half a configuration is refused, with what is missing and where to find it. */
export const slackSettings = z
  .strictObject({
    mode: z.enum(['socket', 'http']).default('socket'),
    botToken: secret,
    appToken: secret.optional(),
    signingSecret: secret.optional(),
    team: z.string().regex(/^T[A-Z0-9]+$/, 'must be the id of the workspace, e.g. "T024BE7LD"'),
    enterprise: z
      .string()
      .regex(/^E[A-Z0-9]+$/, 'must be the id of the Enterprise organisation, e.g. "E024BE7LD"')
      .optional(),
    apiUrl: z.url({ protocol: /^https?$/ }).optional(),
  })
  .superRefine((settings, context) => {
    if (settings.mode === 'socket' && settings.appToken === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['appToken'],
        message:
          'is needed in Socket Mode: create an app-level token with the scope connections:write under "Basic Information" and refer to it, e.g. "env:SLACK_APP_TOKEN"; or set mode to "http"',
      });
    }
    if (settings.mode === 'http' && settings.signingSecret === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['signingSecret'],
        message:
          'is needed in HTTP mode: copy it from "Basic Information" of the Slack app and refer to it, e.g. "env:SLACK_SIGNING_SECRET"; or set mode to "socket"',
      });
    }
  });

export type SlackSettings = z.infer<typeof slackSettings>;
