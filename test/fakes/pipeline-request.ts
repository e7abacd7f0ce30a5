import type { StartRequest } from '../../src/ports/pipeline.ts';

const SHA = 'a'.repeat(40);

/** A request of that number, for a provider in memory. */
export function request(number: number): StartRequest {
  return {
    correlation: `cs-${number}`,
    deployment: `D-${number}`,
    service: 'shop',
    environment: 'staging',
    repository: 'acme/web',
    sha: SHA,
    kind: 'regular',
    requester: 'Anna Lind',
    settings: {},
    timeoutMs: 60_000,
  };
}
