import type { Deployment, State } from './deployment.ts';
import { knowsState } from './deployment.ts';
import { sameHuman } from './person.ts';
import { type Exclusion, exclusionOf } from './policy.ts';
import { isForeign } from './vocabulary.ts';

/** `ordered`: each waits for the one before it. `parallel`: all go as soon as the whole train is cleared. */
export const TRAIN_MODES = ['ordered', 'parallel'] as const;
export type TrainMode = (typeof TRAIN_MODES)[number];

/** So many deployments make a train; more would not fit on a card that somebody can read before deciding. */
export const TRAIN_SIZE = { least: 2, most: 10 } as const;

/** What each member of a train knows of it. The members are written in one transaction, so each can name all of them. */
export interface TrainPart {
  /** `T-7`: the number is that of the first member. */
  readonly id: string;
  /** 1: the first. */
  readonly position: number;
  readonly mode: TrainMode;
  /** In the order in which they go. */
  readonly members: readonly { readonly deployment: string; readonly service: string }[];
}

/** A deployment that belongs to a train. */
export type Member = Deployment & { readonly train: TrainPart };

export function isMember(deployment: Deployment): deployment is Member {
  return deployment.train !== undefined;
}

export function trainId(number: number): string {
  return `T-${number}`;
}

/** The first member of a train: `D-7` of `T-7`. Nothing when the text is no id of a train. */
export function leadOf(train: string): string | undefined {
  const number = /^T-([1-9]\d{0,8})$/.exec(train)?.[1];
  return number === undefined ? undefined : `D-${number}`;
}

/** Under which id a deployment is told in chats: that of its train, or its own. */
export function toldAs({ id, train }: Pick<Deployment, 'id' | 'train'>): string {
  return train?.id ?? id;
}

/** Steps with every change of what a button on the train's card may mean. */
export function trainRevision(members: readonly Deployment[]): number {
  return members.reduce((sum, { revision }) => sum + revision, 0);
}

/** A member in one of these states stops the train: what has not begun is called off. */
const STOPPERS: ReadonlySet<State> = new Set([
  'failed',
  'refused',
  'rejected',
  'expired',
  'cancelled',
  'rolling-back',
  'rolled-back',
]);

export function stopsTrain({ state }: Pick<Deployment, 'state'>): boolean {
  return STOPPERS.has(state);
}

const BEFORE_RUN: ReadonlySet<State> = new Set(['requested', 'checking', 'awaiting-approval', 'queued']);

/** Has it not been dispatched, and may it still be? */
export function hasNotBegun({ state }: Pick<Deployment, 'state'>): boolean {
  return BEFORE_RUN.has(state);
}

/** Is it still being worked out, or waiting for a countersignature? */
function isUncleared({ state }: Deployment): boolean {
  return hasNotBegun({ state }) && state !== 'queued';
}

/** Why a member that is cleared must wait for others of its train. */
export interface TrainHold {
  /** `clearance`: not all of the train may go yet. `turn`: one before it has not arrived. `stop`: one went wrong, or is being stopped. */
  readonly kind: 'clearance' | 'turn' | 'stop';
  readonly for: Deployment;
}

/**
 * May this member begin, as far as its train is concerned? Nothing: it may. What is not known to be good keeps it back: a member that is
 * missing, or that a newer version works on.
 * @param members all of the train, as they are now
 */
export function trainHold(deployment: Member, members: readonly Deployment[]): TrainHold | undefined {
  const { train } = deployment;
  const others = members.filter(({ id }) => id !== deployment.id);
  const odd = others.find((one) => isForeign(one) || !knowsState(one.state));
  if (odd !== undefined) return { kind: 'stop', for: odd };
  const missing = train.members.some(({ deployment: id }) => !members.some((one) => one.id === id));
  if (missing) return { kind: 'stop', for: deployment };
  const stopped = others.find((one) => stopsTrain(one) || (one.cancellation !== undefined && one.state === 'running'));
  if (stopped !== undefined) return { kind: 'stop', for: stopped };
  const uncleared = others.find(isUncleared);
  if (uncleared !== undefined) return { kind: 'clearance', for: uncleared };
  if (train.mode === 'parallel') return undefined;
  const before = others.find((one) => positionOf(one) < train.position && one.state !== 'succeeded');
  return before === undefined ? undefined : { kind: 'turn', for: before };
}

function positionOf({ train }: Deployment): number {
  return train?.position ?? 0;
}

/** In the order of the train. For `sort`. */
export function byPosition(one: Deployment, other: Deployment): number {
  return positionOf(one) - positionOf(other);
}

/** Nobody of these may countersign any part of the train: one approval lets all of it go. */
export function excludedFromTrain(members: readonly Deployment[]): readonly Exclusion[] {
  const found: Exclusion[] = [];
  for (const one of members.flatMap(({ findings }) => findings?.excluded ?? [])) {
    const index = found.findIndex(({ person }) => sameHuman(person, one.person));
    const known = found[index];
    if (known === undefined) found.push(one);
    else found[index] = joined(known, one);
  }
  return found;
}

function joined({ person, parts, commits }: Exclusion, more: Exclusion): Exclusion {
  return {
    person,
    parts: [...new Set([...parts, ...more.parts])],
    commits: [...new Set([...commits, ...more.commits])].slice(0, 3),
  };
}

/** Those of its train that are among these. */
export function trainIn({ train }: Deployment, some: readonly Deployment[]): readonly Deployment[] {
  return train === undefined ? [] : some.filter((one) => one.train?.id === train.id);
}

/** A member judged as a part of its train: whoever had a hand in any other member has one in this one, too. */
export function asPart(deployment: Deployment, members: readonly Deployment[]): Deployment {
  const { findings } = deployment;
  if (findings === undefined || deployment.train === undefined) return deployment;
  const excluded = excludedFromTrain(members);
  const eligible = findings.eligible.map((one) => {
    const barred = one.may.filter((person) => exclusionOf(person, excluded) !== undefined);
    if (barred.length === 0) return one;
    const more = barred.flatMap((person) => exclusionOf(person, excluded) ?? []);
    return { ...one, may: one.may.filter((person) => !barred.includes(person)), mayNot: [...one.mayNot, ...more] };
  });
  return { ...deployment, findings: { ...findings, excluded, eligible } };
}
