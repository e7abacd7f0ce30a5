/** Largest form that is read, in bytes. */
const BODY_LIMIT = 16_384;

/**
 * No inline script or style, nothing from elsewhere, no frame around us. The referrer goes to ourselves only, but it goes: under
 * `no-referrer` browsers send `Origin: null` with forms, and the check below would refuse our own page.
 */
export const SAFETY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Is the request for a name of ours? A page of somebody else whose name was made to point at this machine (DNS rebinding) comes
 * under that name, and is turned away. The name of `baseUrl` is ours too.
 */
export function hostAllowed(request: Request, baseUrl: string | undefined): boolean {
  const host = hostOf(request);
  if (host === undefined) return false;
  const name = hostname(host);
  return name !== undefined && (LOOPBACK.includes(name) || (baseUrl !== undefined && host === new URL(baseUrl).host));
}

/** Was it sent by a page of ours? A request that says nothing of its origin was not. */
export function fromOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return false;
  const origin = request.headers.get('origin');
  if (origin === null) return site === 'same-origin';
  return URL.canParse(origin) && new URL(origin).host === hostOf(request);
}

export type Body =
  | { readonly kind: 'form'; readonly fields: URLSearchParams }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'no-form' };

/** The fields of a posted form, read up to the limit and no further. */
export async function formBody(request: Request, limit = BODY_LIMIT): Promise<Body> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return { kind: 'no-form' };
  if (Number(request.headers.get('content-length') ?? 0) > limit) return { kind: 'too-large' };
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of request.body ?? []) {
    size += piece.byteLength;
    if (size > limit) return { kind: 'too-large' };
    pieces.push(piece);
  }
  return { kind: 'form', fields: new URLSearchParams(Buffer.concat(pieces).toString('utf8')) };
}

function hostOf(request: Request): string | undefined {
  return request.headers.get('host') ?? new URL(request.url).host;
}

function hostname(host: string): string | undefined {
  const address = `http://${host}`;
  if (!/^[\w.:[\]-]+$/.test(host) || !URL.canParse(address)) return undefined;
  return new URL(address).hostname;
}
