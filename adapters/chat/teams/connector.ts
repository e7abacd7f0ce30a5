import { z } from 'zod';
import type { Fence } from '../../../src/ports/fence.ts';
import { type Call, type CallParts, createCaller } from './call.ts';
import { misbehaved } from './failures.ts';
import { roomOf } from './pace.ts';
import type { Address, Member, OutgoingActivity } from './wire.ts';

/**
 * The calls we make to the Bot Connector. Each is made once: what may be repeated is repeated by whoever asked for it. Faults are
 * PortFailures; a failure of the fence comes through as it is.
 */
export interface Connector {
  /** A new message in a conversation: a reply where the id names a thread. Returns the message's id. */
  post(to: Address, activity: OutgoingActivity, how?: Sending): Promise<string>;
  /** A new root message in a channel. Returns its id. */
  begin(channel: Address, tenant: string, activity: OutgoingActivity, how?: Sending): Promise<string>;
  /** Changes a message in place. */
  update(at: Address, id: string, activity: OutgoingActivity, fence?: Fence): Promise<void>;
  /** Shown to one member only (`activity.recipient`). */
  target(to: Address, activity: OutgoingActivity, how?: Sending): Promise<void>;
  /** The conversation with one person alone; the same one each time. */
  direct(serviceUrl: string, tenant: string, user: string): Promise<string>;
  /** One member of a conversation, by `29:...` or by object id. */
  member(at: Address, user: string): Promise<Member>;
  /**
   * Everybody in a conversation or team; nobody when a page is missing.
   * @param patiently asks for one page, again where that may help; once when absent
   */
  members(at: Address, patiently?: <Page>(ask: () => Promise<Page>) => Promise<Page>): Promise<readonly Member[]>;
}

export interface Sending {
  readonly fence?: Fence | undefined;
  /** Somebody waits for it: held back by nothing but Teams itself. */
  readonly urgent?: boolean;
}

const PAGE = '500';
/** More people than the largest team has (25,000). */
const MOST_PAGES = 60;

/** A JSON string of `null` or nothing at all: what Teams leaves out it sometimes sends as null. */
const word = z.string().nullish();
/** Teams may say something or nothing, as long as it is Teams that says it. */
const taken = z.unknown().refine((answer) => answer !== undefined);
const named = z.object({ id: z.string().min(1) });
const begun = z.object({ id: word, activityId: word });
/** `aadObjectId` is the name of the Bot Framework, `objectId` that of Teams. */
const memberShape = z
  .object({
    id: z.string().min(1),
    name: word,
    objectId: word,
    aadObjectId: word,
    userPrincipalName: word,
    email: word,
    tenantId: word,
    userRole: word,
  })
  .transform(
    (one): Member => ({
      id: one.id,
      name: one.name ?? '',
      ...known('aad', (one.aadObjectId ?? one.objectId)?.toLowerCase()),
      ...known('email', one.email),
      ...known('principal', one.userPrincipalName),
      ...known('tenant', one.tenantId?.toLowerCase()),
      ...known('role', one.userRole),
    }),
  );
const page = z.object({ members: z.array(memberShape), continuationToken: word });

/**
 * Our own sender over the Bot Connector's REST API, and not botbuilder's `ConnectorClient`: that one repeats a POST after 500, 502, 503
 * and a broken connection, which doubles messages, and neither `noRetryPolicy` nor `maxRetries: 0` stops it; nor can it ask a fence in
 * the last moment or send a targeted message. Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 */
export function createConnector(parts: CallParts): Connector {
  const call = createCaller(parts);
  const bot = { id: `28:${parts.settings.appId}` };

  const activities = (to: Address, body: unknown, how: Sending = {}) =>
    ({ ...send(to), ...how, path: ['conversations', to.conversation, 'activities'], body }) as const;

  return {
    post: async (to, activity, how) => (await call(activities(to, activity, how), named)).id,
    begin: async (channel, tenant, activity, how = {}) => {
      const channelData = { channel: { id: roomOf(channel.conversation) }, tenant: { id: tenant } };
      const body = { isGroup: true, bot, tenantId: tenant, channelData, activity };
      const { id, activityId } = await call({ ...send(channel), ...how, path: ['conversations'], body }, begun);
      const root = activityId ?? /;messageid=(\d+)/.exec(id ?? '')?.[1];
      if (root === undefined || root === '') throw misbehaved('a message without an id', { nature: 'post' });
      return root;
    },
    update: async (at, id, activity, fence) => {
      const path = ['conversations', at.conversation, 'activities', id];
      await call({ ...send(at), method: 'PUT', nature: 'safe', path, body: activity, fence }, taken);
    },
    target: async (to, activity, how) => {
      await call({ ...activities(to, activity, how), query: { isTargetedActivity: 'true' } }, taken);
    },
    direct: async (serviceUrl, tenant, user) => {
      const members = [{ id: user }];
      const body = { isGroup: false, bot, members, tenantId: tenant, channelData: { tenant: { id: tenant } } };
      const at = send({ serviceUrl, conversation: user });
      return (await call({ ...at, nature: 'safe', missing: 'not-found', path: ['conversations'], body }, named)).id;
    },
    member: (at, user) =>
      // Asked when somebody acts: they wait, and our own pace must not make strangers of them.
      call(
        { ...ask(at), urgent: true, path: ['conversations', roomOf(at.conversation), 'members', user] },
        memberShape,
      ),
    members: async (at, patiently = (asking) => asking()) => {
      const path = ['conversations', roomOf(at.conversation), 'pagedmembers'];
      const all: Member[] = [];
      const seen = new Set<string>();
      let more: { continuationToken?: string } = {};
      for (;;) {
        const query = { pageSize: PAGE, ...more };
        const { members, continuationToken } = await patiently(() => call({ ...ask(at), path, query }, page));
        all.push(...members);
        if (typeof continuationToken !== 'string' || continuationToken === '') return all;
        if (seen.size + 1 >= MOST_PAGES || seen.has(continuationToken))
          throw misbehaved('a roster that does not end', { nature: 'safe' });
        seen.add(continuationToken);
        more = { continuationToken };
      }
    },
  };
}

type Kind = Pick<Call, 'serviceUrl' | 'conversation' | 'method' | 'nature' | 'missing' | 'traffic'>;

function send({ serviceUrl, conversation }: Address): Kind {
  return { serviceUrl, conversation, method: 'POST', nature: 'post', missing: 'gone', traffic: 'send' };
}

function ask({ serviceUrl, conversation }: Address): Kind {
  return { serviceUrl, conversation, method: 'GET', nature: 'safe', missing: 'not-found', traffic: 'roster' };
}

function known<Key extends keyof Member>(key: Key, value: string | null | undefined): Partial<Record<Key, string>> {
  return value === null || value === undefined || value === '' ? {} : ({ [key]: value } as Record<Key, string>);
}
