import { PortFailure } from '../../../src/ports/failure.ts';
import type { Route } from '../../../src/ports/http.ts';
import type { Log } from '../../../src/ports/log.ts';
import { activityShape, type TeamsActivity, tenantOf } from './activity.ts';
import type { InvokeAnswer } from './bot.ts';
import { Unbelieved, type Verifier } from './verify.ts';

/** Where the Bot Connector delivers. */
const PATH = '/api/messages';

export interface DoorParts {
  readonly verifier: Verifier;
  /** Tenants that are served; every other one is refused before any work (R36). */
  readonly tenants: readonly string[];
  /** May answers go to this address? */
  readonly isAllowed: (serviceUrl: string) => boolean;
  readonly log: Log;
}

export interface Door {
  readonly route: Route;
  open(hear: (activity: TeamsActivity) => Promise<InvokeAnswer>): void;
  close(): void;
}

/** The one way in. Whoever is refused learns nothing but that. */
export function createDoor(parts: DoorParts): Door {
  let hear: ((activity: TeamsActivity) => Promise<InvokeAnswer>) | undefined;

  async function handle(request: Request): Promise<Response> {
    if (hear === undefined) return new Response(null, { status: 503, headers: { 'retry-after': '5' } });
    const activity = await read(request);
    if (activity === undefined) return new Response(null, { status: 400 });
    const refused = await refusal(parts, request, activity);
    if (refused !== undefined) return new Response(null, { status: refused });
    try {
      const { status, body } = await hear(activity);
      return body === undefined ? new Response(null, { status }) : Response.json(body, { status });
    } catch (error) {
      parts.log.error({ error, type: activity.type }, 'teams delivery failed');
      return new Response(null, { status: 500 });
    }
  }

  return {
    route: { method: 'POST', path: PATH, handle },
    open: (given) => {
      hear = given;
    },
    close: () => {
      hear = undefined;
    },
  };
}

async function read(request: Request): Promise<TeamsActivity | undefined> {
  try {
    return activityShape.safeParse(await request.json()).data;
  } catch {
    return undefined;
  }
}

/** The status that refuses a delivery; nothing when it is to be believed. */
async function refusal(parts: DoorParts, request: Request, activity: TeamsActivity): Promise<number | undefined> {
  const { verifier, tenants, isAllowed, log } = parts;
  const tenant = tenantOf(activity);
  try {
    await verifier.verify(request.headers.get('authorization'), activity.serviceUrl);
  } catch (error) {
    if (error instanceof PortFailure) {
      log.error({ error }, 'teams delivery could not be checked');
      return 503;
    }
    if (!(error instanceof Unbelieved)) throw error;
    log.warn({ reason: error.message }, 'teams delivery refused');
    return 401;
  }
  if (activity.channelId !== 'msteams' || !tenants.includes(tenant)) {
    log.warn({ tenant, channel: activity.channelId }, 'teams delivery of a foreign tenant');
    return 403;
  }
  if (!isAllowed(activity.serviceUrl)) {
    log.warn({ tenant }, 'teams delivery with a service address that is not allowed');
    return 403;
  }
  return undefined;
}
