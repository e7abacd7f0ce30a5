import { clip } from '../../../src/domain/text.ts';
import { type FailureDetails, type FailureKind, PortFailure } from '../../../src/ports/failure.ts';
import { isNeverSent, networkCode } from './network.ts';
import { redact } from './redact.ts';

/** What was being done when it failed, so that the failure can say so. */
export interface Attempt {
  /** Id of the port, for the failure's details. */
  readonly port: string;
  /** The system's name as people call it: `GitHub`, `Jenkins`. */
  readonly system: string;
  /** In words, after "GitHub ...": `run 812 of acme/web`. */
  readonly what: string;
  /** The call changes something there: a lost answer leaves it in doubt. */
  readonly writes: boolean;
  /** Milliseconds since 1970, to turn a reset time into a pause. */
  readonly now: number;
  /** What to check when the login is refused: `the App or token`. */
  readonly login: string;
}

/** The parts of an answer that matter. Names of headers are in lower case. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** How a system says no, where it differs from plain HTTP. */
export interface Manner {
  /** Its own words out of the body of a refusal; empty when there are none. */
  complaint(data: unknown): string;
  /** The pause it asks for in milliseconds; nothing when the answer asks for none. */
  pause(answer: Answered, now: number): number | undefined;
}

/** Without a word of the system's own: a minute of silence. */
export const DEFAULT_PAUSE_MS = 60_000;

/** The system answered, and the answer is a refusal or a fault. */
export function answeredFailure(attempt: Attempt, answer: Answered, manner: Manner): PortFailure {
  const { system, what } = attempt;
  const code = `${answer.status}`;
  const pause = manner.pause(answer, attempt.now);
  if (pause !== undefined) {
    const message = `${system} asks for a pause: its rate limit is used up.`;
    return failure(attempt, message, { kind: 'rate-limited', retryable: true, retryAfterMs: pause, code });
  }
  if (answer.status >= 500) {
    const message = `${system} has trouble of its own (${answer.status}) with ${what}.`;
    const doubt = attempt.writes ? { inDoubt: true } : {};
    return failure(attempt, message, { kind: 'unreachable', retryable: true, code, ...doubt });
  }
  const { kind, message } = refusal(attempt, answer.status, clip(redact(manner.complaint(answer.data)), 200));
  return failure(attempt, message, { kind, retryable: false, code });
}

/** No answer came: refused connection, reset, silence. */
export function silentFailure(attempt: Attempt, error: unknown, timedOut: boolean): PortFailure {
  const code = networkCode(error);
  const sent = !isNeverSent(code);
  const doubt = attempt.writes && sent ? { inDoubt: true } : {};
  const word = code === undefined ? {} : { code };
  if (timedOut) {
    const message = `${attempt.system} did not answer in time about ${attempt.what}.`;
    return failure(attempt, message, { kind: 'timeout', retryable: true, ...doubt, ...word });
  }
  const message = `${attempt.system} cannot be reached${code === undefined ? '' : ` (${code})`}.`;
  return failure(attempt, message, { kind: 'unreachable', retryable: true, ...doubt, ...word });
}

/** The system said yes, but not in a form that can be understood: nothing may be concluded from it. */
export function misbehaved(attempt: Attempt, detail: string): PortFailure {
  const said = clip(redact(detail), 200);
  const message = `${attempt.system} gave an answer about ${attempt.what} that cannot be understood: ${said}`;
  const doubt = attempt.writes ? { inDoubt: true } : {};
  return failure(attempt, message, { kind: 'misbehaved', retryable: false, ...doubt });
}

/** A pause in seconds or as an HTTP date (RFC 9110, 10.2.3), in milliseconds. */
export function retryAfter(value: string, now: number): number {
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? DEFAULT_PAUSE_MS : Math.max(0, date - now);
}

/** Plain HTTP: 429, and 503 that names its pause. */
export function plainPause({ status, headers }: Answered, now: number): number | undefined {
  const after = headers['retry-after'];
  if (status !== 429 && !(status === 503 && after !== undefined)) return undefined;
  return after === undefined ? DEFAULT_PAUSE_MS : retryAfter(String(after), now);
}

function refusal(attempt: Attempt, status: number, words: string): { kind: FailureKind; message: string } {
  const { system, what, login } = attempt;
  const said = words === '' ? '' : ` It says: ${words}`;
  switch (status) {
    case 401:
      return {
        kind: 'forbidden',
        message: `${system} does not accept the credentials. Check ${login} of the configuration.`,
      };
    case 403:
      return {
        kind: 'forbidden',
        message: `${system} does not allow access to ${what}. Check the permissions of ${login}.${said}`,
      };
    case 404:
      return { kind: 'not-found', message: `${system} does not know ${what}, or does not show it to ${login}.` };
    case 410:
      return { kind: 'gone', message: `${system} no longer has ${what}.` };
    default:
      return { kind: 'refused', message: `${system} refuses ${what} (${status}).${said}` };
  }
}

function failure(attempt: Attempt, message: string, details: Omit<FailureDetails, 'port'>): PortFailure {
  return new PortFailure(message, { port: attempt.port, ...details });
}
