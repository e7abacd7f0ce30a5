import type { ChatPart, Hands, Message, Where, Who } from '../story/hands.ts';
import type { Dice } from './dice.ts';
import type { Gate } from './gate.ts';

export const CHAT_IDS = ['slack', 'teams'] as const;
export type ChatId = (typeof CHAT_IDS)[number];

/** Kinds of calls that an instance may be hit at: a new message, an edit, a look at what or who is there. */
export type ChatAim = 'post' | 'edit' | 'look';

/** A new message that stands where everybody sees it. */
export interface Posted {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly isReply: boolean;
  /** What the bot calls it, where the platform keeps that. */
  readonly key?: string;
  /** The bot did not get the answer that it was due: an error or a closed connection came instead. */
  readonly lost: boolean;
}

export interface Pressing {
  /** What is written where the button asks for words. */
  readonly answer?: string;
  /** By an old client, where the platform has such. */
  readonly old?: boolean;
}

/** One chat, whose people act in it while the programme dies and the platform itself is not well. */
export interface Side {
  readonly id: ChatId;
  readonly hands: Hands;
  /** How it behaves in this run, in words. */
  readonly weather: string;
  /** Can the programme look whether a post of its own arrived? */
  readonly canLook: boolean;
  press(who: Who, where: Where, message: Message, verb: string, how: Pressing): Promise<void>;
  /** A client shows the card, and asks for it anew where that is what clients do. */
  look(who: Who, where: Where, message: Message): Promise<unknown>;
  /** Something that was delivered lately comes once more. */
  redeliver(dice: Dice): Promise<unknown>;
  /** The next call of some kind goes wrong in some way. */
  squall(dice: Dice): void;
  /** The next call of this kind is obeyed, and answered late. Returns whether it has come. */
  slowly(aim: ChatAim): () => boolean;
  posted(where: Where): readonly Posted[];
  /** What one person was told in private, and when, in milliseconds since 1970. */
  told(who: Who): readonly { readonly words: string; readonly at: number }[];
  /** When the bot did not get the answer to a call that it was due, in milliseconds since 1970. */
  troubles(): readonly number[];
  /** Accounts of those whom the programme has certainly heard, where it keeps what it hears of people. */
  heard(): readonly string[];
  /** What single people see in place of a message that everybody sees, by its first words. */
  views(where: Where, id: string): readonly string[];
  /** Opens a gate before it that knows these callers apart. */
  gate(callers: number): Promise<Gate>;
  /** For one caller behind a gate. */
  behind(gate: Gate, caller: number): { readonly part: ChatPart; readonly secrets: Hands['secrets'] };
  /** Is this a call of such a kind at the gate? */
  isAt(aim: 'post' | 'edit', call: { readonly method: string; readonly path: string }): boolean;
}

/** Any one of what happened lately; nothing when nothing has. */
export function lately<One>(all: readonly One[], dice: Dice): One | undefined {
  const last = all.slice(-20);
  return last[dice.between(0, last.length - 1)];
}
