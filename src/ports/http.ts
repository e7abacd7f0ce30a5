import type { IncomingMessage, ServerResponse } from 'node:http';

/** One address of the one web server. A path ending in `*` takes everything below it. */
export type Route =
  | {
      readonly method: 'GET' | 'POST';
      readonly path: string;
      readonly handle: (request: Request) => Promise<Response> | Response;
    }
  /** For SDKs that insist on Node's own objects. */
  | { readonly path: string; readonly node: (request: IncomingMessage, response: ServerResponse) => void };
