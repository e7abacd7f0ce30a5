import type { Person } from './person.ts';

/** Whom a person is to be rung for: everything that names them, only what cannot go on without them, or nothing. */
export const MENTIONS = ['all', 'needed', 'none'] as const;
export type Mentions = (typeof MENTIONS)[number];

/** Languages that the bot speaks to one person alone; BCP 47. What several people see is always said in the first. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a person asked the bot to heed. Absent: as the configuration or the chat says. */
export interface Preferences {
  readonly mentions?: Mentions;
  /** Times of day, `22:00` to `07:00`, in the person's time zone; nothing that can wait is sent between them. */
  readonly quiet?: { readonly from: string; readonly to: string };
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly timeZone?: string;
  /** In which language they are told what nobody else sees. A version that does not know it leaves it as it is. */
  readonly language?: Language;
}

/** Somebody decides in a person's stead for a span of time. */
export interface Delegation {
  readonly to: Person;
  /** ISO 8601 in UTC, inclusive. */
  readonly from: string;
  /** ISO 8601 in UTC, exclusive. */
  readonly until: string;
  readonly reason?: string;
  /** When it was said. */
  readonly at: string;
}

/** What a person has said of themselves. A fold of its events. */
export interface PersonBook {
  /** Id of the person. */
  readonly person: string;
  readonly version: number;
  /** The highest vocabulary of its events (see vocabulary.ts); absent while that is the first. */
  readonly needs?: number;
  readonly preferences: Preferences;
  readonly delegation?: Delegation;
}

export type PersonEvent =
  | {
      readonly type: 'delegated';
      readonly to: Person;
      readonly from: string;
      readonly until: string;
      readonly reason?: string;
    }
  | { readonly type: 'delegation-ended' }
  /** All preferences as they are from now on. */
  | { readonly type: 'preferred'; readonly preferences: Preferences };

export function emptyPersonBook(person: string): PersonBook {
  return { person, version: 0, preferences: {} };
}
