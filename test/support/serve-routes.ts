import { startWeb } from '../../src/http/server.ts';
import type { Route } from '../../src/ports/http.ts';
import { systemClock } from '../../src/system/clock.ts';

export interface Served {
  /** Without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves routes on loopback with the programme's own web server. */
export async function serveRoutes(routes: readonly Route[], port = 0): Promise<Served> {
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const web = await startWeb({ host: '127.0.0.1', port, routes, log, clock: systemClock(), graceMs: 200 });
  return { origin: web.address.url, close: () => web.close() };
}
