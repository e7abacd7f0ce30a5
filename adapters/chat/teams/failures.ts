import { z } from 'zod';
import { type FailureDetails, type FailureKind, PortFailure } from '../../../src/ports/failure.ts';
import { isNeverSent, networkCode } from '../../shared/http/network.ts';

/** What a call does, so that its failure can be told. */
export interface Attempt {
  /** `post`: Teams may have done it although the call failed. `safe`: harmless to repeat. */
  readonly nature: 'post' | 'safe';
  /** What a 404 without a word of its own means: the message or place is no more, or somebody is not in it. */
  readonly missing: 'gone' | 'not-found';
}

/** An answer of the Bot Connector that is not a yes. */
export interface Denial {
  readonly status: number;
  readonly body: string;
}

/** The Connector's words for a failed call. Source: learn.microsoft.com, "Status codes from bot conversational APIs". */
const said = z.object({ error: z.object({ code: z.string() }) });

/** Words whose kind differs from that of their status. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  BotNotInConversationRoster: 'forbidden',
  ActivityNotFoundInConversation: 'gone',
  ConversationNotFound: 'gone',
  MemberNotFoundInConversation: 'not-found',
};

/** What to do about them. */
const ADVICE: Readonly<Record<string, string>> = {
  BotNotRegistered: 'Check appId and tenant, and that the bot has the channel "Microsoft Teams" in Azure',
  BotNotInConversationRoster: 'Add the app to that team or chat',
  ForbiddenOperationException: 'Install the app for that person',
  BotDisabledByAdmin: 'Ask the administrator of Teams to allow the app',
  ConversationBlockedByUser: 'Whoever blocked the bot has to unblock it',
  InvalidBotApiHost: 'Set serviceUrls to the address of your cloud',
  MessageSizeTooBig: 'Ask for fewer details in one message',
};

/**
 * Anything but a yes, as the one family of adapters. 412 and 429 say that nothing was done; after 5xx and 408 nobody knows. Microsoft
 * asks not to repeat a 500, but one that passes must not lose a card, and the pauses between tries are long.
 * @param retryAfterMs pause to keep, for 429
 * @param renewed the token was refused, and there will be another one
 */
export function denied(
  { status, body }: Denial,
  { nature, missing }: Attempt,
  { retryAfterMs, renewed }: { readonly retryAfterMs?: number; readonly renewed?: boolean } = {},
): PortFailure {
  const word = wordOf(body);
  const code = word ?? String(status);
  if (status === 429) return limited(retryAfterMs ?? 0, code);
  const theirs = status >= 500 || status === 408;
  const retryable = theirs || status === 412 || renewed === true;
  const advice = ADVICE[code] === undefined ? '' : `. ${ADVICE[code]}`;
  return failure(`Teams said no: ${word === undefined ? `status ${status}` : `${word} (${status})`}${advice}`, {
    kind: KINDS[code] ?? kindOf(status, missing),
    retryable,
    code,
    ...(theirs && nature === 'post' ? { inDoubt: true } : {}),
  });
}

/** No answer came: a refused connection, a reset, silence. */
export function silent(error: unknown, { nature }: Pick<Attempt, 'nature'>, who = 'Teams'): PortFailure {
  const timeout = error instanceof Error && error.name === 'TimeoutError';
  const code = timeout ? undefined : networkCode(error);
  return failure(timeout ? `${who} did not answer in time` : `${who} could not be reached`, {
    kind: timeout ? 'timeout' : 'unreachable',
    retryable: true,
    ...(nature === 'post' && !isNeverSent(code) ? { inDoubt: true } : {}),
    ...(code === undefined ? {} : { code }),
  });
}

/** "Too fast": nothing was sent, or Teams took nothing. */
export function limited(retryAfterMs: number, code?: string): PortFailure {
  const word = code === undefined ? {} : { code };
  return failure('Teams asks us to speak more slowly', {
    kind: 'rate-limited',
    retryable: true,
    retryAfterMs,
    ...word,
  });
}

/** Mere progress that we hold back ourselves, so that news find room. */
export function heldBack(retryAfterMs: number): PortFailure {
  const details = { kind: 'rate-limited', retryable: true, retryAfterMs, courtesy: true } as const;
  return failure('Progress is shown to Teams no more often', details);
}

/** A wish that was never sent, because it cannot be right. */
export function refused(message: string, code: string): PortFailure {
  return failure(message, { kind: 'refused', retryable: false, code });
}

/** An answer that lacks what Microsoft's own description promises. */
export function misbehaved(what: string, { nature }: Pick<Attempt, 'nature'>): PortFailure {
  return failure(`Teams' answer made no sense: ${what}`, {
    kind: 'misbehaved',
    retryable: true,
    ...(nature === 'post' ? { inDoubt: true } : {}),
  });
}

function kindOf(status: number, missing: Attempt['missing']): FailureKind {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return missing;
  if (status === 410) return 'gone';
  // Several calls at once in one conversation: it is too fast as well, but no pause is asked for.
  if (status === 412) return 'rate-limited';
  return status >= 500 || status === 408 ? 'unreachable' : 'refused';
}

/** The service's own word for a failure: `error.code` of its body, as far as that is a word and may be shown. */
export function wordOf(body: string): string | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined;
  }
  const code = said.safeParse(json).data?.error.code;
  // Whatever else a proxy on the way says is never shown to people.
  return code !== undefined && /^[A-Za-z][\w .-]{0,79}$/.test(code) ? code : undefined;
}

function failure(message: string, details: Omit<FailureDetails, 'port'>): PortFailure {
  return new PortFailure(message, { port: 'teams', ...details });
}
