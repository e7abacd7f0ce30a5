import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Whoever knows the secret of the key is let in. */
export interface Key {
  readonly id: string;
  readonly secret: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

/**
 * Why a request is not signed with this key for this service and region; nothing when it is. Written from the description, not from the SDK:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureFault(
  { method = '', url = '/', headers }: IncomingMessage,
  body: string,
  key: Key,
  scope: { readonly service: string; readonly region: string },
): string | undefined {
  const [, id, day = '', region = '', service = '', names = '', given = ''] =
    FORM.exec(headers.authorization ?? '') ?? [];
  if (id === undefined) return 'MissingAuthenticationToken';
  if (id !== key.id) return 'UnrecognizedClientException';
  if (service !== scope.service || region !== scope.region) return 'InvalidSignatureException';
  const signed = names.split(';');
  const mustBe = ['host', 'x-amz-date', 'x-amz-target'];
  if (mustBe.some((name) => !signed.includes(name))) return 'IncompleteSignature';
  const [path = '/', query = ''] = url.split('?');
  const lines = signed.map(
    (name) =>
      `${name}:${String(headers[name] ?? '')
        .trim()
        .replace(/\s+/g, ' ')}\n`,
  );
  const canonical = [method, path, query, lines.join(''), names, sha256(body)].join('\n');
  const place = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), place, sha256(canonical)].join('\n');
  const signing = [region, service, 'aws4_request'].reduce<Buffer>(hmac, hmac(`AWS4${key.secret}`, day));
  const expected = hmac(signing, text);
  return timingSafeEqual(expected, Buffer.from(given, 'hex')) ? undefined : 'InvalidSignatureException';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
