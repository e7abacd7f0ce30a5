import { PortFailure } from '../../../src/ports/failure.ts';
import { type Answered, DEFAULT_PAUSE_MS, type Manner, retryAfter } from '../http/failure.ts';
import { Complaint } from './schema.ts';

/** How GitHub says no. */
export const GITHUB: Manner = { complaint, pause };

/** What failures call it, and what to look at when it refuses the login. */
export const NAMES = { system: 'GitHub', login: 'the App or token' };

/** The App's private key is no key: nothing can be asked of GitHub with it. */
export function keyFailure(port: string): PortFailure {
  const message = 'The private key of the GitHub App cannot be read as a key. Check the secret that privateKey names.';
  return new PortFailure(message, { port, kind: 'forbidden', retryable: false, code: 'private-key' });
}

/** Primary and secondary limits: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function pause({ status, headers, data }: Answered, now: number): number | undefined {
  const limited = headers['x-ratelimit-remaining']?.toString() === '0' || /rate limit/i.test(complaint(data));
  const after = headers['retry-after'];
  if (status !== 429 && !(status === 403 && (limited || after !== undefined))) return undefined;
  if (after !== undefined) return retryAfter(String(after), now);
  const reset = Number(headers['x-ratelimit-reset']);
  // Without a word of its own, its documentation asks for at least a minute of silence.
  if (!limited || !Number.isFinite(reset)) return DEFAULT_PAUSE_MS;
  // A second more, because the reset time is given in whole seconds.
  return Math.max(1000, reset * 1000 - now + 1000);
}

function complaint(data: unknown): string {
  const read = Complaint.safeParse(data);
  if (!read.success) return '';
  const { message = '', errors = [] } = read.data;
  const more = errors.map((error) => (typeof error === 'string' ? error : (error.message ?? error.code ?? '')));
  return [message, ...more].filter((word) => word !== '').join('; ');
}
