import type { Audience, Cadence, Place } from './catalog.ts';
import type { Notice } from './notice.ts';
import type { OutsideRun, Spot } from './outside.ts';
import type { Account, Person } from './person.ts';

/** What must now happen outside. Written in the same transaction as the events that ask for it, performed by the courier. */
export type Effect =
  /** Read the world for a request: commit, change set, checks, groups. Harmless to repeat. */
  | { readonly kind: 'gather'; readonly deployment: string }
  /** Start the provider's run, at most once. */
  | { readonly kind: 'start-run'; readonly deployment: string }
  | { readonly kind: 'stop-run'; readonly deployment: string }
  /** Answer what the provider asks of a person, in the name of whoever decided here. */
  | { readonly kind: 'answer-wait'; readonly deployment: string; readonly wait: string }
  /** Remove what the run left behind at the provider (temporary tag, work folder). */
  | { readonly kind: 'tidy-run'; readonly deployment: string }
  /** Tell the provider's own deployment page how it goes. */
  | { readonly kind: 'record'; readonly deployment: string }
  /** Make the one root message of a deployment in a place show the row as it is now. */
  | { readonly kind: 'card'; readonly deployment: string; readonly place: Place; readonly audience: Audience }
  /** Say something new in the thread under the root message. */
  | {
      readonly kind: 'reply';
      readonly deployment: string;
      readonly place: Place;
      readonly audience: Audience;
      readonly topic: Topic;
      readonly entry: number;
    }
  /** Tell one person privately. */
  | {
      readonly kind: 'whisper';
      readonly deployment: string;
      readonly to: Person;
      readonly topic: Topic;
      readonly entry: number;
    }
  /** Tell a person, or a place, what is no moment of a deployment's card. */
  | {
      readonly kind: 'notice';
      readonly notice: Notice;
      readonly to: { readonly person: Person } | { readonly place: Place };
    }
  /** One message about all that happened between two moments, ISO 8601 in UTC (inclusive, exclusive). Nothing happened: no message. */
  | {
      readonly kind: 'digest';
      readonly place: Place;
      readonly cadence: Cadence;
      readonly from: string;
      readonly until: string;
    }
  /** Make the one comment of a target on a pull request say how this deployment ended. */
  | { readonly kind: 'comment'; readonly deployment: string; readonly pull: number }
  /** Make one message of a place show a run that was started past us, as it is now. */
  | {
      readonly kind: 'outside-run';
      readonly outside: OutsideRun;
      readonly spots: readonly Spot[];
      readonly place: Place;
    }
  /** Copy the signed checkpoint of that entry to where nobody can change it. */
  | { readonly kind: 'archive'; readonly entry: number }
  /** Say once in a place what will be posted there and how to stop it. */
  | { readonly kind: 'intro'; readonly place: Place }
  /** Tell the owner of an account that it was linked with another one. */
  | {
      readonly kind: 'linked';
      readonly to: Account;
      readonly other: Account;
      /** Whose accounts they now are, by name. */
      readonly person: string;
      /** Which of the two is new to that person. */
      readonly fresh: Account;
    };

const KINDS: Readonly<Record<Effect['kind'], true>> = {
  gather: true,
  'start-run': true,
  'stop-run': true,
  'answer-wait': true,
  'tidy-run': true,
  record: true,
  card: true,
  reply: true,
  whisper: true,
  notice: true,
  digest: true,
  archive: true,
  intro: true,
  linked: true,
  'outside-run': true,
  comment: true,
};

/** Every kind of effect that this version knows. */
export const EFFECT_KINDS = Object.keys(KINDS) as readonly Effect['kind'][];

/** Moments that deserve a message of their own. */
export const TOPICS = [
  'approval-needed',
  'reminder',
  'nudge',
  'hotfix-asked',
  'escalated',
  'glass-broken',
  'countersigned',
  'approvals-voided',
  'rejected',
  'refused',
  'expired',
  'cancelled',
  'step-done',
  'silent',
  'failed',
  'succeeded',
  'rolling-back',
  'rolled-back',
  'card-undelivered',
] as const;
export type Topic = (typeof TOPICS)[number];

/** `once`: done one time, in the order of its lane. `latest`: a picture; a newer one replaces an undelivered older one. */
export type Mode = 'once' | 'latest';

export interface NewEffect {
  /** Unique; a second effect of the same key is the same effect. */
  readonly key: string;
  /** Effects of one lane are performed in order. */
  readonly lane: string;
  readonly mode: Mode;
  readonly effect: Effect;
  /** Not before, milliseconds since 1970. */
  readonly due: number;
}
