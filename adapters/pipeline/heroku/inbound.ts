import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookVerdict } from '../../../src/ports/pipeline.ts';
import { parsed } from '../../shared/http/outgoing.ts';
import { releaseRun } from './context.ts';

/** `api:build` and `api:release`: https://devcenter.heroku.com/articles/webhook-events */
const Event = z.object({
  resource: z.enum(['build', 'release']),
  data: z.object({ id: z.string().min(1), app: z.object({ name: z.string().min(1) }) }),
  webhook_metadata: z.object({ delivery: z.object({ id: z.string().min(1) }) }),
});

/**
 * Says whether Heroku itself made this call, and of which runs it speaks. The signature is checked over the bytes as they came, before
 * anything is parsed. Heroku signs no time, so an old call can be repeated by whoever has seen it: it only causes a look.
 * @param buildBehind the build that led to a release of an app, if one did
 */
export async function readWebhook(
  secret: string,
  headers: Headers,
  body: string,
  buildBehind: (app: string, release: string) => Promise<string | undefined>,
): Promise<WebhookVerdict> {
  const signature = headers.get('heroku-webhook-hmac-sha256') ?? '';
  if (secret === '') return { kind: 'forged', reason: 'no webhook secret is configured' };
  if (signature === '') return { kind: 'forged', reason: 'the signature is missing' };
  if (!signedBy(secret, body, signature)) return { kind: 'forged', reason: 'the signature does not fit' };
  const event = Event.safeParse(parsed(body)).data;
  if (event === undefined) return { kind: 'other' };
  const { resource, data, webhook_metadata } = event;
  const delivery = webhook_metadata.delivery.id;
  if (resource === 'build') return { kind: 'runs', delivery, runs: [data.id] };
  // A release does not say which build made it. When that cannot be learnt now, the next look is soon enough.
  const build = await buildBehind(data.app.name, data.id).catch(() => undefined);
  return { kind: 'runs', delivery, runs: [...(build === undefined ? [] : [build]), releaseRun(data.id)] };
}

/** HMAC-SHA256 in base64: https://devcenter.heroku.com/articles/app-webhooks#securing-webhook-requests */
function signedBy(secret: string, body: string, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
