import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { World } from './world.ts';

const ISSUER = 'https://api.botframework.com';
const SCOPE = 'https://api.botframework.com/.default';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How the token of a delivery may be wrong. `foreign-...` are signed well, but for somebody else's business. */
export const FORGERIES = [
  'no-token',
  'garbage',
  'wrong-key',
  'unknown-key',
  'unsigned',
  'wrong-audience',
  'wrong-issuer',
  'expired',
  'not-yet',
  'no-expiry',
  'foreign-tenant',
  'foreign-service-url',
  'other-service-url',
] as const;
export type Forgery = (typeof FORGERIES)[number];

/**
 * Keys are made once a process: botbuilder remembers them by address, and a port may be given away again.
 * `stranger` signs what somebody else sends.
 */
const keys = { ours: pair(), stranger: pair() };

function pair() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = publicKey.export({ format: 'jwk' });
  return { privateKey, jwk, kid: createHash('sha256').update(JSON.stringify(jwk)).digest('base64url').slice(0, 27) };
}

/** What `GET /openid` answers, as login.botframework.com does. */
export function openIdMetadata(origin: string) {
  return {
    issuer: ISSUER,
    authorization_endpoint: 'https://invalid.botframework.com',
    jwks_uri: `${origin}/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
  };
}

/** What `GET /keys` answers. */
export function keySet() {
  const { jwk, kid } = keys.ours;
  return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid, x5t: kid, endorsements: ['msteams'] }] };
}

/** Where the adapter's settings must point to. */
export function cloudOf(origin: string) {
  return {
    openIdMetadata: `${origin}/openid`,
    issuer: ISSUER,
    login: `${origin}/login`,
    scope: SCOPE,
    graph: `${origin}/graph`,
  };
}

/** The Authorization header of a delivery; nothing for one without. */
export function authorization(world: World, serviceUrl: string, forgery?: Forgery): string | undefined {
  if (forgery === 'no-token') return undefined;
  if (forgery === 'garbage') return 'Bearer not.a.token';
  const now = Math.floor(world.now() / 1000);
  const lasts = { nbf: now - 300, exp: now + 3600 };
  const claims = {
    serviceurl: serviceUrl,
    iss: forgery === 'wrong-issuer' ? 'https://api.botframework.example' : ISSUER,
    aud: forgery === 'wrong-audience' ? randomUUID() : world.appId,
    ...lasts,
    // The clocks of two machines may differ by five minutes.
    ...(forgery === 'expired' ? { nbf: now - 7200, exp: now - 301 } : {}),
    ...(forgery === 'not-yet' ? { nbf: now + 400 } : {}),
  };
  const { exp: _exp, ...endless } = claims;
  return `Bearer ${signed(forgery === 'no-expiry' ? endless : claims, forgery)}`;
}

function signed(claims: object, forgery?: Forgery): string {
  const { ours, stranger } = keys;
  const kid = forgery === 'unknown-key' ? stranger.kid : ours.kid;
  const header = { alg: forgery === 'unsigned' ? 'none' : 'RS256', kid, x5t: kid, typ: 'JWT' };
  const said = `${encoded(header)}.${encoded(claims)}`;
  if (forgery === 'unsigned') return `${said}.`;
  const key = forgery === 'wrong-key' || forgery === 'unknown-key' ? stranger.privateKey : ours.privateKey;
  return `${said}.${signature(said, key)}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signature(said: string, key: KeyObject): string {
  return sign('sha256', Buffer.from(said), key).toString('base64url');
}

export interface LoginAnswer {
  readonly status: number;
  readonly body: object;
}

/** `POST /login/{tenant}/oauth2/v2.0/token`: the client credentials flow of Entra. */
export function logIn(world: World, tenant: string, form: URLSearchParams): LoginAnswer {
  if (tenant !== world.tenant)
    return no(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct one`,
    );
  if (form.get('grant_type') !== 'client_credentials')
    return no(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type');
  if (form.get('client_id')?.toLowerCase() !== world.appId)
    return no(400, 'unauthorized_client', 700016, 'Application was not found in the directory');
  // Where the connector has no address of its own (the Playground's desk), there is no Graph either.
  const graph = URL.canParse(world.serviceUrl) ? `${new URL(world.serviceUrl).origin}/.default` : undefined;
  const isForGraph = form.get('scope') === graph;
  if (form.get('scope') !== SCOPE && !isForGraph)
    return no(400, 'invalid_scope', 1002012, 'The provided value for scope is not valid: it must end in /.default');
  const assertion = form.get('client_assertion');
  const proven =
    assertion === null
      ? form.get('client_secret') === world.secret
      : form.get('client_assertion_type') === ASSERTION_TYPE && assertion.split('.').length === 3;
  if (!proven) return no(401, 'invalid_client', 7000215, 'Invalid client secret provided');
  const now = Math.floor(Date.now() / 1000);
  const token = signed({ aud: ISSUER, appid: world.appId, iat: now, exp: now + world.tokenLife, jti: randomUUID() });
  const until = Date.now() + world.tokenLife * 1000;
  // A token is good for one service only.
  if (isForGraph) world.entra.tokens.set(token, { until, permissions: new Set(world.entra.permissions) });
  else world.tokens.set(token, until);
  return {
    status: 200,
    body: { token_type: 'Bearer', expires_in: world.tokenLife, ext_expires_in: world.tokenLife, access_token: token },
  };
}

function no(status: number, error: string, code: number, words: string): LoginAnswer {
  return {
    status,
    body: {
      error,
      error_description: `AADSTS${code}: ${words}.`,
      error_codes: [code],
      timestamp: new Date().toISOString().replace('T', ' ').replace(/\.\d+/, ''),
      trace_id: randomUUID(),
      correlation_id: randomUUID(),
    },
  };
}

/** May whoever shows this header use the connector? */
export function isLoggedIn(world: World, header: string | undefined): boolean {
  const until = world.tokens.get(/^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '');
  return until !== undefined && until > Date.now();
}
