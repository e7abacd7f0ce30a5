import { AppRunnerServiceException } from '@aws-sdk/client-apprunner';
import { PortFailure } from '../../../src/ports/failure.ts';
import {
  type Answered,
  type Attempt,
  answeredFailure,
  misbehaved,
  plainPause,
  silentFailure,
} from '../../shared/http/failure.ts';

const NAMES = { system: 'App Runner', login: 'the AWS credentials' } as const;

/** AWS says most of it by name, with status 400: https://docs.aws.amazon.com/apprunner/latest/api/CommonErrors.html */
const STATUS: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  AccessDeniedException: 403,
  NotAuthorized: 403,
  OptInRequired: 403,
  ExpiredTokenException: 401,
  IncompleteSignature: 401,
  InvalidClientTokenId: 401,
  InvalidSignatureException: 401,
  MissingAuthenticationToken: 401,
  UnrecognizedClientException: 401,
  ThrottlingException: 429,
  TooManyRequestsException: 429,
  RequestLimitExceeded: 429,
};

/** App Runner works on something else, and says neither what nor for how long. */
const BUSY_MS = 15_000;

/** The SDK's error as a PortFailure. @param late the call was broken off because it took too long */
export function translated(trying: Omit<Attempt, 'system' | 'login'>, error: unknown, late: boolean): PortFailure {
  const attempt: Attempt = { ...trying, ...NAMES };
  if (late) return silentFailure(attempt, error, true);
  const name = error instanceof Error ? error.name : '';
  // No credentials were found, so nothing was sent.
  if (name === 'CredentialsProviderError') {
    const message = 'No AWS credentials were found. Give the programme a role, a profile or the usual variables.';
    return new PortFailure(message, { port: trying.port, kind: 'forbidden', retryable: false, code: 'no-credentials' });
  }
  // The SDK could not read the answer.
  if (error instanceof SyntaxError) return misbehaved(attempt, 'it is not JSON');
  if (!(error instanceof AppRunnerServiceException)) return silentFailure(attempt, error, false);
  if (name === 'InvalidStateException') return busy(trying.port);
  const answer = answeredBy(error, name);
  const failure = answeredFailure(attempt, answer, { complaint: () => error.message, pause: plainPause });
  return new PortFailure(failure.message, { ...failure.details, code: name });
}

export function busy(port: string): PortFailure {
  const message = 'App Runner works on this service already, and does one thing at a time. It is tried again.';
  const details = {
    port,
    kind: 'refused',
    retryable: true,
    retryAfterMs: BUSY_MS,
    code: 'InvalidStateException',
  } as const;
  return new PortFailure(message, details);
}

function answeredBy({ $metadata, $response }: AppRunnerServiceException, name: string): Answered {
  const headers = ($response?.headers ?? {}) as Answered['headers'];
  const known = Object.hasOwn(STATUS, name) ? STATUS[name] : undefined;
  return { status: known ?? $metadata.httpStatusCode ?? 500, headers, data: undefined };
}
