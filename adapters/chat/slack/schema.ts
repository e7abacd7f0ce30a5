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
    mode: z
      .enum(['socket', 'http'])
      .default('socket')
      .describe('`socket` needs no public address; `http` lets Slack call `/slack/events`.'),
    botToken: secret.describe('Where the bot token (`xoxb-`) is kept: `env:NAME` or `file:path`.'),
    appToken: secret.optional().describe('Where the app-level token (`xapp-`) is kept; needed in Socket Mode.'),
    signingSecret: secret.optional().describe('Where the signing secret is kept; needed in HTTP mode.'),
    team: z
      .string()
      .regex(/^T[A-Z0-9]+$/, 'must be the id of the workspace, e.g. "T024BE7LD"')
      .describe('Id of the workspace; every other one is refused.'),
    enterprise: z
      .string()
      .regex(/^E[A-Z0-9]+$/, 'must be the id of the Enterprise organisation, e.g. "E024BE7LD"')
      .optional()
      .describe('Id of the Enterprise organisation that the workspace belongs to.'),
    apiUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("Another address of Slack's Web API, e.g. of a proxy."),
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
