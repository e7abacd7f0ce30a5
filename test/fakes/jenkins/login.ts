import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Who may in, and with what. */
export interface Doorkeeper {
  readonly user: string;
  readonly token: string;
  readonly password: string;
  /** Forgets all sessions, as a restart does; their crumbs are void. */
  forget(): void;
  /** How often a crumb was asked for. */
  readonly crumbs: () => number;
  /** By which of both secrets a call logs in. */
  admit(headers: IncomingHttpHeaders): 'token' | 'password' | undefined;
  /** A crumb and the session that it belongs to. */
  issue(): { readonly crumb: string; readonly cookies: readonly string[] };
  /** A write by password needs the crumb of its session: https://www.jenkins.io/doc/book/security/csrf-protection/ */
  fits(headers: IncomingHttpHeaders): boolean;
}

export const CRUMB_FIELD = 'Jenkins-Crumb';

export function createDoorkeeper(): Doorkeeper {
  const [user, token, password] = ['countersign', '11a5f0e2b3c4d5e6f708192a3b4c5d6e7f', 'a pass:word'];
  const sessions = new Map<string, string>();
  let issued = 0;
  return {
    user,
    token,
    password,
    forget: () => sessions.clear(),
    crumbs: () => issued,
    admit({ authorization = '' }) {
      const pair = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
      return pair === `${user}:${token}` ? 'token' : pair === `${user}:${password}` ? 'password' : undefined;
    },
    issue() {
      issued += 1;
      const [session, crumb] = [randomUUID(), randomUUID()];
      sessions.set(session, crumb);
      // The second is one of those that a load balancer adds.
      return { crumb, cookies: [`JSESSIONID.1a2b=${session}; Path=/ci; HttpOnly`, 'node=a; Path=/'] };
    },
    fits(headers) {
      const cookies = String(headers.cookie ?? '').split('; ');
      const session = cookies.find((cookie) => cookie.startsWith('JSESSIONID.1a2b='))?.split('=')[1];
      const crumb = sessions.get(session ?? '');
      return cookies.includes('node=a') && crumb !== undefined && headers[CRUMB_FIELD.toLowerCase()] === crumb;
    },
  };
}
