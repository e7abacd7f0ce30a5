import type { Artifact } from './artifact.ts';
import type { Place } from './catalog.ts';
import type { Findings } from './deployment.ts';
import type { GlassQuestion } from './glass-question.ts';
import type { Inputs } from './inputs.ts';
import type { PeopleEvent } from './links.ts';
import type { LockEvent } from './lock.ts';
import type { Person } from './person.ts';
import type { PersonEvent } from './person-book.ts';
import type { Kind, Plan } from './plan.ts';
import type { Countersignature } from './policy.ts';
import type { Refusal } from './refusal.ts';
import type { ReviewEvent } from './review.ts';
import type { Run, RunState, Step, Wait } from './run.ts';
import type { InstallationEvent, PlaceEvent, TargetEvent } from './target.ts';
import type { TrainPart } from './train.ts';

/** What was asked for; the content of the first event of every deployment. */
export interface Request {
  readonly number: number;
  readonly token: string;
  readonly kind: Kind;
  readonly service: string;
  readonly environment: string;
  readonly ref: string;
  readonly requester: Person;
  readonly reason?: string;
  readonly origin?: Place;
  readonly retryOf?: string;
  readonly incident?: string;
  readonly scheduledFor?: string;
  readonly override?: string;
  /** What was handed in, with what stood where nothing was; see `readInputs`. */
  readonly inputs?: Inputs;
  readonly undoes?: string;
  readonly restores?: string;
  /** The train that it goes with, if it does. */
  readonly train?: TrainPart;
}

/** What happens to a request until it is cleared to go, or not. */
export type RequestEvent =
  | { readonly type: 'requested'; readonly request: Request }
  | { readonly type: 'checks-started' }
  | { readonly type: 'findings-gathered'; readonly findings: Findings }
  | { readonly type: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly type: 'approval-asked'; readonly plan: Plan; readonly expiresAt: string }
  | { readonly type: 'reminded' }
  | { readonly type: 'nudged' }
  /** A group was silent for too long: members of another one may take its part. */
  | { readonly type: 'escalated'; readonly group: string; readonly to: string }
  /** Somebody goes on without the countersignatures that are still needed. */
  | { readonly type: 'glass-broken'; readonly reason: string }
  | { readonly type: 'countersigned'; readonly countersignature: Countersignature }
  /** Somebody tried and may not. Nothing changes but the log. `wish`: what it was, where it was not a word on the request. */
  | { readonly type: 'approval-denied'; readonly refusals: readonly Refusal[]; readonly wish?: 'rollback' }
  | {
      readonly type: 'approval-denied';
      readonly refusals: readonly Refusal[];
      readonly wish: 'break-glass';
      /** What was shown before anything is done; whoever was asked confirms it with the code. */
      readonly question: GlassQuestion;
    }
  | { readonly type: 'approvals-voided'; readonly reason: string }
  | { readonly type: 'rejected'; readonly reason: string }
  | { readonly type: 'expired' }
  | { readonly type: 'queued'; readonly plan: Plan }
  | { readonly type: 'cancel-asked'; readonly reason: string }
  | { readonly type: 'cancelled'; readonly reason: string }
  | { readonly type: 'card-undelivered'; readonly place: Place; readonly code: string };

/** What happens from dispatch on. */
export type RunEvent =
  | { readonly type: 'dispatched'; readonly expectedMs?: number; readonly failingSince?: string }
  | { readonly type: 'run-started'; readonly run: Run }
  | {
      readonly type: 'progressed';
      readonly runState: RunState;
      readonly steps: readonly Step[];
      readonly sha?: string;
      readonly artifacts?: readonly Artifact[];
      readonly waits?: readonly Wait[];
      readonly url?: string;
    }
  /** What the provider asked of a person was answered in the name of whoever decided here. */
  | { readonly type: 'wait-answered'; readonly wait: Pick<Wait, 'id' | 'name'>; readonly words: string }
  /** The provider did not take the answer: somebody must give it there. */
  | { readonly type: 'wait-unanswered'; readonly wait: Pick<Wait, 'id' | 'name'>; readonly why: Refusal }
  | { readonly type: 'contact-lost' }
  | { readonly type: 'contact-regained' }
  | { readonly type: 'succeeded'; readonly sha: string; readonly artifacts?: readonly Artifact[] }
  | { readonly type: 'failed'; readonly failure: Refusal }
  | { readonly type: 'rollback-began'; readonly by: string }
  | { readonly type: 'rollback-ended'; readonly by: string; readonly outcome: 'rolled-back' | 'failed' };

/** What has happened to a deployment. Facts in the past tense; who and when stand in the entry around it. */
export type DeploymentEvent = RequestEvent | RunEvent;

/** A stream is the history of one thing. Its name is the thing's kind and key. */
export type Stream =
  | `deployment:${string}`
  | `target:${string}`
  | `scope:${string}`
  | `review:${string}`
  | `person:${string}`
  | `place:${string}`
  | 'installation'
  | 'people';

export type AnyEvent =
  | DeploymentEvent
  | TargetEvent
  | LockEvent
  | ReviewEvent
  | PersonEvent
  | PlaceEvent
  | InstallationEvent
  | PeopleEvent;

/** An event to be written: whose history, what, by whom, when. */
export type NewEntry =
  | EntryOf<`deployment:${string}`, DeploymentEvent>
  | EntryOf<`target:${string}`, TargetEvent>
  | EntryOf<`scope:${string}`, LockEvent>
  | EntryOf<`review:${string}`, ReviewEvent>
  | EntryOf<`person:${string}`, PersonEvent>
  | EntryOf<`place:${string}`, PlaceEvent>
  | EntryOf<'installation', InstallationEvent>
  | EntryOf<'people', PeopleEvent>;

interface EntryOf<S extends Stream, E> {
  readonly stream: S;
  readonly event: E;
  readonly by: Person;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** A written event in its place of the one chain. */
export type Entry = NewEntry & {
  /** 1, 2, 3, ... over the whole installation, without gaps. */
  readonly seq: number;
  /** 1, 2, 3, ... within the stream. */
  readonly version: number;
  /** The vocabulary that whoever reads the event must know. */
  readonly format: number;
  readonly previous: string;
  readonly hash: string;
};

export function deploymentStream(id: string): `deployment:${string}` {
  return `deployment:${id}`;
}

export function targetStream(service: string, environment: string): `target:${string}` {
  return `target:${service}/${environment}`;
}

/** `scope`: a key that `scopeKey` makes, of a scope wider than a target. */
export function scopeStream(scope: string): `scope:${string}` {
  return `scope:${scope}`;
}

/** `deployment`: the id of what is reviewed. */
export function reviewStream(deployment: string): `review:${string}` {
  return `review:${deployment}`;
}

/** `person`: the id of the configuration. */
export function personStream(person: string): `person:${string}` {
  return `person:${person}`;
}
