import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Route } from '../../src/ports/http.ts';

export interface Served {
  /** Without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves routes on loopback, as the one web server would. Longer paths come first. */
export async function serveRoutes(routes: readonly Route[], port = 0): Promise<Served> {
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const fits = ({ path }: Route): boolean =>
      path.endsWith('*') ? pathname.startsWith(path.slice(0, -1)) : pathname === path;
    const route = routes.find((one) => 'handle' in one && one.method === request.method && fits(one));
    return route !== undefined && 'handle' in route
      ? route.handle(request)
      : new Response('Not found.\n', { status: 404 });
  };
  return new Promise((resolve) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1' }, (address: AddressInfo) => {
      const close = () =>
        new Promise<void>((done) => {
          server.close(() => done());
          if ('closeAllConnections' in server) server.closeAllConnections();
        });
      resolve({ origin: `http://127.0.0.1:${address.port}`, close });
    });
  });
}
