import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { type FailureKind, PortFailure } from '../../../src/ports/failure.ts';
import { isNeverSent, networkCode } from '../../shared/http/network.ts';

/** `post`: Slack may have done it although the call failed. `safe`: harmless to repeat. */
export type Nature = 'post' | 'safe';

/** Slack's words for "not any more" and "never again": the message or place is lost to us. */
const GONE = [
  'message_not_found',
  'thread_not_found',
  'channel_not_found',
  'is_archived',
  'is_inactive',
  'user_not_found',
  'user_disabled',
  'users_not_found',
  'cant_update_message',
  'edit_window_closed',
  'no_such_subteam',
  'subteam_not_found',
];
const FORBIDDEN = [
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'not_allowed_token_type',
  'not_in_channel',
  'user_not_in_channel',
  'ekm_access_denied',
  'access_denied',
  'team_access_not_granted',
  'plan_upgrade_required',
  'cannot_dm_bot',
  'messages_tab_disabled',
];
const LIMITED = ['ratelimited', 'rate_limited', 'rate_limit_exceeded', 'message_limit_exceeded'];
/** Slack's docs: "some aspect of the operation" may have succeeded. */
const THEIRS = ['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'];

/** Anything that a call of Slack's Web API throws, as the one family of adapters. */
export function toFailure(error: unknown, nature: Nature): PortFailure {
  if (error instanceof PortFailure) return error;
  if (error instanceof WebAPIPlatformError) return fromWord(error.data.error, error, nature);
  if (error instanceof WebAPIRateLimitedError) return limited(error.retryAfter * 1000, error);
  if (error instanceof WebAPIHTTPError) return fromStatus(error, nature);
  const cause = error instanceof WebAPIRequestError ? error.original : error;
  // A fence: nothing was sent, and the failure is not Slack's.
  if (cause instanceof PortFailure) return cause;
  const code = networkCode(cause);
  const timeout = cause instanceof Error && cause.name === 'TimeoutError';
  const inDoubt = nature === 'post' && !isNeverSent(code);
  return new PortFailure(timeout ? 'Slack did not answer in time' : 'Slack could not be reached', {
    port: 'slack',
    kind: timeout ? 'timeout' : 'unreachable',
    retryable: true,
    ...(inDoubt ? { inDoubt } : {}),
    ...(code === undefined ? {} : { code }),
    cause: error,
  });
}

/** "Too fast": nothing was sent, or Slack took nothing. */
export function limited(retryAfterMs: number, cause?: unknown): PortFailure {
  const details = { port: 'slack', kind: 'rate-limited', retryable: true, retryAfterMs, cause } as const;
  return new PortFailure('Slack asks us to speak more slowly', details);
}

/** Mere progress that we hold back ourselves, so that news find room. */
export function heldBack(retryAfterMs: number): PortFailure {
  const details = { port: 'slack', kind: 'rate-limited', retryable: true, retryAfterMs, courtesy: true } as const;
  return new PortFailure('Progress is shown to Slack no more often', details);
}

/** A wish that Slack was never asked, because it cannot be right. */
export function refused(message: string, code: string): PortFailure {
  return new PortFailure(message, { port: 'slack', kind: 'refused', retryable: false, code });
}

/** An answer that lacks what Slack's own description promises. */
export function misbehaved(what: string, nature: Nature): PortFailure {
  const inDoubt = nature === 'post' ? { inDoubt: true } : {};
  return new PortFailure(`Slack's answer made no sense: ${what}`, {
    port: 'slack',
    kind: 'misbehaved',
    retryable: true,
    ...inDoubt,
  });
}

function fromWord(word: string, cause: unknown, nature: Nature): PortFailure {
  // A body that is no JSON ends up here as the "error": never to be shown to people.
  if (!/^[a-z0-9_]{1,80}$/.test(word)) return misbehaved('no word of the API', nature);
  const [kind, retryable] = kindOf(word);
  return new PortFailure(`Slack said no: ${word}`, {
    port: 'slack',
    kind,
    retryable,
    code: word,
    ...(nature === 'post' && THEIRS.includes(word) ? { inDoubt: true } : {}),
    cause,
  });
}

function kindOf(word: string): readonly [FailureKind, boolean] {
  if (GONE.includes(word)) return ['gone', false];
  if (FORBIDDEN.includes(word) || word.startsWith('restricted_action')) return ['forbidden', false];
  if (LIMITED.includes(word)) return ['rate-limited', true];
  if (THEIRS.includes(word)) return ['unreachable', true];
  return ['refused', false];
}

function fromStatus(error: WebAPIHTTPError, nature: Nature): PortFailure {
  const theirs = error.statusCode >= 500 || error.statusCode === 408;
  return new PortFailure(`Slack answered with status ${error.statusCode}`, {
    port: 'slack',
    kind: theirs ? 'unreachable' : 'refused',
    retryable: theirs,
    code: String(error.statusCode),
    ...(nature === 'post' && theirs ? { inDoubt: true } : {}),
    cause: error,
  });
}
