import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebhookVerdict } from '../../../src/ports/pipeline.ts';
import { Notification } from './schema.ts';

/**
 * Says whether the Notification plugin of our Jenkins made this call. The plugin signs nothing, but logs in with what stands before the
 * `@` of its URL, so the secret is the password there. It is compared before anything is parsed. Whoever has seen a call can make
 * others; a call only causes a look.
 */
export async function readWebhook(secret: string, headers: Headers, body: string): Promise<WebhookVerdict> {
  if (secret.trim() === '') return { kind: 'forged', reason: 'no webhook secret is configured' };
  const password = passwordOf(headers.get('authorization') ?? '');
  if (password === undefined) return { kind: 'forged', reason: 'the login is missing' };
  if (!same(password, secret)) return { kind: 'forged', reason: 'the secret does not fit' };
  const build = Notification.safeParse(parsed(body)).data?.build;
  if (build === undefined || build.queue_id <= 0) return { kind: 'other' };
  const { queue_id: run, phase, timestamp = '' } = build;
  return { kind: 'runs', delivery: `${run} ${phase} ${timestamp}`, runs: [String(run)] };
}

/** RFC 7617. */
function passwordOf(authorization: string): string | undefined {
  const [, credentials = ''] = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const pair = Buffer.from(credentials, 'base64').toString();
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : pair.slice(colon + 1);
}

function same(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
