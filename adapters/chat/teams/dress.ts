import type { Announcement } from '../../../src/domain/announcement.ts';
import type { Place } from '../../../src/domain/catalog.ts';
import type { Person } from '../../../src/domain/person.ts';
import type { Text } from '../../../src/domain/text.ts';
import type { Outgoing } from '../../../src/ports/chat.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Log } from '../../../src/ports/log.ts';
import { scopeOf } from './activity.ts';
import type { Directory, Known } from './directory.ts';
import { LIMITS } from './limits.ts';
import { type Rendered, render } from './render.ts';

export interface DressParts {
  readonly directory: Directory;
  readonly log: Log;
}

/**
 * A message in Teams' dress: with the ids of those it rings, and of those who are shown buttons that others are not. Where they cannot
 * be found out everybody sees the buttons, since who may is decided at the press.
 * @param reader the one whose own view is asked for, by the bot's id of the person
 */
export async function dress(
  { directory, log }: DressParts,
  { announcement, key, revision }: Pick<Outgoing, 'announcement' | 'key' | 'revision'>,
  place: Place,
  reader?: string,
): Promise<Rendered> {
  const restricted = announcement.buttons.flatMap(({ only }) => only ?? []);
  const people = [...restricted, ...rung(announcement)];
  const found = people.length === 0 ? new Map<string, Known>() : await lookedUp(directory, log, people, place);
  const readers = found === undefined || scopeOf(place.channel) === 'personal' ? [] : idsOf(restricted, found);
  const own = readers.length > 0 && readers.length <= LIMITS.refreshUsers;
  return render(
    announcement,
    { mention: (person) => found?.get(person.id) },
    {
      key,
      revision,
      ...(own ? { refresh: readers } : {}),
      ...(own && reader !== undefined && readers.includes(reader) ? { own: true } : {}),
    },
  );
}

async function lookedUp(
  directory: Directory,
  log: Log,
  people: readonly Person[],
  place: Place,
): Promise<ReadonlyMap<string, Known> | undefined> {
  try {
    return await directory.found(people, place);
  } catch (error) {
    // Too fast for Teams: whoever is to be rung is rung a moment later, since an edit rings nobody.
    if (!(error instanceof PortFailure) || error.details.kind === 'rate-limited') throw error;
    log.warn({ place: place.channel, error }, 'teams roster could not be read; nobody is rung');
    return undefined;
  }
}

function idsOf(people: readonly Person[], found: ReadonlyMap<string, Known>): readonly string[] {
  return [...new Set(people.flatMap(({ id }) => found.get(id)?.id ?? []))];
}

function rung({ title, lines, facts, sections, context }: Announcement): readonly Person[] {
  const texts: readonly Text[] = [
    title,
    ...lines,
    ...facts.map(({ value }) => value),
    ...sections.flatMap(({ items }) => items),
    context,
  ];
  return texts
    .flat()
    .flatMap((part) => (typeof part !== 'string' && part.kind === 'person' && part.notify ? [part.person] : []));
}
