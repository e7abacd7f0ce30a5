import { z } from 'zod';

const guid = (what: string) =>
  z
    .string()
    .regex(
      /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
      `must be ${what}, e.g. "11112222-bbbb-3333-cccc-4444dddd5555"`,
    )
    .transform((id) => id.toLowerCase());

const reference = (example: string) =>
  z.string().regex(/^(env|file):.+/, `must be a reference such as "${example}", never the secret itself`);

const address = z.url({ protocol: /^https?$/ });

/** Where Microsoft's services answer. Sources: Bot Connector authentication, learn.microsoft.com; other clouds have other addresses. */
const cloud = z
  .strictObject({
    openIdMetadata: address
      .default('https://login.botframework.com/v1/.well-known/openidconfiguration')
      .describe('Where the keys are named that sign what Teams sends.'),
    issuer: z.string().min(1).default('https://api.botframework.com').describe('Who signs what Teams sends.'),
    login: address.default('https://login.microsoftonline.com').describe('Where our own tokens come from.'),
    scope: z.string().min(1).default('https://api.botframework.com/.default').describe('What our own tokens are for.'),
    graph: address
      .default('https://graph.microsoft.com')
      .describe('Where Microsoft Graph answers; asked for groups of Entra alone.'),
  })
  .prefault({});

/** The `teams` chat of the configuration. Half a configuration is refused, with what is missing and where to find it. */
export const teamsSettings = z
  .strictObject({
    appId: guid("the bot's application (client) id").describe("The bot's application id in Entra."),
    tenant: guid('the id of your Entra tenant').describe('Id of your Entra tenant; every other one is refused.'),
    moreTenants: z
      .array(guid('the id of a tenant'))
      .default([])
      .describe('Other tenants whose people may use the bot.'),
    secret: reference('env:TEAMS_SECRET')
      .optional()
      .describe('Where the client secret is kept: `env:NAME` or `file:path`.'),
    certificate: reference('file:/run/secrets/teams.pem')
      .optional()
      .describe('Instead of a secret: where a PEM with the private key and its certificate is kept.'),
    federated: reference('file:/var/run/secrets/azure/tokens/azure-identity-token')
      .optional()
      .describe('Instead of a secret: where the token of a federated identity is kept; read anew for every login.'),
    serviceUrls: z
      .array(address)
      .min(1)
      .default(['https://smba.trafficmanager.net/teams/'])
      .describe(
        'Addresses of the Bot Connector: nothing is sent elsewhere. The first serves places that were not heard of yet.',
      ),
    cloud: cloud.describe("Addresses of Microsoft's login and keys, for other clouds than the public one."),
  })
  .superRefine((settings, context) => {
    const given = [settings.secret, settings.certificate, settings.federated].filter((one) => one !== undefined);
    if (given.length === 1) return;
    context.addIssue({
      code: 'custom',
      path: ['secret'],
      message:
        'is needed, or instead of it "certificate" or "federated", and only one of them: create a client secret under "Certificates & secrets" of the app registration and refer to it, e.g. "env:TEAMS_SECRET"',
    });
  });

export type TeamsSettings = z.infer<typeof teamsSettings>;
