import type { Account } from '../../../src/domain/person.ts';
import type { Profile } from '../../../src/ports/chat.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { References } from './book.ts';
import type { Connector } from './connector.ts';
import { refused } from './failures.ts';
import type { Graph } from './graph.ts';
import type { Reach } from './mail.ts';
import { repeated } from './repeat.ts';
import type { Member } from './wire.ts';

/** What a group said of its people is believed for so long, in milliseconds (R25 of the chat rules). */
const FRESH_MS = 300_000;
/** Twice as many as the largest team has. */
const MOST_KEPT = 50_000;
/** Between the pages of a large team we wait for our own pace, so long at most, in milliseconds. */
const WAITED_MS = 3000;

const ENTRA = /^entra:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const ROSTER = /^(?:roster:)?(19:\S+)$/;

/** Groups that Microsoft keeps: the people of a team or chat, and those of a group in Entra. */
export interface Groups {
  /**
   * Everybody in a group who may act: without guests, people of other tenants and disabled accounts. Read anew each time; whoever asks
   * believes it for five minutes, and a second memory below would make ten of them.
   * @param group `entra:` and the object id of a group, or `roster:` and the id of a conversation, which may stand alone
   * @throws PortFailure when not everybody of it could be read
   */
  members(group: string): Promise<readonly Account[]>;
  /** What a group said of somebody in the last five minutes, by object id: it need not be asked for one by one. */
  told(aad: string): Profile | undefined;
}

export interface GroupParts {
  readonly connector: Connector;
  readonly graph: Graph;
  readonly references: References;
  /** Tenants whose people may act, our own first. */
  readonly tenants: readonly string[];
  readonly reach: Reach;
  readonly clock: Clock;
  readonly random: () => number;
}

interface Found {
  readonly aad: string;
  readonly name: string;
  readonly email?: string | undefined;
}

export function createGroups(parts: GroupParts): Groups {
  const { connector, graph, references, tenants, reach, clock } = parts;
  const [own = ''] = tenants;
  const heard = new Map<string, { readonly profile: Profile; readonly at: number }>();

  function accounts(tenant: string, people: readonly Found[]): readonly Account[] {
    if (heard.size + people.length > MOST_KEPT) heard.clear();
    // A shared channel may name somebody twice: by the channel and by a team.
    const once = new Map(people.map((one) => [one.aad, one]));
    return [...once.values()].map(({ aad, name, email }) => {
      const profile = { name, external: false, ...(email === undefined ? {} : { email }) };
      heard.set(aad, { profile, at: clock.now() });
      return { system: 'teams', tenant, id: aad, name };
    });
  }

  async function ofRoster(conversation: string): Promise<readonly Account[]> {
    const tenant = references.place(conversation)?.tenant ?? own;
    const at = { serviceUrl: reach({ tenant, channel: conversation }), conversation };
    const all = await connector.members(at, (page) => repeated(parts, page, WAITED_MS));
    const ours = all.filter((member) => !isExternal(member, tenants));
    return accounts(
      tenant,
      ours.flatMap(({ aad, name, email, principal }) =>
        aad === undefined ? [] : [{ aad, name, email: email ?? principal }],
      ),
    );
  }

  /** The groups of our own tenant: it is the one that we have tokens for. */
  async function ofEntra(group: string): Promise<readonly Account[]> {
    const ours = (await graph.users(group)).filter(({ guest }) => !guest);
    return accounts(
      own,
      ours.map(({ id, name, mail, principal }) => ({ aad: id, name, email: mail ?? principal })),
    );
  }

  return {
    async members(group) {
      const [, entra] = ENTRA.exec(group) ?? [];
      if (entra !== undefined) return ofEntra(entra.toLowerCase());
      const [, conversation] = ROSTER.exec(group) ?? [];
      if (conversation !== undefined) return ofRoster(conversation);
      const sentence =
        'The Teams chat keeps no group of this id. Name a channel (19:…) or the object id of a group in Entra';
      throw refused(sentence, 'bad_group');
    },
    told(aad) {
      const one = heard.get(aad);
      return one !== undefined && clock.now() - one.at < FRESH_MS ? one.profile : undefined;
    },
  };
}

/** A guest, of another tenant, or nobody that Entra knows: such people may look, not act. */
export function isExternal({ aad, role, tenant }: Member, tenants: readonly string[]): boolean {
  if (aad === undefined || role === 'guest' || role === 'anonymous') return true;
  return tenant !== undefined && !tenants.includes(tenant.toLowerCase());
}
