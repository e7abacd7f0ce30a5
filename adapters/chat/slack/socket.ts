import { SocketModeReceiver } from '@slack/bolt';
import { WebAPIPlatformError, type WebClientOptions } from '@slack/web-api';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import { toFailure } from './failures.ts';

export interface Socket {
  readonly receiver: SocketModeReceiver;
  /** Resolves once connected, or after ten seconds with the trying going on. Throws when Slack refuses the token for good. */
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

const PATIENCE_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;
const GOODBYE_MS = 2000;
const SHORT_LIFE_MS = 1000;

/**
 * Socket Mode with reconnecting of our own: the SDK's pauses five seconds and more at each of Slack's regular refreshes, and an
 * `apps.connections.open` that fails meanwhile ends as an unhandled rejection.
 */
export function createSocket(appToken: string, options: WebClientOptions, clock: Clock, log: Log): Socket {
  const { logger, ...clientOptions } = options;
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    installerOptions: { clientOptions },
    ...(logger === undefined ? {} : { logger }),
  });
  const { client } = receiver;
  let wanted = false;
  let trying = false;
  let failures = 0;
  let openedAt = 0;
  let callOff = () => {};

  async function open(): Promise<void> {
    trying = true;
    try {
      await client.start();
      failures = 0;
      openedAt = clock.now();
    } catch (error) {
      failures += 1;
      throw error;
    } finally {
      trying = false;
    }
  }

  function again(): void {
    callOff();
    if (!wanted) return;
    // A connection that lived for a while is replaced at once; one that keeps breaking is not hammered.
    const short = failures === 0 && clock.now() - openedAt < SHORT_LIFE_MS;
    const pause = short ? SHORT_LIFE_MS : failures === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures);
    if (pause === 0) retry();
    else callOff = clock.at(clock.now() + pause, retry);
  }

  function retry(): void {
    if (!wanted || trying) return;
    open().catch((error: unknown) => {
      log.warn({ error, failures }, 'slack socket could not be opened, trying again');
      again();
    });
  }

  client.on('disconnected', () => {
    if (wanted && !trying) again();
  });

  async function connect(): Promise<void> {
    wanted = true;
    const opened = open().catch((error: unknown) => {
      if (error instanceof WebAPIPlatformError) throw toFailure(error, 'safe');
      log.warn({ error }, 'slack socket could not be opened, trying again');
      again();
    });
    await within(clock, PATIENCE_MS, opened);
  }

  async function disconnect(): Promise<void> {
    wanted = false;
    callOff();
    await within(clock, GOODBYE_MS, client.disconnect());
  }

  return { receiver, connect, disconnect };
}

function within(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const quit = clock.at(clock.now() + ms, resolve);
    work.then(resolve, reject).finally(quit);
  });
}
