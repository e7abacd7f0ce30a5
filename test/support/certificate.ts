import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate of our own making and its private key, both as PEM. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

const COMMON_NAME = '550403';
/** `2.5.29.17` of RFC 5280, 4.2.1.6; an address stands there as its bytes under the tag `[7]`. */
const ALTERNATIVE_NAME = '551d11';
const LOOPBACK = Buffer.from([127, 0, 0, 1]);
const ALGORITHMS = { rsa: '2a864886f70d01010b', ec: '2a8648ce3d040302' };

/** Signs a certificate of `127.0.0.1` with its own key, as RFC 5280 lays it out, good for all of this century. */
export function selfSigned(kind: 'rsa' | 'ec'): SelfSigned {
  const { privateKey, publicKey } = pairOf(kind);
  const algorithm = der(0x30, der(0x06, Buffer.from(ALGORITHMS[kind], 'hex')), ...(kind === 'rsa' ? [der(0x05)] : []));
  const name = der(
    0x30,
    der(0x31, der(0x30, der(0x06, Buffer.from(COMMON_NAME, 'hex')), der(0x0c, Buffer.from('bot')))),
  );
  const validity = der(0x30, ...['20000101000000Z', '20991231235959Z'].map((time) => der(0x18, Buffer.from(time))));
  const subjectKey = publicKey.export({ type: 'spki', format: 'der' });
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const names = der(0x04, der(0x30, der(0x87, LOOPBACK)));
  const extensions = der(0xa3, der(0x30, der(0x30, der(0x06, Buffer.from(ALTERNATIVE_NAME, 'hex')), names)));
  const body = der(0x30, version, der(0x02, Buffer.from([1])), algorithm, name, validity, name, subjectKey, extensions);
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  return {
    certificate: pem('CERTIFICATE', der(0x30, body, algorithm, signature)),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

function pairOf(kind: 'rsa' | 'ec'): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return kind === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
