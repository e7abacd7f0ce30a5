import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { Octokit } from '@octokit/rest';
import {
  type AdaptiveCardInvokeResponse,
  type AdaptiveCardInvokeValue,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  TeamsActivityHandler,
  type TurnContext,
} from 'botbuilder';
import type { BareWish } from './teams-site.ts';

// The thread of a botbuilder application that checks who calls and does the least about it; see `hosted`.
const wish = workerData as BareWish;

type Credentials = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]>;

/** botbuilder's own login (MSAL) refuses a login without TLS, so the token is fetched here, once. */
const token = await loggedIn(wish);
const credentials: Credentials = {
  isValidAppId: async (id) => id === wish.appId,
  isAuthenticationDisabled: async () => false,
  createCredentials: async () => ({
    signRequest: async (resource) => {
      resource.headers.set('authorization', `Bearer ${token}`);
      return resource;
    },
  }),
};
const adapter = new CloudAdapter(
  new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: wish.appId,
      ToChannelFromBotLoginUrl: wish.cloud.login,
      ToChannelFromBotOAuthScope: wish.cloud.scope,
      ToBotFromChannelTokenIssuer: wish.cloud.issuer,
      ToBotFromChannelOpenIdMetadataUrl: wish.cloud.openIdMetadata,
      ToBotFromEmulatorOpenIdMetadataUrl: wish.cloud.openIdMetadata,
    },
    credentials,
  ),
);

class Bare extends TeamsActivityHandler {
  private readonly start = starter(wish);

  constructor() {
    super();
    this.onMessage(async (context, next) => {
      if (wish.talks === true) await context.sendActivity('Nothing is deployed.');
      await next();
    });
  }

  protected override async onAdaptiveCardInvoke(
    context: TurnContext,
    _value: AdaptiveCardInvokeValue,
  ): Promise<AdaptiveCardInvokeResponse> {
    const { trigger } = context.activity.value as { readonly trigger?: string };
    if (trigger === 'automatic')
      return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: { ...wish.card } };
    await this.start();
    // The type of botbuilder allows objects only; Teams wants a sentence here.
    const value = 'You may not approve this.' as unknown as Record<string, unknown>;
    return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value };
  }
}

const bot = new Bare();
const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) => {
    console.error(error);
    response.destroy();
  });
});
server.listen(0, '127.0.0.1', () => {
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
parentPort?.once('message', () => {
  server.closeAllConnections();
  server.close(() => parentPort?.close());
});

/** What a web framework does around `process`. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>;
  const { headers, method = '' } = request;
  await adapter.process(
    { body, headers, method },
    {
      socket: response.socket,
      status: (code) => {
        response.statusCode = code;
      },
      header: (name, value) => response.setHeader(name, String(value)),
      send: (given: unknown) => {
        response.setHeader('content-type', 'application/json');
        response.write(typeof given === 'string' ? given : JSON.stringify(given));
      },
      end: () => response.end(),
    },
    (context) => bot.run(context),
  );
}

async function loggedIn({ appId, tenant, secret, cloud }: BareWish): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: appId, client_secret: secret, scope: cloud.scope };
  const answer = await fetch(`${cloud.login}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return ((await answer.json()) as { readonly access_token: string }).access_token;
}

/** What a press starts: the two calls that a run takes, or nothing. */
function starter({ github }: BareWish): () => Promise<void> {
  if (github === undefined) return async () => undefined;
  const { url, token: auth, sha } = github;
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const octokit = new Octokit({ auth, baseUrl: url, log });
  const place = { owner: 'acme', repo: 'web' };
  let calls = 0;
  return async () => {
    calls += 1;
    const ref = `refs/tags/bare-${calls}`;
    await octokit.rest.git.createRef({ ...place, ref, sha });
    const inputs = { countersign_id: ref };
    await octokit.rest.actions.createWorkflowDispatch({ ...place, workflow_id: 'deploy.yml', ref, inputs });
  };
}
