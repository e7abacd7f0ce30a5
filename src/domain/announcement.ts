import type { Person } from './person.ts';
import type { Language } from './person-book.ts';
import type { StepState } from './run.ts';
import type { Text } from './text.ts';

/** How a message feels. Renderers turn it into a colour or sign, and always also into a word. */
export type Tone = 'neutral' | 'waiting' | 'active' | 'good' | 'bad';

export interface Fact {
  readonly label: string;
  readonly value: Text;
}

/** A list that may be long. Renderers show what fits, say how many are left out, and link to the whole. */
export interface Section {
  readonly title: string;
  readonly items: readonly Text[];
  /** How many there are in all; `items` may hold fewer. */
  readonly total: number;
  readonly url?: string;
}

export interface Progress {
  readonly steps: readonly { readonly name: string; readonly state: StepState; readonly tookMs?: number }[];
  /** 0 to 100; by time when the usual length is known, else by steps. */
  readonly percent: number;
  /** e.g. `3 of 7: Integration tests · about 2 min left`. */
  readonly words: string;
}

export interface Bar {
  readonly label: string;
  /** In the chart's unit; not less than 0. */
  readonly value: number;
  /** The value as people say it, e.g. `2 min 5 s`, and whatever else the bar's colour tells. */
  readonly words: string;
  /** Something went wrong there. */
  readonly bad?: true;
}

/** Lengths side by side. A picture of what is also said: a reader without it misses nothing. */
export interface Chart {
  readonly title: string;
  /** What there is to see, in one sentence. */
  readonly takeaway: string;
  /** What the values count, e.g. `seconds`. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

/** What a button does: the very same verbs as typed commands, plus opening the form or running a suggested line. */
export const BUTTON_VERBS = [
  'approve',
  'reject',
  'cancel',
  'diff',
  'nudge',
  'retry',
  'rollback',
  'logs',
  'status',
  'form',
  'run',
] as const;
export type ButtonVerb = (typeof BUTTON_VERBS)[number];

/** Asks the presser for words before the verb is done, e.g. the reason of a rejection. */
export interface Question {
  readonly title: string;
  readonly label: string;
  readonly submit: string;
  readonly maxLength: number;
  readonly required: boolean;
}

export interface Button {
  readonly label: string;
  readonly verb: ButtonVerb;
  /** An opaque token, or for `run` the command line that a fresh press types. Never anything that is trusted. */
  readonly value: string;
  readonly style: 'primary' | 'danger' | 'plain';
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
  readonly ask?: Question;
  /** Seldom needed: belongs behind a "more" menu where the platform has one. */
  readonly seldom?: boolean;
  /** Whom it is for. A platform that shows each reader a view of their own keeps it from others; who may is decided at the press. */
  readonly only?: readonly Person[];
}

/** A link dressed as a button; it tells nobody anything. */
export interface LinkButton {
  readonly label: string;
  readonly url: string;
}

/** What an audience is told: decided once here, only dressed by each platform. */
export interface Announcement {
  readonly tone: Tone;
  /** First line, e.g. `Needs approval · web → production · main (1a2b3c4)`. */
  readonly title: Text;
  readonly lines: readonly Text[];
  readonly facts: readonly Fact[];
  readonly sections: readonly Section[];
  readonly progress?: Progress;
  readonly chart?: Chart;
  readonly buttons: readonly Button[];
  readonly links: readonly LinkButton[];
  /** Last, small line: id, run, time. */
  readonly context: Text;
  /** One complete sentence incl. the needed action, at most 300 characters; all that a screen reader or notification gives. */
  readonly summary: string;
  /** Of all its words; absent: English. Only what one person alone sees is in another. */
  readonly language?: Language;
}

/** An announcement of a single sentence. */
export function note(tone: Tone, title: Text, summary: string, lines: readonly Text[] = []): Announcement {
  return { tone, title, lines, facts: [], sections: [], buttons: [], links: [], context: [], summary };
}
