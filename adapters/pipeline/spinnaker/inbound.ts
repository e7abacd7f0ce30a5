import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookVerdict } from '../../../src/ports/pipeline.ts';

/**
 * An event as Echo sends it to a REST endpoint
 * (https://github.com/spinnaker/echo/tree/master/echo-rest, `EchoNotifyingExecutionListener` and `EchoNotifyingStageListener` of Orca).
 */
const Event = z.looseObject({
  details: z.looseObject({ type: z.string() }),
  content: z.looseObject({
    executionId: z.string().optional(),
    execution: z.looseObject({ id: z.string().optional() }).optional().catch(undefined),
  }),
  eventId: z.string().nullish().catch(null),
});

/** Tasks begin and end every second or so, within stages that are told as well. */
const TELLING = /^orca:(pipeline|stage):/;

/**
 * Says whether Echo made this call, and of which run it speaks. Echo signs nothing: it sends the secret itself, in a header, so the call
 * is believed no further than that a run is looked at.
 */
export async function readWebhook(
  { secret, header }: { readonly secret: string; readonly header: string },
  headers: Headers,
  body: string,
): Promise<WebhookVerdict> {
  const sent = headers.get(header) ?? '';
  if (secret === '') return { kind: 'forged', reason: 'no webhook secret is configured' };
  if (sent === '') return { kind: 'forged', reason: `the header ${header} is missing` };
  if (!same(sent, secret)) return { kind: 'forged', reason: `the header ${header} does not fit` };
  const event = eventIn(body);
  const run = event?.content.executionId ?? event?.content.execution?.id;
  if (event === undefined || run === undefined || run === '' || !TELLING.test(event.details.type))
    return { kind: 'other' };
  return { kind: 'runs', delivery: event.eventId ?? digest(body).toString('hex'), runs: [run] };
}

/** In the same time, whatever they are. */
function same(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** As it is, or the way Echo sends it with `wrap: true` and `flatten: true`. */
function eventIn(body: string): z.infer<typeof Event> | undefined {
  const said = parsed(body);
  const all = isRecord(said) ? [said, ...Object.values(said)] : [];
  for (const one of all) {
    if (!isRecord(one)) continue;
    const event = Event.safeParse({ ...one, details: unfolded(one['details']), content: unfolded(one['content']) });
    if (event.success) return event.data;
  }
  return undefined;
}

function unfolded(part: unknown): unknown {
  return typeof part === 'string' ? parsed(part) : part;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
