import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isLoggedIn, keySet, logIn, openIdMetadata } from '../fakes/teams/login.ts';
import { createConnector } from './playground-connector.ts';
import { createDialogs } from './playground-dialogs.ts';
import { frontPage } from './playground-front.ts';
import { createMender } from './playground-mend.ts';
import { parsed, type Said, type Table, tellBot } from './playground-table.ts';
import { createViews } from './playground-views.ts';

/** Where the Playground delivers. */
export const DELIVERIES = '/api/messages';
/** Where the bot finds its connector. */
export const CONNECTOR = '/connector';

export interface Desk {
  readonly server: Server;
  /** Somebody else sits down in front of the Playground. */
  sit(key: string): Promise<void>;
}

/**
 * Stands between bot and Playground: the login and the keys of Microsoft, deliveries that are signed, a connector that wants a token,
 * and the page on which people say who they are.
 */
export function createDesk(table: Table, users: readonly Table['seat'][], page: () => string): Desk {
  const views = createViews(table);
  const mender = createMender(table);
  const dialogs = createDialogs(table);
  const connector = createConnector(table, views, mender);

  async function sit(key: string): Promise<void> {
    const user = users.find((one) => one.key === key);
    if (user === undefined) throw new Error(`nobody here is ${key}`);
    table.seat = user;
    await views.turned();
  }

  async function deliver(body: string): Promise<Said> {
    const activity = mender.mended(parsed(body));
    const done = { status: 200, body: '' };
    if (activity === undefined || (await dialogs.pressed(activity))) return done;
    return tellBot(table, activity);
  }

  async function perform(method: string, url: URL, request: IncomingMessage): Promise<Said> {
    const { pathname, search, origin } = url;
    const body = await bodyOf(request);
    if (pathname === '/openid') return json(openIdMetadata(origin));
    if (pathname === '/keys') return json(keySet());
    const tenant = /^\/login\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(pathname)?.[1];
    if (tenant !== undefined) {
      const answer = logIn(table.world, tenant, new URLSearchParams(body));
      return { status: answer.status, body: JSON.stringify(answer.body) };
    }
    if (pathname === DELIVERIES) return method === 'POST' ? deliver(body) : { status: 200, body: '' };
    if (pathname.startsWith(`${CONNECTOR}/`)) {
      if (!isLoggedIn(table.world, request.headers.authorization)) return { status: 401, body: '{}' };
      return connector(method, `${pathname.slice(CONNECTOR.length)}${search}`, parsed(body));
    }
    if (pathname === '/seat' && method === 'POST') return sit(body).then(() => ({ status: 200, body: '{}' }));
    if (pathname === '/') return { status: 200, body: frontPage(users, table.seat, page()) };
    return { status: 404, body: '{}' };
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    perform(request.method ?? '', url, request).then(
      (said) => send(response, said),
      (error: unknown) => send(response, { status: 500, body: JSON.stringify({ error: String(error) }) }),
    );
  });
  return { server, sit };
}

function json(body: object): Said {
  return { status: 200, body: JSON.stringify(body) };
}

function send(response: ServerResponse, { status, body }: Said): void {
  response.writeHead(status, { 'content-type': body.startsWith('<') ? 'text/html' : 'application/json' });
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
