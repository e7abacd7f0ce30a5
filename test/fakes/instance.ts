import type { ChatPlatform } from '../../src/ports/chat.ts';
import type { Log } from '../../src/ports/log.ts';

/** A line of an adapter's log. */
export interface Logged {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One instance of the programme, as far as one chat is concerned: the real adapter and its web server. */
export interface Instance {
  readonly chat: ChatPlatform;
  readonly logged: readonly Logged[];
  /** Where the platform's requests go. */
  readonly url: string;
  close(): Promise<void>;
}

/** A log whose lines a test can read. */
export function logInto(logged: Logged[]): Log {
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void logged.push({ level, message, fields });
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
