import type { Announcement, Tone } from '../announcement.ts';
import type { Closure } from '../calendar.ts';
import type { Catalog, Environment, Group, Service, TargetSettings } from '../catalog.ts';
import { shortSha } from '../change-set.ts';
import { groupWords } from '../code-owners.ts';
import { type Deployment, knowsState, type State } from '../deployment.ts';
import type { HeldLock, Lock, Scope } from '../lock.ts';
import type { Person } from '../person.ts';
import type { Review } from '../review.ts';
import type { Inline, Text } from '../text.ts';
import { clip } from '../text.ts';
import type { TrainHold } from '../train.ts';

/** Where a queued deployment stands. */
export interface QueuePlace {
  /** 1: next. */
  readonly position: number;
  readonly behind?: { readonly id: string; readonly requester: string };
  readonly lock?: Lock;
  /** What that lock closes; absent: this target. */
  readonly lockScope?: Scope;
  /** When its run will begin, in milliseconds from now; absent where that would be a guess. */
  readonly startsInMs?: number;
}

/** Everything beside the row that words depend on. */
export interface TellContext {
  readonly catalog: Catalog;
  /** ISO 8601 in UTC. */
  readonly now: string;
  readonly queue?: QueuePlace;
  /** Locks that the target lies under, the widest first, while somebody is to decide. */
  readonly locks?: readonly HeldLock[];
  /** The review that it left. */
  readonly review?: Review;
  /** The calendar keeps its target closed now. */
  readonly closure?: Closure;
  /** Who decides now in the stead of somebody who may countersign. */
  readonly standIns?: readonly Person[];
  /** Who is in the groups that may take a silent one's part, where it could be read. */
  readonly members?: Readonly<Record<string, readonly Person[]>>;
  /** All of the train that it goes with, in its order, and what in it keeps this one back. */
  readonly train?: { readonly members: readonly Deployment[]; readonly hold?: TrainHold };
}

export interface Names {
  readonly service: Service | undefined;
  readonly environment: Environment | undefined;
  readonly settings: TargetSettings | undefined;
}

/** A service may have left the configuration while its deployment goes on: then ids must do. */
export function namesOf(deployment: Deployment, { catalog }: TellContext): Names {
  const service = catalog.services[deployment.service];
  return {
    service,
    environment: catalog.environments[deployment.environment],
    settings: service?.targets[deployment.environment],
  };
}

export function pageUrl(
  deployment: Pick<Deployment, 'id'>,
  { catalog }: Pick<TellContext, 'catalog'>,
): string | undefined {
  return catalog.baseUrl === undefined ? undefined : `${catalog.baseUrl}/deployments/${deployment.id}`;
}

const TONES: Readonly<Record<State, Tone>> = {
  requested: 'neutral',
  checking: 'neutral',
  'awaiting-approval': 'waiting',
  queued: 'waiting',
  running: 'active',
  'rolling-back': 'active',
  succeeded: 'good',
  failed: 'bad',
  'rolled-back': 'bad',
  refused: 'bad',
  rejected: 'bad',
  expired: 'neutral',
  cancelled: 'neutral',
};

export function toneOf(state: string): Tone {
  return knowsState(state) ? TONES[state] : 'neutral';
}

/** `main (1a2b3c4)`, or the ref alone while its commit is unknown. Linked to the commit where it has an address. */
export function refWords(deployment: Deployment): Text {
  const sha = deployment.findings?.sha;
  if (sha === undefined) return [{ kind: 'code', text: clip(deployment.ref, 80) }];
  const short = shortSha(sha);
  const url = deployment.findings?.changeSet.commits.find((commit) => commit.sha === sha)?.url;
  const commit: Inline = url === undefined ? { kind: 'code', text: short } : { kind: 'link', text: short, url };
  const named = deployment.ref !== sha && !sha.startsWith(deployment.ref);
  return named ? [{ kind: 'code', text: clip(deployment.ref, 80) }, ' (', commit, ')'] : [commit];
}

/** `@platform`, ringing its bell where asked and where the platform knows it; owners of files in words. */
export function groupInline(group: Group | undefined, id: string, notify: boolean): Inline {
  if (group === undefined && groupWords(id) !== `@${id}`) return groupWords(id);
  const source = group?.source;
  if (source?.kind !== 'chat') return { kind: 'group', name: id, notify };
  return { kind: 'group', name: id, notify, source: { chat: source.chat, id: source.id } };
}

/** At most 300 characters, never empty: what a notification or screen reader gives. */
export function summary(words: string): string {
  return clip(words, 300);
}

/** An announcement with nothing but a first line; the other parts are added by the caller. */
export function bare(tone: Tone, title: Text, words: string): Announcement {
  return {
    tone,
    title,
    lines: [],
    facts: [],
    sections: [],
    buttons: [],
    links: [],
    context: [],
    summary: summary(words),
  };
}
