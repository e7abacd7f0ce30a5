import type { Access } from './access.ts';
import type { CalendarRules } from './calendar.ts';
import type { FileFlag } from './change-set.ts';
import type { InputSpecs } from './inputs.ts';
import type { People } from './person.ts';
import type { Language } from './person-book.ts';
import type { Kind } from './plan.ts';

/** Where the members of a group are written down. Read when somebody clicks, cached for five minutes at most. */
export type GroupSource =
  | { readonly kind: 'people'; readonly people: readonly string[] }
  /** A group that a chat platform keeps, e.g. a Slack user group. */
  | { readonly kind: 'chat'; readonly chat: string; readonly id: string }
  /** A team that a source system keeps, e.g. `acme/platform` on GitHub. */
  | { readonly kind: 'team'; readonly source: string; readonly id: string }
  /** Whoever is on call: the people take turns of `turnMs`, the first from `from` on (ISO 8601 in UTC). */
  | { readonly kind: 'rotation'; readonly people: readonly string[]; readonly from: string; readonly turnMs: number }
  /** Whoever a calendar names now; `address` refers to the secret address of an iCalendar feed (RFC 5545), as on-call services give them. */
  | { readonly kind: 'calendar'; readonly address: string }
  /** Owners of files as a CODEOWNERS file of that source names them: `@login`, `@org/team` or an e-mail address. */
  | { readonly kind: 'owners'; readonly source: string; readonly owners: readonly string[] };

export interface Group {
  readonly id: string;
  readonly source: GroupSource;
}

/** "n of group". Several rules of a policy are all needed, and one countersignature serves one rule. */
export interface Rule {
  readonly group: string;
  readonly count: number;
  /** Why it is asked for here, e.g. `changes db/**`; absent: always. */
  readonly because?: string;
  /** Who is in the group, where the configuration does not say it. */
  readonly source?: GroupSource;
}

/** When further rules apply; all that is said must hold. */
export interface Condition {
  /** A changed file fits one of these glob patterns. */
  readonly files?: readonly string[];
  readonly migrations?: true;
  /** Nothing was ever deployed there. */
  readonly first?: true;
  /** At least so many commits. */
  readonly commits?: number;
  readonly kinds?: readonly Kind[];
}

/** Rules that come on top of all others, wherever they are written: what is asked for is added up, never taken away. */
export interface FurtherRules {
  readonly when: Condition;
  readonly rules: readonly Rule[];
}

/** After this time without enough countersignatures, members of another group may take the silent one's part. */
export interface Escalation {
  readonly afterMs: number;
  readonly to: string;
}

export interface Policy {
  /** Empty: no countersignature is needed. */
  readonly rules: readonly Rule[];
  /** A request that nobody decided is closed after this many milliseconds. */
  readonly expiresMs: number;
  /** What failing or missing checks of the commit do. */
  readonly checks: 'required' | 'shown';
  readonly further?: readonly FurtherRules[];
  /** The owners of every changed file must countersign too, as the CODEOWNERS file says. */
  readonly codeOwners?: true;
  /** In the order of their times. */
  readonly escalations?: readonly Escalation[];
  /** Ids of the people who may go on without a countersignature in an emergency; absent or empty: nobody may. */
  readonly breakGlass?: readonly string[];
}

export interface RepositoryRef {
  /** Key under `sources` of the configuration. */
  readonly source: string;
  /** How that source names it: `acme/web`, or a folder. */
  readonly name: string;
}

/** Which pipeline provider runs it, and that provider's own settings (validated by the adapter's schema). */
export interface PipelineUse {
  readonly provider: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** An environment where the very commit must have succeeded before. */
export interface StepBefore {
  readonly environment: string;
  /** For how long it must have run there, in milliseconds. */
  readonly bakeMs: number;
  /** The run there must have named its artifacts; absent: they are compared where they are known. */
  readonly artifact?: 'required';
}

/** One environment of one service: everything that is true of the target. */
export interface TargetSettings {
  readonly environment: string;
  readonly policy: Policy;
  readonly pipeline: PipelineUse;
  /** Where people see the running application. */
  readonly url?: string;
  /** Customers use it: broadcasts speak of it, dialogs ask twice, a reason is required. */
  readonly customerFacing: boolean;
  /** Go back to the last good deployment by itself when a run fails. */
  readonly rollbackOnFailure: boolean;
  /** A run that has not ended after this many milliseconds is stopped. */
  readonly timeoutMs: number;
  /** What the provider itself asks of a person is answered in the name of whoever countersigned; absent: it is only shown. */
  readonly waits?: 'answered';
  /** Who may do what; absent: nothing is said about any right. */
  readonly access?: Access;
  /** Regions that it reaches, for locks. */
  readonly regions?: readonly string[];
  readonly after?: readonly StepBefore[];
  /** A hotfix, an override or a broken glass is to be looked at within this time, in milliseconds. Default: three days. */
  readonly reviewMs?: number;
  /** What people hand in with a request, in the order of the form. */
  readonly inputs?: InputSpecs;
}

export interface Service {
  readonly id: string;
  /** The product's name in plain words, for broadcasts. */
  readonly title: string;
  readonly aliases: readonly string[];
  readonly repository: RepositoryRef;
  readonly defaultRef: string;
  /** Whom support should ask. */
  readonly contact?: string;
  /** Who builds it; numbers are added up by it. */
  readonly team?: string;
  readonly targets: Readonly<Record<string, TargetSettings>>;
  /** Pull requests are told how the deployments that carry them ended; absent: they are not. */
  readonly pullRequestComments?: true;
  /** Glob patterns of paths that deserve a second look. */
  readonly flags: Readonly<Record<FileFlag, readonly string[]>>;
}

export interface Environment {
  readonly id: string;
  /** In user words, e.g. `live for customers`. */
  readonly title: string;
  readonly aliases: readonly string[];
  /** Position in the road to production; lower comes first. */
  readonly order: number;
}

/** `digest`: one message a day or week, about all that happened. The others: one message for each deployment. */
export const AUDIENCES = ['engineering', 'line', 'broadcast', 'digest'] as const;
/** Those that are told of each deployment by itself. */
export const CARD_AUDIENCES = ['engineering', 'line', 'broadcast'] as const satisfies readonly Audience[];
export type Audience = (typeof AUDIENCES)[number];

export const CADENCES = ['daily', 'weekly'] as const;
export type Cadence = (typeof CADENCES)[number];

/** Moments that a place may choose to hear of. `started` stands for everything before the end. */
export const MOMENTS = ['asked', 'started', 'succeeded', 'failed'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What a subscription says beside its target and words. What is left out does not matter. */
export interface SubscriptionTerms {
  readonly cadence?: Cadence;
  readonly moments?: readonly Moment[];
  /** Branches or tags as they were asked for. */
  readonly refs?: readonly string[];
  /** Ids of people who asked for it or wrote commits of it. */
  readonly people?: readonly string[];
  readonly kinds?: readonly Kind[];
}

/** A place in a chat where announcements go. `tenant` is the workspace. */
export interface Place {
  readonly chat: string;
  readonly tenant: string;
  readonly channel: string;
}

/** Which deployments a place hears of, and in which words. `*` stands for every one. */
export interface Subscription extends SubscriptionTerms {
  readonly place: Place;
  readonly audience: Audience;
  readonly service: string;
  readonly environment: string;
}

/**
 * What the configuration says, checked and complete. `version` is a hash of everything that decides (services, environments,
 * policies, groups, people), so that an approval can name what it was given under.
 */
export interface Catalog {
  readonly version: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly environments: Readonly<Record<string, Environment>>;
  readonly groups: Readonly<Record<string, Group>>;
  readonly people: People;
  readonly subscriptions: readonly Subscription[];
  /** Address under which people reach the web pages, without a slash at the end. */
  readonly baseUrl?: string;
  /** The command as people type it, e.g. `/deploy`. */
  readonly command: string;
  /** IANA name of the team's time zone; absent: `Etc/UTC`. */
  readonly timeZone?: string;
  /** The language of whoever has chosen none, for what only one person sees; absent: `en`. */
  readonly language?: Language;
  readonly calendar?: CalendarRules;
}

export function placeKey(place: Place): string {
  return `${place.chat}:${place.tenant}:${place.channel}`;
}

/** Who builds services, each once and in order. */
export function teamsOf({ services }: Pick<Catalog, 'services'>): readonly string[] {
  return [...new Set(Object.values(services).flatMap(({ team }) => team ?? []))].sort();
}

export function targetKey(service: string, environment: string): string {
  return `${service}/${environment}`;
}
