import type { GroupSource, Rule } from '../domain/catalog.ts';
import type { Account, Person } from '../domain/person.ts';
import { onTurn } from '../domain/turns.ts';
import { PortFailure } from '../ports/failure.ts';
import { type Kit, now } from './kit.ts';

/** Who is in a group, and whether that may be believed for some minutes. */
export interface Roster {
  readonly people: readonly Person[];
  readonly lasting: boolean;
}

/** Where the members of what a rule names are written down: with the rule itself, or in the configuration. */
export function sourceOf(kit: Kit, { group, source }: Pick<Rule, 'group' | 'source'>): GroupSource {
  const found = source ?? kit.catalog().groups[group]?.source;
  if (found !== undefined) return found;
  const message = `The group "${group}" is not in the configuration.`;
  throw new PortFailure(message, { port: 'groups', kind: 'not-found', retryable: false });
}

/**
 * Reads who is in a group now.
 * @throws PortFailure when whoever keeps the group cannot be asked; then nobody is taken for a member
 */
export async function readRoster(kit: Kit, id: string, source: GroupSource): Promise<Roster> {
  switch (source.kind) {
    case 'people':
      return { people: listed(kit, source.people), lasting: false };
    case 'rotation': {
      const turn = onTurn(source, kit.clock.now());
      return { people: turn === undefined ? [] : listed(kit, [turn]), lasting: false };
    }
    case 'calendar':
      // The feed itself is believed for some minutes; who is on call in it is worked out for this very moment.
      return { people: await identified(kit, await attendees(kit, id, source.address)), lasting: false };
    case 'chat':
      return { people: await identified(kit, await readChat(kit, id, source.chat, source.id)), lasting: true };
    case 'team':
      return { people: await identified(kit, await readTeam(kit, id, source.source, source.id)), lasting: true };
    case 'owners': {
      const accounts = await Promise.all(source.owners.map((owner) => readOwner(kit, id, source.source, owner)));
      return { people: await identified(kit, accounts.flat()), lasting: true };
    }
  }
}

function listed(kit: Kit, ids: readonly string[]): readonly Person[] {
  return kit.catalog().people.all.filter(({ id }) => ids.includes(id));
}

function identified(kit: Kit, accounts: readonly Account[]): Promise<readonly Person[]> {
  return Promise.all(accounts.map(kit.identify));
}

async function attendees(kit: Kit, id: string, address: string): Promise<readonly Account[]> {
  if (kit.feeds === undefined) throw missing(id, 'a calendar');
  return kit.feeds.attendees(address, now(kit));
}

async function readChat(kit: Kit, id: string, name: string, group: string): Promise<readonly Account[]> {
  const chat = kit.chats.get(name);
  if (chat?.members === undefined) throw missing(id, name);
  return chat.members(group);
}

async function readTeam(kit: Kit, id: string, source: string, team: string): Promise<readonly Account[]> {
  const host = kit.sources.get(source);
  if (host?.team === undefined) throw missing(id, source);
  return host.team(team);
}

/** An owner as CODEOWNERS names one: `@login`, `@org/team` or an e-mail address. Who `@name` is the source knows best. */
async function readOwner(kit: Kit, id: string, source: string, owner: string): Promise<readonly Account[]> {
  if (!owner.startsWith('@')) return [{ system: 'email', id: owner }];
  const name = owner.slice(1);
  const host = kit.sources.get(source);
  if (host?.owner !== undefined) return host.owner(name);
  return name.includes('/') ? readTeam(kit, id, source, name) : [{ system: 'github', id: name }];
}

function missing(id: string, keeper: string): PortFailure {
  const message = `The group "${id}" is kept by ${keeper}, which cannot be asked.`;
  return new PortFailure(message, { port: 'groups', kind: 'not-found', retryable: false });
}
