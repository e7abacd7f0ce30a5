import type { FileFlag } from './change-set.ts';
import type { People } from './person.ts';

/** Where the members of a group are written down. Read when somebody clicks, cached for five minutes at most. */
export type GroupSource =
  | { readonly kind: 'people'; readonly people: readonly string[] }
  /** A group that a chat platform keeps, e.g. a Slack user group. */
  | { readonly kind: 'chat'; readonly chat: string; readonly id: string }
  /** A team that a source system keeps, e.g. `acme/platform` on GitHub. */
  | { readonly kind: 'team'; readonly source: string; readonly id: string };

export interface Group {
  readonly id: string;
  readonly source: GroupSource;
}

/** "n of group". Several rules of a policy are all needed, and one countersignature serves one rule. */
export interface Rule {
  readonly group: string;
  readonly count: number;
}

export interface Policy {
  /** Empty: no countersignature is needed. */
  readonly rules: readonly Rule[];
  /** A request that nobody decided is closed after this many milliseconds. */
  readonly expiresMs: number;
  /** What failing or missing checks of the commit do. */
  readonly checks: 'required' | 'shown';
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
  readonly targets: Readonly<Record<string, TargetSettings>>;
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

export const AUDIENCES = ['engineering', 'line', 'broadcast'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** A place in a chat where announcements go. `tenant` is the workspace. */
export interface Place {
  readonly chat: string;
  readonly tenant: string;
  readonly channel: string;
}

/** Which deployments a place hears of, and in which words. `*` stands for every one. */
export interface Subscription {
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
}

export function placeKey(place: Place): string {
  return `${place.chat}:${place.tenant}:${place.channel}`;
}

export function targetKey(service: string, environment: string): string {
  return `${service}/${environment}`;
}
