import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, type Logger } from '@slack/bolt';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Route } from '../../../src/ports/http.ts';

const PATH = '/slack/events';
const BODY_LIMIT = 1024 * 1024;
const MOST_AHEAD_S = 300;

export interface Door {
  readonly receiver: HTTPReceiver;
  readonly route: Route;
  open(): void;
  close(): void;
}

/** Slack's requests in our one web server. Bolt checks signature and age before it parses; its own server is never started. */
export function createDoor(signingSecret: string, logger: Logger, clock: Clock): Door {
  const receiver = new HTTPReceiver({ signingSecret, logger, endpoints: [PATH], bodyLimit: BODY_LIMIT });
  let isOpen = false;

  function node(request: IncomingMessage, response: ServerResponse): void {
    // Bolt refuses what is too old; what is too far ahead would stay valid for as long.
    const sent = Number(request.headers['x-slack-request-timestamp']);
    const ahead = !(sent <= clock.now() / 1000 + MOST_AHEAD_S);
    if (!isOpen) refuse(response, 503, { 'retry-after': '5' });
    else if (request.method !== 'POST') refuse(response, 405, { allow: 'POST' });
    else if (ahead) refuse(response, 401, {});
    else receiver.requestListener(request, response);
  }

  return {
    receiver,
    route: { path: PATH, node },
    open: () => {
      isOpen = true;
    },
    close: () => {
      isOpen = false;
    },
  };
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, headers).end();
}
