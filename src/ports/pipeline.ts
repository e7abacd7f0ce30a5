import type { Artifact } from '../domain/artifact.ts';
import type { OutsideRun } from '../domain/outside.ts';
import type { Kind } from '../domain/plan.ts';
import type { Run, Snapshot, Wait } from '../domain/run.ts';
import type { Fence } from './fence.ts';

/** Everything a provider needs to start one run of one approved commit. */
export interface StartRequest {
  /** Ours, unique for this start, findable again at the provider. */
  readonly correlation: string;
  /** `D-1042`. */
  readonly deployment: string;
  readonly service: string;
  readonly environment: string;
  /** As the source names it: `acme/web`, or a folder. */
  readonly repository: string;
  /** Full commit SHA; the provider must run exactly this. */
  readonly sha: string;
  /** What must be deployed: the approved plan binds it. Absent where the environments before named nothing. */
  readonly artifacts?: readonly Artifact[];
  /** What the requester filled in and the approval bound, by the service's own names; booleans are `true` and `false`. */
  readonly inputs?: Readonly<Record<string, string>>;
  readonly kind: Kind;
  readonly requester: string;
  readonly reason?: string;
  /** Our page about it. */
  readonly url?: string;
  /** The provider's own settings of this target, as its schema gave them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

/**
 * A place where pipelines run. Every member may throw a PortFailure. `start` with a correlation that was started before must not
 * start a second run where the provider can prevent it; the courier asks `find` first whenever it is in doubt.
 */
export interface PipelineProvider {
  /** Key under `providers` of the configuration. */
  readonly id: string;
  start(request: StartRequest, fence?: Fence): Promise<Run>;
  /** The present state; `unknown` words stay unknown. Cheap enough to be asked every few seconds. */
  look(run: Run, request: StartRequest): Promise<Snapshot>;
  /** Asks the run to end; returns when the provider has taken the wish. Stopping an ended run is no error. */
  stop(run: Run, request: StartRequest): Promise<void>;
  /** The run that `start` with this request made, if it made one. */
  find(request: StartRequest): Promise<Run | undefined>;
  /** How long to wait between looks, in milliseconds: at first, and at most. */
  readonly pace: { readonly firstMs: number; readonly mostMs: number };
}

/** Ability: the last lines of what the run printed, redacted. */
export interface RunLogs {
  logs(run: Run, request: StartRequest): Promise<string>;
}

/** Ability: removes what a run needed only while it ran. Safe to repeat. */
export interface RunTidy {
  tidy(run: Run, request: StartRequest): Promise<void>;
}

/** Ability: answers what the provider waits for a person for. Answering what is answered already is no error. */
export interface RunWaits {
  /** @param words who decided and where, for the provider's own record */
  answer(
    run: Run,
    request: StartRequest,
    wait: Wait,
    verdict: 'approve' | 'reject',
    words: string,
    fence?: Fence,
  ): Promise<void>;
}

export type RecordState = 'queued' | 'in_progress' | 'success' | 'failure' | 'inactive' | 'error';

/** Ability: the provider has a page of deployments of its own, which should say the same as ours. Safe to repeat. An older word must not come after a newer one, nor two pages. */
export interface DeploymentRecord {
  record(request: StartRequest, state: RecordState, words: string, fence?: Fence): Promise<void>;
}

/** Ability: the provider calls us when a run changes. `runs` are ids to look at; the look decides, not the call. */
export interface RunWebhook {
  verify(headers: Headers, body: string): Promise<WebhookVerdict>;
}
export type WebhookVerdict =
  | {
      readonly kind: 'runs';
      readonly delivery: string;
      readonly runs: readonly string[];
      /** Of what these runs are, where the call says it. */
      readonly hints?: readonly RunHint[];
    }
  | { readonly kind: 'other' }
  | { readonly kind: 'forged'; readonly reason: string };

/** Of what a run is, as a call said it; only a reason to look. */
export interface RunHint {
  readonly run: string;
  readonly repository: string;
  /** Every name under which settings may speak of it, e.g. `deploy.yml` and its number. */
  readonly workflows: readonly string[];
}
export type FoundOutside = OutsideRun & Pick<RunHint, 'workflows'>;

/** Ability: notices runs that were started at the provider and not here. */
export interface RunsOutside {
  /** Do settings of a target use one of these? */
  uses(settings: Readonly<Record<string, unknown>>, workflows: RunHint['workflows']): boolean;
  /** A run as it is now; nothing when Countersign started it, when it deploys nothing (a trial of a change), or when it is gone. */
  outside(run: string, repository: string): Promise<FoundOutside | undefined>;
}

export type Pipeline = PipelineProvider &
  Partial<RunLogs & RunTidy & RunWaits & DeploymentRecord & RunWebhook & RunsOutside>;
