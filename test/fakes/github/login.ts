import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { Refused, type Reply } from './calls.ts';
import { example } from './openapi.ts';

/** Who may call: one token, and one App with one installation. */
export interface Doorkeeper {
  readonly token: string;
  readonly appId: number;
  readonly installationId: number;
  /** The App's key, made when it is first asked for. */
  privateKey(): string;
  /** Throws Refused 401 unless the header carries the token or one that an installation was given. */
  admit(authorization: string | undefined): void;
  /** Exchanges the App's signed word for an installation token. */
  exchange(installation: string, authorization: string | undefined): Reply;
}

export function createDoorkeeper(token: string): Doorkeeper {
  const [appId, installationId] = [4711, 99];
  const issued = new Set([token]);
  let pair: { privateKey: string; publicKey: string } | undefined;

  function keys() {
    pair ??= generateKeyPairSync('rsa', {
      modulusLength: 2048,
      // GitHub hands out keys in this form.
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    return pair;
  }

  function admit(authorization: string | undefined): void {
    const [, given = ''] = /^(?:token|bearer) (.+)$/i.exec(authorization ?? '') ?? [];
    if (!issued.has(given)) throw new Refused(401, 'Bad credentials');
  }

  function exchange(installation: string, authorization: string | undefined): Reply {
    const [, jwt = ''] = /^bearer (.+)$/i.exec(authorization ?? '') ?? [];
    if (!isSignedBy(keys().publicKey, jwt, appId)) throw new Refused(401, 'A JSON web token could not be decoded');
    if (installation !== String(installationId)) throw new Refused(404, 'Not Found');
    const fresh = `ghs_${issued.size}${'x'.repeat(36)}`;
    issued.add(fresh);
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    return { status: 201, body: { ...example('installation-token'), token: fresh, expires_at: expires } };
  }

  return { token, appId, installationId, privateKey: () => keys().privateKey, admit, exchange };
}

/** RS256 over the first two parts, by this App, not expired and for ten minutes at most. */
function isSignedBy(publicKey: string, jwt: string, appId: number): boolean {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const key = createPublicKey(publicKey);
  const fits = verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'));
  if (!fits) return false;
  const { iss, exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, number>;
  const now = Date.now() / 1000;
  return Number(iss) === appId && exp !== undefined && iat !== undefined && exp > now && exp - iat <= 660;
}
