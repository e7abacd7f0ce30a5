import type { Clock } from '../../src/ports/clock.ts';

/** The people of all stories. Nobody has said whose accounts the stranger's are. */
export type Who = 'anna' | 'ben' | 'cleo' | 'dina' | 'sam' | 'stranger';
/** In `deploys` the engineers hear, in `shop` the line, in `everybody` the company. */
export type Where = 'deploys' | 'shop' | 'everybody';

export const ANNA = 'anna';
export const BEN_U = 'ben';
export const CLEO = 'cleo';
export const DINA = 'dina';
export const SAM = 'sam';
export const STRANGER = 'stranger';
export const DEPLOYS = 'deploys';
export const SHOP = 'shop';
export const EVERYBODY = 'everybody';
export const PLACES: readonly Where[] = [DEPLOYS, SHOP, EVERYBODY];

/** A message of the bot. What is asked of it is told as it stands at that moment. */
export interface Message {
  /** The platform's own; the same after every change. */
  readonly id: string;
  /** The root message above it, for a reply. */
  readonly under: string | undefined;
  /** A reply that is shown in the channel as well. */
  readonly broadcast: boolean;
  /** All words of it, what a notification gives first. */
  words(): string;
  /** Labels of what this person can press. */
  buttons(who: Who): Promise<readonly string[]>;
  /** Does it ring this person's bell? */
  rings(who: Who): boolean;
  /** How many blocks it is made of. */
  blocks(): number;
  /** All of it as the platform has it, for what must be nowhere in it. */
  raw(): string;
}

export interface Press {
  /** Written where the button asks for words. */
  readonly answer?: string;
  /** Presses the copy that showed these words, as a client does that was not told of the change. */
  readonly asOf?: string;
}

/** What is typed or chosen in the form of the bare command. */
export interface FormWish {
  /** The first letters of the service and of the branch; the first that is offered is taken. */
  readonly service: string;
  readonly ref: string;
  readonly environment: string;
  readonly reason: string;
}

/** The manners of a platform that is not well, told by what becomes of calls. */
export interface Weather {
  /** The next new message in a place is taken, but answered with an error, with a closed connection, or with nonsense. */
  doubtful(where: Where, answer: 'error' | 'cut' | 'garbage'): void;
  /** The next new message in a place has to wait so many seconds. */
  wait(where: Where, seconds: number): void;
  /** From now on every call of ours gets an error, a closed connection, or no answer at all. */
  down(how: Outage): void;
  up(): void;
}

export const OUTAGES = ['error', 'cut', 'silent'] as const;
export type Outage = (typeof OUTAGES)[number];

/** What a chat brings into the configuration. */
export interface ChatPart {
  readonly id: 'slack' | 'teams';
  /** Its settings under `chats`, on one line. */
  readonly settings: string;
  /** The platform's ids of people who are known. */
  readonly accounts: Readonly<Record<Exclude<Who, 'stranger'>, string>>;
  /** Workspace or tenant that its places are in. */
  readonly tenant: string;
  /** The platform's ids of places. */
  readonly channels: Readonly<Record<Where, string>>;
}

/** One chat and the people in it, all of whom do the same things wherever they are. */
export interface Hands {
  readonly id: 'slack' | 'teams';
  /** Can replies be shown in the channel as well? */
  readonly broadcasts: boolean;
  /** How often at most one message stands in a place whose post was taken but answered badly: twice where nobody can look. */
  readonly copies: 1 | 2;
  readonly part: ChatPart;
  /** By the name of the file that they are kept in. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly weather: Weather;
  /** Types a command. Returns when the bot has acknowledged it. */
  ask(who: Who, where: Where, line: string): Promise<void>;
  /** Presses what bears this verb or label. Returns when the bot has acknowledged it, or its question is answered. */
  press(who: Who, message: Message, what: string, how?: Press): Promise<void>;
  /** Gets ready to press what the person sees now, whatever becomes of the message until then. */
  aim(who: Who, message: Message, what: string): Promise<() => Promise<void>>;
  /** Speaks to the bot in the thread under a message. */
  mention(who: Who, where: Where, line: string, under: Message): Promise<void>;
  /** Opens the form, fills it in and sends it. True when it was closed for that. */
  form(who: Who, where: Where, wish: FormWish): Promise<boolean>;
  /** Waits for the form that the bot has just offered this person, and opens it where that is theirs to do. Returns all that it shows. */
  offered(who: Who): Promise<string>;
  /** Fills in the form that is open, beside what it holds already, and sends it. True when it was closed for that. */
  fillIn(who: Who, values: Readonly<Record<string, string>>): Promise<boolean>;
  /** What everybody in a place sees of the bot, oldest first, replies included. */
  messages(where: Where): readonly Message[];
  /** What only this person was told, oldest first. */
  privately(who: Who): readonly Message[];
  /** Is this a root message of a deployment? `owner`: the deployment that the programme believes it to be of. */
  isRoot(message: Message, id: string, owner: string | undefined): boolean;
  /** What in a message would ring everybody. */
  shouts(message: Message): readonly string[];
  /** How somebody stands in words that ring their bell. */
  bell(who: Who): string;
  /** An admin or the author of a channel takes the message away. */
  remove(where: Where, message: Message): void;
  /** Nothing can be posted in the place any more. */
  shut(where: Where): Promise<void>;
  /** Everything that was ever delivered comes once more. */
  redeliverAll(): Promise<void>;
  /** How often a new message was asked for. */
  posts(): number;
  /** How many calls were made in all. */
  calls(): number;
  /** What the platform would not have taken, in its own words. */
  violations(): readonly string[];
  /** From now on the programme is reached there; several take turns. */
  deliverTo(...urls: readonly string[]): void;
  /** What the platform signs is good by this clock. */
  follow(clock: Pick<Clock, 'now'>): void;
  close(): Promise<void>;
}
