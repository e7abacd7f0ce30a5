import { clip } from '../../../src/domain/text.ts';
import { type FailureDetails, type FailureKind, PortFailure } from '../../../src/ports/failure.ts';
import { isNeverSent, networkCode } from '../http/network.ts';
import { redact } from '../http/redact.ts';
import { Complaint } from './schema.ts';

/** What was being done when it failed, so that the failure can say so. */
export interface Attempt {
  /** Id of the port, for the failure's details. */
  readonly port: string;
  /** In words, after "GitHub ...": `run 812 of acme/web`. */
  readonly what: string;
  /** The call changes something at GitHub: a lost answer leaves it in doubt. */
  readonly writes: boolean;
  /** Milliseconds since 1970, to turn a reset time into a pause. */
  readonly now: number;
}

/** The parts of an SDK error that matter, read without trusting its class. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** Without a word of GitHub's own, its documentation asks for at least a minute of silence. */
const DEFAULT_PAUSE_MS = 60_000;

/** GitHub answered, and the answer is a refusal or a fault. */
export function answeredFailure(attempt: Attempt, answer: Answered): PortFailure {
  const pause = pauseOf(attempt, answer);
  const words = complaint(answer.data);
  if (pause !== undefined) {
    const message = 'GitHub asks for a pause: its rate limit is used up.';
    return failure(attempt, message, {
      kind: 'rate-limited',
      retryable: true,
      retryAfterMs: pause,
      code: `${answer.status}`,
    });
  }
  if (answer.status >= 500) {
    const message = `GitHub has trouble of its own (${answer.status}) with ${attempt.what}.`;
    const doubt = attempt.writes ? { inDoubt: true } : {};
    return failure(attempt, message, { kind: 'unreachable', retryable: true, code: `${answer.status}`, ...doubt });
  }
  const { kind, message } = refusal(attempt, answer.status, words);
  return failure(attempt, message, { kind, retryable: false, code: `${answer.status}` });
}

/** No answer came: refused connection, reset, silence. */
export function silentFailure(attempt: Attempt, error: unknown, timedOut: boolean): PortFailure {
  const code = networkCode(error);
  const sent = !isNeverSent(code);
  const doubt = attempt.writes && sent ? { inDoubt: true } : {};
  const word = code === undefined ? {} : { code };
  if (timedOut) {
    const message = `GitHub did not answer in time about ${attempt.what}.`;
    return failure(attempt, message, { kind: 'timeout', retryable: true, ...doubt, ...word });
  }
  const message = `GitHub cannot be reached${code === undefined ? '' : ` (${code})`}.`;
  return failure(attempt, message, { kind: 'unreachable', retryable: true, ...doubt, ...word });
}

/** GitHub said yes, but not in a form that can be understood: nothing may be concluded from it. */
export function misbehaved(attempt: Attempt, detail: string): PortFailure {
  const message = `GitHub gave an answer about ${attempt.what} that cannot be understood: ${clip(redact(detail), 200)}`;
  const doubt = attempt.writes ? { inDoubt: true } : {};
  return failure(attempt, message, { kind: 'misbehaved', retryable: false, ...doubt });
}

/** The App's private key is no key: nothing can be asked of GitHub with it. */
export function keyFailure(port: string): PortFailure {
  const message = 'The private key of the GitHub App cannot be read as a key. Check the secret that privateKey names.';
  return new PortFailure(message, { port, kind: 'forbidden', retryable: false, code: 'private-key' });
}

function refusal(attempt: Attempt, status: number, words: string): { kind: FailureKind; message: string } {
  const said = words === '' ? '' : ` It says: ${words}`;
  switch (status) {
    case 401:
      return {
        kind: 'forbidden',
        message: 'GitHub does not accept the credentials. Check the App or token of the configuration.',
      };
    case 403:
      return {
        kind: 'forbidden',
        message: `GitHub does not allow access to ${attempt.what}. Check the permissions of the App or token.${said}`,
      };
    case 404:
      return {
        kind: 'not-found',
        message: `GitHub does not know ${attempt.what}, or does not show it to this App or token.`,
      };
    case 410:
      return { kind: 'gone', message: `GitHub no longer has ${attempt.what}.` };
    default:
      return { kind: 'refused', message: `GitHub refuses ${attempt.what} (${status}).${said}` };
  }
}

/** Primary and secondary limits: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function pauseOf(attempt: Attempt, { status, headers, data }: Answered): number | undefined {
  const limited = headers['x-ratelimit-remaining']?.toString() === '0' || /rate limit/i.test(complaint(data));
  const after = headers['retry-after'];
  if (status !== 429 && !(status === 403 && (limited || after !== undefined))) return undefined;
  if (after !== undefined) return retryAfter(String(after), attempt.now);
  const reset = Number(headers['x-ratelimit-reset']);
  if (!limited || !Number.isFinite(reset)) return DEFAULT_PAUSE_MS;
  // A second more, because the reset time is given in whole seconds.
  return Math.max(1000, reset * 1000 - attempt.now + 1000);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(value: string, now: number): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? DEFAULT_PAUSE_MS : Math.max(0, date - now);
}

function complaint(data: unknown): string {
  const read = Complaint.safeParse(data);
  if (!read.success) return '';
  const { message = '', errors = [] } = read.data;
  const more = errors.map((error) => (typeof error === 'string' ? error : (error.message ?? error.code ?? '')));
  const words = [message, ...more].filter((word) => word !== '').join('; ');
  return clip(redact(words), 200);
}

function failure(attempt: Attempt, message: string, details: Omit<FailureDetails, 'port'>): PortFailure {
  return new PortFailure(message, { port: attempt.port, ...details });
}
