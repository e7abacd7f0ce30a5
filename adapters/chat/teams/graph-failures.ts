import { type FailureDetails, type FailureKind, PortFailure } from '../../../src/ports/failure.ts';
import { type Denial, wordOf } from './failures.ts';

/**
 * What the bot needs to read a group of Entra. The first lets it see who is in a group, but only by object id: whether an account is
 * still enabled is a matter of the second. Source: https://learn.microsoft.com/graph/api/group-list-transitivemembers
 */
const PERMISSIONS = 'GroupMember.Read.All and User.Read.All';
const GRANT = `Give the bot's app registration the application permissions ${PERMISSIONS} of Microsoft Graph, and let an administrator consent`;

/** An answer of Microsoft Graph that is not a yes. `renewed`: the token was given up, and there will be another one. */
export function graphDenied(
  { status, body }: Denial,
  { retryAfterMs, renewed }: { readonly retryAfterMs?: number; readonly renewed?: boolean } = {},
): PortFailure {
  const word = wordOf(body);
  const said = word === undefined ? `status ${status}` : `${word}, ${status}`;
  const theirs = status >= 500 || status === 408;
  return failure(sentenceOf(status, said), {
    kind: kindOf(status),
    retryable: theirs || status === 429 || renewed === true,
    code: word ?? String(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** It showed members by their object id alone. */
export function graphVeiled(): PortFailure {
  const message = `Microsoft Graph does not show the bot whether the accounts of this group are enabled, so nobody of it counts. ${GRANT}`;
  return failure(message, { kind: 'forbidden', retryable: false, code: 'graph_veiled' });
}

/** Graph asked for a pause that is not over yet: nothing was sent. */
export function graphPaused(retryAfterMs: number): PortFailure {
  return failure(SLOWER, { kind: 'rate-limited', retryable: true, retryAfterMs });
}

const SLOWER = 'Microsoft Graph asks us to read groups more slowly';

function sentenceOf(status: number, said: string): string {
  if (status === 429) return SLOWER;
  if (status === 401 || status === 403) {
    const hidden = status === 403 ? '. For a group whose members are hidden it needs Member.Read.Hidden as well' : '';
    return `Entra does not let the bot read this group (${said}). ${GRANT}${hidden}`;
  }
  if (status === 404)
    return `Entra has no such group (${said}). Copy the object id from the page of the group in Entra`;
  return `Microsoft Graph said no (${said})`;
}

function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 429) return 'rate-limited';
  return status >= 500 || status === 408 ? 'unreachable' : 'refused';
}

function failure(message: string, details: Omit<FailureDetails, 'port'>): PortFailure {
  return new PortFailure(message, { port: 'teams', ...details });
}
