import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookVerdict } from '../../../src/ports/pipeline.ts';
import { parsed } from '../../shared/http/outgoing.ts';

/** The two events that tell of a run: https://circleci.com/docs/reference/outbound-webhooks-reference */
const RunEvent = z.object({
  id: z.string().min(1),
  type: z.enum(['workflow-completed', 'job-completed']),
  pipeline: z.object({ id: z.string().min(1) }),
});

/**
 * Says whether CircleCI itself made this call, and of which run it speaks. The signature is checked over the bytes as they came, before
 * anything is parsed. Nothing says how old a call may be, so one can be repeated by whoever has seen it: it only causes a look.
 */
export async function readWebhook(secret: string, headers: Headers, body: string): Promise<WebhookVerdict> {
  const signature = headers.get('circleci-signature') ?? '';
  if (secret === '') return { kind: 'forged', reason: 'no webhook secret is configured' };
  if (signature === '') return { kind: 'forged', reason: 'the signature is missing' };
  if (!signedBy(secret, body, signature)) return { kind: 'forged', reason: 'the signature does not fit' };
  const event = RunEvent.safeParse(parsed(body)).data;
  if (event === undefined) return { kind: 'other' };
  return { kind: 'runs', delivery: event.id, runs: [event.pipeline.id] };
}

/** A list `v1=...,v2=...`, of which CircleCI fills only the first so far; a version that nobody knows proves nothing. */
function signedBy(secret: string, body: string, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  return signature.split(',').some((part) => {
    const [, hex = ''] = /^\s*v1=([0-9a-f]{64})\s*$/i.exec(part) ?? [];
    const given = Buffer.from(hex, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
