import { type Answered, DEFAULT_PAUSE_MS, type Manner, retryAfter } from '../http/failure.ts';

/** How GitLab says no: docs.gitlab.com/api/rest/troubleshooting and /security/rate_limits. */
export const GITLAB: Manner = { complaint, pause };

/** `message` is words, a list of words, or lists of words by field; `base` is no field. Failed logins say `error`. */
function complaint(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  if ('message' in data) return said(data.message);
  const { error = '', error_description: more = '' } = data as Readonly<Record<string, unknown>>;
  return [error, more].map(said).filter(Boolean).join(': ');
}

function said(part: unknown): string {
  if (typeof part === 'string') return part;
  if (Array.isArray(part)) return part.map(said).join('; ');
  if (typeof part !== 'object' || part === null) return '';
  const fields = Object.entries(part).map(([field, words]) =>
    field === 'base' ? said(words) : `${field} ${said(words)}`,
  );
  return fields.join('; ');
}

/** A pause in seconds, or else the moment (in whole seconds since 1970) from which calls are counted anew. */
function pause({ status, headers }: Answered, now: number): number | undefined {
  const after = headers['retry-after'];
  if (status !== 429 && !(status === 503 && after !== undefined)) return undefined;
  if (after !== undefined) return retryAfter(String(after), now);
  const reset = Number(headers['ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(1000, reset * 1000 - now + 1000) : DEFAULT_PAUSE_MS;
}
