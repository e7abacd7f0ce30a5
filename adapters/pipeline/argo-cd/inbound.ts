import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookVerdict } from '../../../src/ports/pipeline.ts';
import { runId } from './context.ts';
import { CORRELATION } from './operation.ts';

/** What our template for Argo CD Notifications sends; see docs/argo-cd.md. */
const Notice = z.object({
  application: z.string(),
  info: z.array(z.object({ name: z.string(), value: z.string().nullish() })).nullish(),
  rollback: z.string().nullish(),
});

/**
 * Says whether the call carries the secret, and of which runs it speaks. Argo CD Notifications sign nothing: who has seen a call can
 * make another, which causes no more than a look.
 */
export async function readWebhook(secret: string, headers: Headers, body: string): Promise<WebhookVerdict> {
  const token = headers.get('x-countersign-token') ?? '';
  if (secret === '') return { kind: 'forged', reason: 'no webhook secret is configured' };
  if (token === '') return { kind: 'forged', reason: 'the header X-Countersign-Token is missing' };
  if (!timingSafeEqual(digest(token), digest(secret))) return { kind: 'forged', reason: 'the token does not fit' };
  const notice = noticeOf(body);
  const [back] = (notice?.rollback ?? '').split(' ');
  const entries = (notice?.info ?? []).filter(({ name }) => name === CORRELATION);
  const ids = [...entries.map(({ value }) => value ?? ''), back ?? ''].filter((id) => id !== '');
  if (notice === undefined || ids.length === 0) return { kind: 'other' };
  const runs = [...new Set(ids)].map((id) => runId(notice.application, id));
  // Notifications carry no number of their own.
  return { kind: 'runs', delivery: digest(body).toString('hex'), runs };
}

/** Equal lengths whatever came, so that comparing takes the same time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function noticeOf(body: string): z.infer<typeof Notice> | undefined {
  try {
    return Notice.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
