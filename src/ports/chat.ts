import type { Announcement } from '../domain/announcement.ts';
import type { Place } from '../domain/catalog.ts';
import type { InputSpec } from '../domain/inputs.ts';
import type { Account } from '../domain/person.ts';
import type { Fence } from './fence.ts';

/** Where a message stands. `id` is the platform's own. */
export interface MessageHandle {
  readonly place: Place;
  readonly id: string;
  /** Root message of the thread it stands in, when it is a reply. */
  readonly thread?: string;
  /** It took the place of one that somebody removed. */
  readonly continued?: boolean;
}

export interface Outgoing {
  /** Ours, unique for this message; goes into the platform's metadata so that the message can be found again. */
  readonly key: string;
  readonly announcement: Announcement;
  /** Answer in the thread under this message. */
  readonly under?: MessageHandle;
  /** A reply that the whole channel must see as well. */
  readonly broadcast?: boolean;
  /** Steps with every change of what buttons mean; goes into block ids so that old copies are recognisable. */
  readonly revision: number;
}

/** A chat platform. Every member may throw a PortFailure; `kind: 'gone'` when the message or place is no more. */
export interface Chat {
  /** `slack`, `console`, ... */
  readonly id: string;
  /** How a command begins there where it is not the configured one, e.g. `@Countersign`. */
  readonly command?: string;
  /** Begins to hear people. */
  start(inbox: Inbox): Promise<void>;
  /** Takes nothing new; returns when nothing is under way. */
  stop(): Promise<void>;
  /** Posts a new message. The adapter never repeats a post by itself. */
  post(place: Place, message: Outgoing, fence?: Fence): Promise<MessageHandle>;
  /** Changes a message in place. Safe to repeat; the fence keeps an older picture from coming after a newer one. */
  update(handle: MessageHandle, message: Outgoing, fence?: Fence): Promise<void>;
  /** The message of this key in a place, posted since the time given (ISO 8601), when the platform lets us look. */
  find(place: Place, key: string, since: string): Promise<MessageHandle | 'none' | 'cannot-look'>;
  /** Tells one person privately: where they are if a place is given, else directly. */
  whisper(to: Account, message: Outgoing, where?: Place, fence?: Fence): Promise<void>;
}

/** Ability: the platform keeps groups and knows people's verified e-mail addresses. */
export interface ChatDirectory {
  members(group: string): Promise<readonly Account[]>;
  /** Accounts that are the same human by the platform's own word (verified e-mail), and whether the person is a guest. */
  profile(account: Account): Promise<Profile>;
}

export interface Profile {
  readonly name: string;
  readonly email?: string;
  /** From another organisation, or a guest: may look, not act. */
  readonly external: boolean;
}

export type ChatPlatform = Chat & Partial<ChatDirectory>;

/** What somebody typed, pressed or filled in. The three kinds become the very same command. */
export type Input =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'button'; readonly verb: string; readonly value: string; readonly answer?: string }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> };

export interface Incoming {
  /** The platform's id of this delivery; the second one of a key changes nothing. */
  readonly key: string;
  readonly place: Place;
  /** The message of ours that was pressed or answered, if any. */
  readonly at?: MessageHandle;
  readonly actor: Account;
  /** From another organisation, or a guest. `unread`: the platform could not be asked, which counts as yes. */
  readonly external: boolean | 'unread';
  readonly input: Input;
}

/** The form of `/deploy` without arguments, ready to be dressed as modal, dialog or page. */
export interface FormSpec {
  readonly service?: string;
  readonly environment?: string;
  readonly ref?: string;
  readonly reason?: string;
  readonly services: readonly Choice[];
  readonly environments: readonly Choice[];
  readonly reasonRequired: boolean;
  /** What the chosen service takes in the chosen environment; absent: nothing, or they are not chosen yet. */
  readonly inputs?: readonly FormInput[];
  /** Locks and other things to know before asking. */
  readonly alerts: readonly string[];
}

/** One of a service's inputs as a field; `inputField` names it among the fields that come back. */
export interface FormInput {
  readonly name: string;
  readonly title: string;
  readonly type: InputSpec['type'];
  /** Of an `enum`; else none. */
  readonly options: readonly string[];
  /** What was filled in before, else the default. */
  readonly value?: string;
  /** It must be filled in: nothing takes the place of an empty one. */
  readonly required: boolean;
  /** There is a default, which takes the place of an empty one. */
  readonly hasDefault: boolean;
  /** A regular expression (JavaScript, flag `u`) that the whole text must fit. */
  readonly pattern?: string;
  readonly hint?: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** The answer to whoever acted. `private`: nobody else sees it. */
export type Reply =
  | { readonly kind: 'say'; readonly announcement: Announcement; readonly visibility: 'private' | 'public' }
  | { readonly kind: 'form'; readonly form: FormSpec }
  /** The form's fields that must be mended, by field name. */
  | { readonly kind: 'mend'; readonly errors: Readonly<Record<string, string>> }
  /** Everything worth saying is on the card. */
  | { readonly kind: 'nothing' };

/** The way in: adapters acknowledge and verify, then hand over. Nothing throws unless it says so. */
export interface Inbox {
  receive(incoming: Incoming): Promise<Reply>;
  /** Choices for a field of the form while somebody types; `ref` depends on the chosen service. At most 100. */
  choices(field: 'service' | 'ref', text: string, form: { readonly service?: string }): Promise<readonly Choice[]>;
  /** The form again, with the alerts and environments of what has been chosen so far. */
  form(fields: Readonly<Record<string, string>>): Promise<FormSpec>;
  /**
   * What the card of this key in this place shows now, for platforms that ask for it anew for each reader. Nothing: it is no card
   * of a deployment, or there is none there. Throws a PortFailure when it cannot be read.
   */
  picture(place: Place, key: string): Promise<Outgoing | undefined>;
  /** The platform says that the bot was added to a place. */
  joined(place: Place): Promise<void>;
}
