import { pooledFetch } from '../adapters/shared/http/fenced-fetch.ts';
import { networkCode } from '../adapters/shared/http/network.ts';
import { attendeesAt } from '../src/calendar/on-call.ts';
import type { Calendars } from '../src/ports/calendars.ts';
import type { Clock } from '../src/ports/clock.ts';
import { PortFailure } from '../src/ports/failure.ts';
import type { Secrets } from '../src/ports/secrets.ts';

/** A feed is believed for this long, in milliseconds. */
const BELIEVED_MS = 300_000;
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 1024 * 1024;

interface FeedParts {
  readonly clock: Pick<Clock, 'now'>;
  /** What a reference such as `env:ON_CALL` stands for. */
  readonly secrets: Secrets;
  readonly fetch?: typeof fetch;
}

/** Reads iCalendar feeds over https. Their addresses are secrets: no failure names one. */
export function calendarFeeds({ clock, secrets, fetch: get = pooledFetch }: FeedParts): Calendars {
  const believed = new Map<string, { readonly until: number; readonly text: string }>();

  async function textOf(reference: string): Promise<string> {
    const known = believed.get(reference);
    if (known !== undefined && known.until > clock.now()) return known.text;
    const text = await download(get, (await secrets.read(reference)).trim());
    believed.set(reference, { until: clock.now() + BELIEVED_MS, text });
    return text;
  }

  return {
    async attendees(reference, at) {
      const text = await textOf(reference);
      try {
        return attendeesAt(text, Date.parse(at));
      } catch (error) {
        throw failure(
          'misbehaved',
          `The on-call calendar cannot be read. ${error instanceof Error ? error.message : ''}`,
        );
      }
    },
  };
}

async function download(get: typeof fetch, address: string): Promise<string> {
  if (!/^https:\/\//i.test(address))
    throw failure('refused', 'The address of the on-call calendar does not begin with https://.');
  try {
    // A redirect could lead to where nobody meant to ask.
    const answer = await get(address, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw failure('unreachable', `The on-call calendar was answered with ${answer.status}.`, answer.status >= 500);
    }
    return await limited(answer);
  } catch (error) {
    if (error instanceof PortFailure) throw error;
    const code = networkCode(error);
    throw failure('unreachable', `The on-call calendar cannot be reached (${code ?? 'no answer'}).`, true);
  }
}

async function limited({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw failure('misbehaved', 'The on-call calendar is larger than a megabyte.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failure(kind: 'refused' | 'misbehaved' | 'unreachable', message: string, retryable = false): PortFailure {
  return new PortFailure(message.trim(), { port: 'groups', kind, retryable });
}
