/** Errors after which the request certainly never left this machine: nothing can have happened. */
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'];

/** Words of Node for a certificate that is not trusted (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const UNTRUSTED = /CERT|LEAF_SIGNATURE|^ERR_TLS_/;

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
  return code !== undefined && (NEVER_SENT.includes(code) || UNTRUSTED.test(code));
}
