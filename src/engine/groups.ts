import type { Group, Rule } from '../domain/catalog.ts';
import { type Account, type Person, sameHuman } from '../domain/person.ts';
import { type Eligibility, type Exclusion, exclusionOf, type Membership } from '../domain/policy.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Kit } from './kit.ts';

/** Membership is believed for this long, in milliseconds (R25 of the chat rules). */
const BELIEVED_MS = 300_000;

/** Reads the members of groups, wherever they are kept. */
export interface Groups {
  /** Throws a PortFailure when the group cannot be read. */
  members(group: string): Promise<readonly Person[]>;
  /** Is the person in each of the rules' groups? What cannot be read is `unreadable`, never yes. */
  memberships(person: Person, rules: readonly Rule[]): Promise<readonly Membership[]>;
  /** Who may countersign under each rule, and who may not and why. Throws a PortFailure when a group cannot be read. */
  eligible(rules: readonly Rule[], excluded: readonly Exclusion[]): Promise<readonly Eligibility[]>;
}

export function createGroups(kit: Kit): Groups {
  const believed = new Map<string, { readonly until: number; readonly people: readonly Person[] }>();

  async function members(id: string): Promise<readonly Person[]> {
    const group = kit.catalog().groups[id];
    if (group === undefined)
      throw new PortFailure(`The group "${id}" is not in the configuration.`, {
        port: 'groups',
        kind: 'not-found',
        retryable: false,
      });
    if (group.source.kind === 'people') return listed(kit, group.source.people);
    const key = JSON.stringify(group.source);
    const known = believed.get(key);
    if (known !== undefined && known.until > kit.clock.now()) return known.people;
    const accounts = await readAccounts(kit, group);
    const people = await Promise.all(accounts.map(kit.identify));
    believed.set(key, { until: kit.clock.now() + BELIEVED_MS, people });
    return people;
  }

  async function isMember(person: Person, id: string): Promise<boolean | 'unreadable'> {
    try {
      return (await members(id)).some((one) => sameHuman(one, person));
    } catch (error) {
      if (!(error instanceof PortFailure)) throw error;
      kit.log.warn({ group: id, error: error.message }, 'a group could not be read');
      return 'unreadable';
    }
  }

  return {
    members,
    async memberships(person, rules) {
      const ids = [...new Set(rules.map(({ group }) => group))];
      return Promise.all(ids.map(async (group) => ({ group, member: await isMember(person, group) })));
    },
    async eligible(rules, excluded) {
      return Promise.all(
        rules.map(async ({ group, count }) => {
          const known = (await members(group)).filter((one) => one.known);
          const may = known.filter((one) => exclusionOf(one, excluded) === undefined);
          const mayNot = known.flatMap((one) => exclusionOf(one, excluded) ?? []);
          return { group, count, may, mayNot };
        }),
      );
    },
  };
}

function listed(kit: Kit, ids: readonly string[]): readonly Person[] {
  return kit.catalog().people.all.filter(({ id }) => ids.includes(id));
}

async function readAccounts(kit: Kit, { id, source }: Group): Promise<readonly Account[]> {
  const missing = (what: string) =>
    new PortFailure(`The group "${id}" is kept by ${what}, which cannot be asked.`, {
      port: 'groups',
      kind: 'not-found',
      retryable: false,
    });
  switch (source.kind) {
    case 'people':
      return [];
    case 'chat': {
      const chat = kit.chats.get(source.chat);
      if (chat?.members === undefined) throw missing(source.chat);
      return chat.members(source.id);
    }
    case 'team': {
      const host = kit.sources.get(source.source);
      if (host?.team === undefined) throw missing(source.source);
      return host.team(source.id);
    }
    case 'rotation':
    case 'calendar':
    case 'owners':
      throw missing(`a ${source.kind}`);
  }
}
