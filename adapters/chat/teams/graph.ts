import { z } from 'zod';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import { pooledFetch } from '../../shared/http/fenced-fetch.ts';
import { parsed, retryAfter } from './call.ts';
import { textOf, withDeadline } from './deadline.ts';
import { misbehaved, refused, silent } from './failures.ts';
import { graphDenied, graphPaused, graphVeiled } from './graph-failures.ts';
import { repeated } from './repeat.ts';
import type { TeamsSettings } from './schema.ts';
import { isSealed, type Tokens } from './tokens.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 4_000_000;
/** The most that Graph takes for `$top`. */
const PAGE = '999';
/** Some 60,000 people: nobody means a group of that size to approve. */
const MOST_PAGES = 60;
/** Somebody waits: a page that cannot be read is asked for again for so long, in milliseconds. */
const WAITED_MS = 1500;
/** Pause after a 429 that names none, and the longest that is believed, in milliseconds. */
const USUAL_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 3_600_000;

const word = z.string().nullish();
const userShape = z.object({
  id: z.guid(),
  displayName: word,
  mail: word,
  userPrincipalName: word,
  userType: word,
  /** Null when the bot may not know. */
  accountEnabled: z.boolean().nullish(),
});
const page = z.object({ value: z.array(userShape), '@odata.nextLink': word });
const FIELDS = Object.keys(userShape.shape).join(',');

/** Somebody in a group of Entra whose account is enabled. */
export interface GroupUser {
  /** Object id, in small letters. */
  readonly id: string;
  readonly name: string;
  readonly mail?: string;
  readonly principal?: string;
  /** Invited from elsewhere. */
  readonly guest: boolean;
}

/** What we ask Microsoft Graph. */
export interface Graph {
  /**
   * People in a group, also through groups within it, without those whose accounts are disabled. Read anew each time.
   * @param group object id
   * @throws PortFailure when not everybody of it could be read, or not whether they are enabled
   */
  users(group: string): Promise<readonly GroupUser[]>;
}

export interface GraphParts {
  readonly settings: TeamsSettings;
  /** Tokens of `graphScope`: they go to no other address than `cloud.graph`. */
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** What tokens for Graph are for: the host that they are shown to. Source: https://learn.microsoft.com/graph/sdks/national-clouds */
export function graphScope({ cloud }: TeamsSettings): string {
  return `${new URL(cloud.graph).origin}/.default`;
}

/** The cast to users is an advanced query. Source: https://learn.microsoft.com/graph/aad-advanced-queries */
const HEADERS = { accept: 'application/json', consistencylevel: 'eventual' };

export function createGraph(parts: GraphParts): Graph {
  const { settings, tokens, clock, log } = parts;
  const base = settings.cloud.graph.replace(/\/+$/, '');
  let pausedUntil = 0;

  /** Permissions are written into a token: when one is missing the token is given up, since the next one may have it. */
  async function asked(url: string): Promise<z.infer<typeof page>> {
    if (pausedUntil > clock.now()) throw graphPaused(pausedUntil - clock.now());
    const token = await tokens.token();
    const { answer, body } = await sent(url, token);
    if (!answer.ok) throw denial(answer, body, token);
    const read = page.safeParse(parsed(body));
    if (!read.success) throw misbehaved('something is missing in the members of a group', { nature: 'safe' });
    if (read.data.value.some(({ accountEnabled }) => typeof accountEnabled !== 'boolean')) {
      tokens.refused(token);
      throw graphVeiled();
    }
    return read.data;
  }

  async function sent(url: string, token: string): Promise<{ readonly answer: Response; readonly body: string }> {
    const headers = { ...HEADERS, authorization: `Bearer ${token}` };
    const given = await withDeadline(clock, TIMEOUT_MS, async (signal) => {
      const answer = await pooledFetch(url, { headers, signal, redirect: 'manual' });
      return { answer, body: await textOf(answer, MOST_BYTES) };
    }).catch((error: unknown) => {
      throw silent(error, { nature: 'safe' }, 'Microsoft Graph');
    });
    if (given.body === undefined) throw misbehaved('it does not end', { nature: 'safe' });
    return { answer: given.answer, body: given.body };
  }

  function denial(answer: Response, body: string, token: string): Error {
    const { status } = answer;
    log.debug({ status }, 'graph said no');
    if (status === 429) {
      const asks = retryAfter(answer.headers.get('retry-after'), clock.now()) ?? USUAL_PAUSE_MS;
      const retryAfterMs = Math.min(asks, LONGEST_PAUSE_MS);
      pausedUntil = clock.now() + retryAfterMs;
      return graphDenied({ status, body }, { retryAfterMs });
    }
    const renewed = (status === 401 || status === 403) && tokens.refused(token);
    return graphDenied({ status, body }, { renewed: renewed && status === 401 });
  }

  return {
    async users(group) {
      if (!isSealed(base))
        throw refused('The address cloud.graph of the Teams chat has to begin with https', 'insecure_graph');
      const all: GroupUser[] = [];
      const seen = new Set<string>();
      let url: string | undefined = firstOf(base, group);
      while (url !== undefined) {
        if (seen.size >= MOST_PAGES || seen.has(url)) throw misbehaved('a group that does not end', { nature: 'safe' });
        seen.add(url);
        const here: string = url;
        const { value, '@odata.nextLink': next } = await repeated(parts, () => asked(here), WAITED_MS);
        all.push(...value.flatMap(enabled));
        url = typeof next === 'string' && next !== '' ? within(base, next) : undefined;
      }
      return all;
    },
  };
}

function firstOf(base: string, group: string): string {
  const query = new URLSearchParams({ $select: FIELDS, $count: 'true', $top: PAGE });
  return `${base}/v1.0/groups/${encodeURIComponent(group)}/transitiveMembers/microsoft.graph.user?${query}`;
}

/** The next page, if it is at the same address: our token goes there. */
function within(base: string, next: string): string {
  const url = URL.parse(next);
  const isOurs = url?.origin === new URL(base).origin && url.username === '' && url.password === '';
  if (isOurs) return next;
  throw misbehaved('its next page is somewhere else', { nature: 'safe' });
}

function enabled(user: z.infer<typeof userShape>): readonly GroupUser[] {
  const { id, displayName, mail, userPrincipalName, userType, accountEnabled } = user;
  if (accountEnabled !== true) return [];
  return [
    {
      id: id.toLowerCase(),
      name: displayName ?? '',
      ...(filled(mail) ? { mail } : {}),
      ...(filled(userPrincipalName) ? { principal: userPrincipalName } : {}),
      guest: userType?.toLowerCase() === 'guest',
    },
  ];
}

function filled(value: string | null | undefined): value is string {
  return typeof value === 'string' && value !== '';
}
