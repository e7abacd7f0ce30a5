import type { Artifact } from './artifact.ts';
import type { Place } from './catalog.ts';
import type { ChangeSet, CheckStatus } from './change-set.ts';
import type { Inputs } from './inputs.ts';
import type { Person } from './person.ts';
import type { Kind, Plan } from './plan.ts';
import type { Countersignature, Eligibility, Exclusion } from './policy.ts';
import type { Refusal } from './refusal.ts';
import type { Run, RunState, Step, Wait } from './run.ts';
import type { TrainPart } from './train.ts';

/** Every state of a deployment, declared once: types, the database, cards, commands, pages and docs derive from this table. */
export const STATES = {
  requested: { word: 'Requested', sentence: 'Requested; nothing has been checked yet.', ended: false },
  checking: { word: 'Checking', sentence: 'Working out exactly what would change.', ended: false },
  'awaiting-approval': { word: 'Needs approval', sentence: 'Waiting for a countersignature.', ended: false },
  queued: { word: 'Queued', sentence: 'Cleared to go; waiting for its turn on this target.', ended: false },
  running: { word: 'Deploying', sentence: 'The pipeline is running.', ended: false },
  'rolling-back': { word: 'Rolling back', sentence: 'The former version is being brought back.', ended: false },
  succeeded: { word: 'Deployed', sentence: 'It runs there now.', ended: true },
  failed: { word: 'Failed', sentence: 'It did not get there; a person must look.', ended: true },
  'rolled-back': { word: 'Rolled back', sentence: 'The former version runs again.', ended: true },
  refused: { word: 'Refused', sentence: 'A rule does not allow it; nothing was deployed.', ended: true },
  rejected: { word: 'Rejected', sentence: 'An approver said no; nothing was deployed.', ended: true },
  expired: { word: 'Expired', sentence: 'Nobody decided in time; nothing was deployed.', ended: true },
  cancelled: { word: 'Cancelled', sentence: 'Somebody called it off.', ended: true },
} as const satisfies Record<string, { word: string; sentence: string; ended: boolean }>;

export type State = keyof typeof STATES;

/** Rows may hold a state that only a newer version of this program knows. */
export function knowsState(state: string): state is State {
  return Object.hasOwn(STATES, state);
}

/** How a state is spoken of; for one that only a newer version knows, its bare name and a sentence that says so. */
export function stateWords(state: string): { readonly word: string; readonly sentence: string } {
  if (knowsState(state)) return STATES[state];
  return { word: state, sentence: `Only a newer version of Countersign knows the state "${state}".` };
}

export const STATE_NAMES = Object.keys(STATES) as readonly State[];
export const OPEN_STATES: readonly State[] = STATE_NAMES.filter((name) => !STATES[name].ended);

/** What ran on the target before. */
export interface Former {
  readonly deployment: string;
  readonly sha: string;
  readonly since: string;
}

/** What was found out about a request before anybody was asked. */
export interface Findings {
  readonly sha: string;
  /** What succeeded with this commit in the environments before (see `Plan`). */
  readonly artifacts?: readonly Artifact[];
  /** In the row at most a hundred commits and files (flagged ones first); the log holds them all. */
  readonly changeSet: ChangeSet;
  readonly commitsTotal: number;
  /** How many people had a hand in it, machine accounts left out. */
  readonly peopleTotal: number;
  readonly checks: CheckStatus;
  readonly former?: Former;
  /** Nobody of these may countersign, and why. */
  readonly excluded: readonly Exclusion[];
  readonly eligible: readonly Eligibility[];
  /** Which of the policy's glob patterns fit how many changed files; a pattern that is missing here was not looked at. */
  readonly fits?: Readonly<Record<string, number>>;
  /** Who owns what is changed, by the CODEOWNERS file of what runs there: one entry for each different set of owners. */
  readonly ownership?: readonly Ownership[];
  /** Sentences that ask for a second look: migrations, configuration, risk words, size, strangers among the authors. */
  readonly warnings: readonly string[];
  /** When it was gathered, ISO 8601 in UTC. */
  readonly at: string;
}

/** Files of one set of owners. */
export interface Ownership {
  /** As the file names them: `@login`, `@org/team` or an e-mail address. */
  readonly owners: readonly string[];
  readonly files: number;
  /** One of the files. */
  readonly example: string;
}

/** A person's word that ended or changed something. */
export interface Decision {
  readonly by: Person;
  readonly reason: string;
  readonly at: string;
}

/** From then on members of `to` may countersign in the place of `group`. */
export interface EscalationStep {
  readonly group: string;
  readonly to: string;
  readonly at: string;
}

/** One request to bring one commit of one service to one environment. A fold of its events; never written otherwise. */
export interface Deployment {
  /** `D-1042`. */
  readonly id: string;
  readonly number: number;
  /** Events so far; the compare-and-set of every change. */
  readonly version: number;
  /** The highest vocabulary of its events (see vocabulary.ts); absent while that is the first. */
  readonly needs?: number;
  /** Steps with every change of what a button may mean; a click that carries an older one is answered, not obeyed. */
  readonly revision: number;
  /** Opaque, unguessable; what buttons carry instead of data. */
  readonly token: string;
  readonly kind: Kind;
  readonly service: string;
  readonly environment: string;
  /** As it was typed: a branch, a tag or a commit. */
  readonly ref: string;
  readonly requester: Person;
  readonly reason?: string;
  /** Where it was asked for. */
  readonly origin?: Place;
  readonly requestedAt: string;
  readonly state: State;
  /** Since when it is in this state, ISO 8601 in UTC. */
  readonly since: string;
  /** The failed deployment that this one tries again. */
  readonly retryOf?: string;
  /** Address of the incident that a hotfix mends. */
  readonly incident?: string;
  /** Not before, ISO 8601 in UTC. */
  readonly scheduledFor?: string;
  /** Why it may go although a rule speaks against it (the order of environments, a commit that was taken back). */
  readonly override?: string;
  /** What was handed in with it, by name. */
  readonly inputs?: Inputs;
  /** For a rollback: the deployment that is undone, and the good one that is brought back. */
  readonly undoes?: string;
  readonly restores?: string;
  /** The train that it goes with, if it does. */
  readonly train?: TrainPart;
  readonly findings?: Findings;
  readonly plan?: Plan;
  readonly expiresAt?: string;
  readonly remindedAt?: string;
  readonly nudgedAt?: string;
  readonly countersignatures: readonly Countersignature[];
  /** Groups that were silent, and who may take their part since. */
  readonly escalations?: readonly EscalationStep[];
  /** Somebody went on without a countersignature. `binding`: the hash of the plan. */
  readonly glass?: Decision & { readonly binding: string };
  readonly rejection?: Decision;
  readonly cancellation?: Decision;
  readonly refusals: readonly Refusal[];
  readonly startedAt?: string;
  readonly run?: Run;
  readonly runState?: RunState;
  /** The commit the provider says it runs. */
  readonly runSha?: string;
  /** What the run says that it built or deployed; absent: it does not say. */
  readonly runArtifacts?: readonly Artifact[];
  /** What the provider waits for a person for; absent: nothing. */
  readonly waits?: readonly Wait[];
  /** Why an answer of ours was not taken, by the question's id. */
  readonly unanswered?: Readonly<Record<string, Refusal>>;
  readonly steps: readonly Step[];
  /** Since when the provider gives no news, ISO 8601 in UTC. */
  readonly silentSince?: string;
  readonly failure?: Refusal;
  readonly endedAt?: string;
  /** The rollback deployment that undid (or is undoing) this one. */
  readonly undoneBy?: string;
  /** Median of the last ten runs on this target in milliseconds, known when it started. */
  readonly expectedMs?: number;
  /** Since when nothing had arrived on this target but failures, when this one started; ISO 8601 in UTC. Absent when the last one arrived. */
  readonly failingSince?: string;
}

/** Has it not ended? Of a state that only a newer version knows, the time of its end tells. */
export function isOpen(deployment: Pick<Deployment, 'state' | 'endedAt'>): boolean {
  const { state, endedAt } = deployment;
  return knowsState(state) ? !STATES[state].ended : endedAt === undefined;
}
