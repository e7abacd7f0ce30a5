import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { WebhookVerdict } from '../../../src/ports/pipeline.ts';

/** What calls are held against; at least one of the two. */
export interface HookSecrets {
  readonly token?: string | undefined;
  /** See `signingKey`. */
  readonly key?: Buffer | undefined;
}

/** The least that a signing key may have; GitLab makes them of 32 bytes. */
const LEAST_BYTES = 16;

/** Older calls are no news. Source: standardwebhooks.com, "Verifying webhook authenticity"; their own libraries allow as much. */
const MOST_AGE_MS = 5 * 60_000;

/** Source: docs.gitlab.com/user/project/integrations/webhook_events, "Pipeline events" and "Job events". */
const PipelineEvent = z.object({
  object_kind: z.literal('pipeline'),
  object_attributes: z.object({ id: z.number() }),
  source_pipeline: z.object({ pipeline_id: z.number() }).nullish(),
});
const JobEvent = z.object({ object_kind: z.literal('build'), pipeline_id: z.number() });

/**
 * Says whether GitLab itself made this call, and of which pipelines it speaks; a child's news are its parent's too. Everything is checked
 * over the bytes as they came, before they are parsed. With the signing token (GitLab 18 or newer) body and time are signed; the plain
 * token says only who calls, so such a call can be repeated or changed by whoever has seen it: it only causes a look.
 */
export function readWebhook(secrets: HookSecrets, headers: Headers, body: string, now: number): WebhookVerdict {
  const reason = fault(secrets, headers, body, now);
  if (reason !== undefined) return { kind: 'forged', reason };
  const runs = runsOf(body);
  return runs.length === 0 ? { kind: 'other' } : { kind: 'runs', delivery: deliveryOf(headers, body), runs };
}

function fault({ token, key }: HookSecrets, headers: Headers, body: string, now: number): string | undefined {
  if ((token ?? '') === '' && key === undefined) return 'no webhook token is configured';
  if (token !== undefined && !same(headers.get('x-gitlab-token') ?? '', token)) return 'the token does not fit';
  if (key === undefined) return undefined;
  const id = headers.get('webhook-id') ?? '';
  const at = headers.get('webhook-timestamp') ?? '';
  const signatures = headers.get('webhook-signature') ?? '';
  if (id === '' || signatures === '') return 'the signature is missing';
  const right = `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`;
  if (!signatures.split(' ').some((one) => same(one, right))) return 'the signature does not fit';
  if (!/^\d{1,12}$/.test(at) || Math.abs(now - Number(at) * 1000) > MOST_AGE_MS) return 'the call is too old';
  return undefined;
}

/** The key in a signing token, `whsec_` and base64. Throws a PortFailure for anything else: an empty key would let everybody sign. */
export function signingKey(port: string, signingToken: string): Buffer {
  const key = Buffer.from(/^whsec_([A-Za-z0-9+/_=-]+)$/.exec(signingToken.trim())?.[1] ?? '', 'base64');
  if (key.length >= LEAST_BYTES) return key;
  const message =
    'The secret that webhookSigningToken names is no signing token. GitLab shows one once, when it is generated; it begins with whsec_.';
  throw new PortFailure(message, { port, kind: 'refused', retryable: false, code: 'signing-token' });
}

/** In the same time, whatever they are. */
function same(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return other !== '' && first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

function runsOf(body: string): readonly string[] {
  const said = parsed(body);
  const pipeline = PipelineEvent.safeParse(said).data;
  if (pipeline !== undefined) {
    const parent = pipeline.source_pipeline?.pipeline_id;
    return [pipeline.object_attributes.id, ...(parent === undefined ? [] : [parent])].map(String);
  }
  const job = JobEvent.safeParse(said).data;
  return job === undefined ? [] : [String(job.pipeline_id)];
}

/** The same for a repetition. Before GitLab 17.4 only the request that caused it has an id, which several calls may share. */
function deliveryOf(headers: Headers, body: string): string {
  const own = headers.get('webhook-id') ?? headers.get('idempotency-key');
  return (
    own ?? `${headers.get('x-gitlab-event-uuid') ?? ''}:${createHash('sha256').update(body).digest('hex').slice(0, 16)}`
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
