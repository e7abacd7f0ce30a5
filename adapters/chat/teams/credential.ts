import { createPrivateKey, X509Certificate } from 'node:crypto';
import { type ClientAuth, ClientSecretPost, modifyAssertion, PrivateKeyJwt } from 'oauth4webapi';
import type { Clock } from '../../../src/ports/clock.ts';
import { refused } from './failures.ts';
import type { TeamsSettings } from './schema.ts';

/** How long the word of our certificate is good for, in seconds; Microsoft says five to ten minutes. */
const ASSERTION_S = 300;
const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Reads a secret by its reference, as the port `Secrets` does. */
export type Read = (reference: string) => Promise<string>;

/**
 * How the bot shows the login who it is. Read anew for each login, so that a secret in a file may be changed without a restart.
 * @param audience address of the login's token endpoint
 * @throws PortFailure when the secret is not there, is empty, or is not what it is said to be
 */
export async function readCredential(
  { secret, certificate, federated }: TeamsSettings,
  read: Read,
  clock: Clock,
  audience: string,
): Promise<ClientAuth> {
  if (secret !== undefined) return ClientSecretPost(await filled(read, secret));
  if (certificate !== undefined) return signing(certificate, await filled(read, certificate), clock, audience);
  const reference = federated ?? '';
  const assertion = await filled(read, reference);
  return (_server, client, body) => {
    body.set('client_id', client.client_id);
    body.set('client_assertion_type', BEARER);
    body.set('client_assertion', assertion);
  };
}

async function filled(read: Read, reference: string): Promise<string> {
  const value = (await read(reference)).trim();
  if (value !== '') return value;
  throw refused(`The Teams secret ${reference} is empty. Set it and start again`, 'empty_secret');
}

/** Source: learn.microsoft.com, "Application authentication certificate credentials": PS256, and the SHA-256 of the certificate. */
async function signing(reference: string, pem: string, clock: Clock, audience: string): Promise<ClientAuth> {
  const { key, thumbprint } = readPair(reference, pem);
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-256' };
  return PrivateKeyJwt(await key.toCryptoKey(algorithm, false, ['sign']), {
    [modifyAssertion]: (header, payload) => {
      const now = Math.floor(clock.now() / 1000);
      Object.assign(header, { typ: 'JWT', 'x5t#S256': thumbprint });
      Object.assign(payload, { aud: audience, iat: now, nbf: now, exp: now + ASSERTION_S });
    },
  });
}

function readPair(reference: string, pem: string) {
  const wrong = (what: string) =>
    refused(`The Teams certificate ${reference} ${what}. Set it and start again`, 'bad_certificate');
  let key: ReturnType<typeof createPrivateKey>;
  let certificate: X509Certificate;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw wrong('holds no private key that can be read: it needs a PEM block "PRIVATE KEY" without a passphrase');
  }
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw wrong('holds no certificate that can be read: it needs a PEM block "CERTIFICATE" beside the private key');
  }
  if (key.asymmetricKeyType !== 'rsa') throw wrong('is no RSA key, which is what Entra takes');
  if (!certificate.checkPrivateKey(key)) throw wrong('and its private key do not belong together');
  const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
  return { key, thumbprint };
}
