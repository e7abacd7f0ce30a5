import { createLocalJWKSet, decodeProtectedHeader, type JWK, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../../src/ports/clock.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { TeamsSettings } from './schema.ts';

/** Keys are believed for a day; a key nobody has heard of makes us ask again, but not more often than this. */
const BELIEVED_MS = 24 * 3_600_000;
const ASK_AGAIN_MS = 60_000;
const PATIENCE_MS = 10_000;
/** The clocks of two machines may differ by this much, in seconds. */
const TOLERANCE_S = 300;

/** Why a delivery is not believed. The words are for our log: whoever sent it is told nothing. */
export class Unbelieved extends Error {}

export interface Verifier {
  /**
   * Returns when the Bot Connector has signed a delivery for this bot, from this address.
   * @throws Unbelieved when it has not; PortFailure when its keys cannot be read now
   */
  verify(authorization: string | null, serviceUrl: string): Promise<void>;
}

interface Keys {
  readonly keys: (JWK & { readonly endorsements?: readonly string[] })[];
}
/** Keys as they were read; `named` keeps those that it has made ready. */
interface Held extends Keys {
  readonly named: ReturnType<typeof createLocalJWKSet>;
  readonly at: number;
}
const metadataShape = z.object({ jwks_uri: z.url() });
const keysShape = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), endorsements: z.array(z.string()).optional() })),
});

/**
 * Checks the token of a delivery: signature, issuer, audience, lifetime, the channel that the key is for, and the address that answers
 * go to. Not botbuilder's own check: that one prints to the terminal whatever a stranger sends, and lets everybody in when it is set
 * up without an app id. Source: learn.microsoft.com, "Authenticate requests from the Bot Connector service".
 */
export function createVerifier({ appId, cloud }: TeamsSettings, clock: Clock, ask: typeof fetch): Verifier {
  let held: Held | undefined;
  let asking: Promise<Held> | undefined;

  function fresh(): Promise<Held> {
    asking ??= readKeys(cloud.openIdMetadata, ask)
      .then((keys) => {
        held = { ...keys, named: createLocalJWKSet(keys), at: clock.now() };
        return held;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  }

  async function keysFor(kid: string | undefined): Promise<Held> {
    if (held === undefined || clock.now() - held.at > BELIEVED_MS) return fresh();
    const known = held.keys.some((key) => key.kid === kid);
    return known || clock.now() - held.at < ASK_AGAIN_MS ? held : fresh();
  }

  return {
    async verify(authorization, serviceUrl) {
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1];
      if (token === undefined) throw new Unbelieved('there is no token');
      const kid = keyOf(token);
      const { keys, named } = await keysFor(kid);
      const endorsed = keys.find((key) => key.kid === kid)?.endorsements;
      if (endorsed !== undefined && endorsed.length > 0 && !endorsed.includes('msteams'))
        throw new Unbelieved('the key is not for Teams');
      const { payload } = await jwtVerify(token, named, {
        issuer: cloud.issuer,
        audience: appId,
        algorithms: ['RS256', 'RS384', 'RS512'],
        clockTolerance: TOLERANCE_S,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp'],
      }).catch((error: unknown) => {
        throw new Unbelieved(error instanceof Error ? error.message : 'the token is not valid');
      });
      if (address(payload['serviceurl']) !== address(serviceUrl))
        throw new Unbelieved('the token is for another service address');
    },
  };
}

function keyOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch {
    throw new Unbelieved('the token cannot be read');
  }
}

function address(url: unknown): string {
  return typeof url === 'string' ? url.toLowerCase().replace(/\/+$/, '') : '';
}

async function readKeys(metadataUrl: string, ask: typeof fetch): Promise<Keys> {
  const metadata = metadataShape.safeParse(await readJson(metadataUrl, ask));
  if (!metadata.success) throw unreadable();
  const keys = keysShape.safeParse(await readJson(metadata.data.jwks_uri, ask));
  if (!keys.success) throw unreadable();
  return keys.data as Keys;
}

async function readJson(url: string, ask: typeof fetch): Promise<unknown> {
  try {
    const answer = await ask(url, {
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: { accept: 'application/json' },
    });
    if (answer.ok) return await answer.json();
  } catch (error) {
    throw unreadable(error);
  }
  throw unreadable();
}

function unreadable(cause?: unknown): PortFailure {
  return new PortFailure('The keys that sign deliveries of Teams cannot be read', {
    port: 'teams',
    kind: 'unreachable',
    retryable: true,
    ...(cause === undefined ? {} : { cause }),
  });
}
