import type { Place } from '../../../src/domain/catalog.ts';
import type { Account, Person } from '../../../src/domain/person.ts';
import type { Profile } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Log } from '../../../src/ports/log.ts';
import { type ActivityAccount, type Spot, scopeOf } from './activity.ts';
import type { References } from './book.ts';
import type { Connector } from './connector.ts';
import { type Groups, isExternal } from './groups.ts';
import type { Reach } from './mail.ts';
import { repeated } from './repeat.ts';
import type { Member } from './wire.ts';

/** What a roster says is believed for so long, in milliseconds (R25 of the chat rules). */
const FRESH_MS = 300_000;
const MOST_KEPT = 10_000;
/** Somebody waits: a roster that cannot be read is asked again for so long, in milliseconds. */
const WAITED_MS = 1500;

/** Somebody who can be rung or shown a view of their own: the bot's own id of the person, and the name that Teams shows. */
export interface Known {
  readonly id: string;
  readonly name: string;
}

export interface Directory {
  /** Is whoever acted a guest, of another tenant, or nobody that Entra knows? `unread`: Teams could not be asked. */
  external(spot: Spot, user: ActivityAccount): Promise<boolean | 'unread'>;
  /** Throws a PortFailure when Teams has not told us of the person yet, or cannot be asked. */
  profile(account: Account): Promise<Profile>;
  /** Those of these people who are in a place, by their ids in the configuration. Throws a PortFailure. */
  found(people: readonly Person[], place: Place): Promise<ReadonlyMap<string, Known>>;
}

export interface DirectoryParts {
  readonly connector: Connector;
  readonly groups: Pick<Groups, 'told'>;
  readonly references: References;
  /** Tenants whose people may act. */
  readonly tenants: readonly string[];
  readonly reach: Reach;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

export function createDirectory(parts: DirectoryParts): Directory {
  const { connector, groups, references, tenants, reach, clock, log } = parts;
  const members = kept<Member>(clock);
  const rosters = kept<readonly Member[]>(clock);

  function member(conversation: string, serviceUrl: string, user: string): Promise<Member> {
    return members(`${conversation} ${user}`, () => connector.member({ serviceUrl, conversation }, user));
  }

  function roster(place: Pick<Place, 'tenant' | 'channel'>): Promise<readonly Member[]> {
    const { channel } = place;
    return rosters(channel, () => connector.members({ serviceUrl: reach(place), conversation: channel }));
  }

  async function external({ channel, serviceUrl }: Spot, user: ActivityAccount): Promise<boolean | 'unread'> {
    if (user.aadObjectId === undefined) return true;
    try {
      const asked = repeated(parts, () => member(channel, serviceUrl, user.id), WAITED_MS);
      return isExternal(await asked, tenants);
    } catch (error) {
      log.warn({ user: user.aadObjectId, error }, 'teams roster could not be read, treated as external');
      return 'unread';
    }
  }

  async function profile(account: Account): Promise<Profile> {
    const aad = account.system === 'teams' ? account.id.toLowerCase() : '';
    const told = groups.told(aad);
    if (told !== undefined) return told;
    const known = references.person(aad);
    if (known === undefined) throw unheard();
    const where = known.direct ?? known.seenIn;
    const found = await member(where, reach({ tenant: known.tenant, channel: where }), known.user);
    const email = found.email ?? found.principal;
    return { name: found.name, external: isExternal(found, tenants), ...(email === undefined ? {} : { email }) };
  }

  async function found(people: readonly Person[], place: Place): Promise<ReadonlyMap<string, Known>> {
    const result = new Map<string, Known>();
    for (const person of people) {
      const heard = objectIds(person, place.tenant)
        .map(references.person)
        .find((one) => one !== undefined);
      if (heard !== undefined) result.set(person.id, { id: heard.user, name: heard.name });
    }
    const rest = people.filter(({ id }) => !result.has(id));
    if (rest.length === 0 || scopeOf(place.channel) === 'personal') return result;
    const all = await roster(place);
    for (const person of rest) {
      const one = all.find((candidate) => isSame(candidate, person, place.tenant));
      if (one !== undefined) result.set(person.id, { id: one.id, name: one.name });
    }
    return result;
  }

  return { external, profile, found };
}

function objectIds(person: Person, tenant: string): readonly string[] {
  return person.accounts
    .filter((own) => own.system === 'teams' && (own.tenant === undefined || own.tenant === tenant))
    .map(({ id }) => id.toLowerCase());
}

function isSame(member: Member, person: Person, tenant: string): boolean {
  if (member.aad !== undefined && objectIds(person, tenant).includes(member.aad)) return true;
  const addresses = [member.email, member.principal].map((one) => one?.toLowerCase());
  return person.accounts.some(({ system, id }) => system === 'email' && addresses.includes(id.toLowerCase()));
}

/** Answers that are believed for a while; whoever asks while one is under way waits for it. */
function kept<Value>(clock: Clock) {
  const known = new Map<string, { readonly value: Promise<Value>; readonly at: number }>();
  return (key: string, ask: () => Promise<Value>): Promise<Value> => {
    const held = known.get(key);
    if (held !== undefined && clock.now() - held.at < FRESH_MS) return held.value;
    if (known.size >= MOST_KEPT) known.clear();
    const value = ask();
    const entry = { value, at: clock.now() };
    known.set(key, entry);
    value.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return value;
  };
}

function unheard(): PortFailure {
  return new PortFailure('Teams has not told of this person yet', {
    port: 'teams',
    kind: 'not-found',
    retryable: false,
    code: 'person_unheard',
  });
}
