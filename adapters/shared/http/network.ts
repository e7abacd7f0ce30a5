/** Errors after which the request certainly never left this machine: nothing can have happened. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** The network's own word for a failed call, e.g. `ECONNRESET`, however deep it lies. */
export function networkCode(error: unknown): string | undefined {
  let at: unknown = error;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    at = 'cause' in at ? at.cause : undefined;
  }
  return undefined;
}

/** Did a call with this word of the network certainly never leave this machine? */
export function isNeverSent(code: string | undefined): boolean {
  return code !== undefined && NEVER_SENT.includes(code);
}
