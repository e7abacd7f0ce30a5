import { quietUntil } from '../calendar/quiet.ts';
import type { Announcement } from '../domain/announcement.ts';
import type { Notice } from '../domain/notice.ts';
import type { Person } from '../domain/person.ts';
import type { PersonBook } from '../domain/person-book.ts';
import { canWait, heeding, rings, type Urgency } from '../domain/preferences.ts';
import type { Kit } from './kit.ts';

/** When a person's quiet hours end, if they last now; milliseconds since 1970. Without a time zone of their own, the team's counts. */
function quietEnd({ catalog, clock }: Kit, { preferences }: PersonBook): number | undefined {
  const { quiet, timeZone } = preferences;
  return quietUntil(quiet, clock.now(), timeZone ?? catalog().timeZone ?? 'Etc/UTC');
}

/** Until when a notice to somebody waits; nothing when it must be told now. Milliseconds since 1970. */
export async function heldUntil(kit: Kit, notice: Notice, to: Person): Promise<number | undefined> {
  if (!canWait(notice)) return undefined;
  return quietEnd(kit, await kit.store.personBook(to.id));
}

/** A message as the people that it names want it. The books are read once, and only where a bell would ring. */
export async function asWanted(kit: Kit, announcement: Announcement, urgency: Urgency): Promise<Announcement> {
  if (!rings(announcement)) return announcement;
  return heeding(announcement, await kit.store.personBooks(), urgency, (book) => quietEnd(kit, book) !== undefined);
}
