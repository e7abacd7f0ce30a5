import type { Artifact } from './artifact.ts';
import type { CheckStatus, Commit } from './change-set.ts';
import type { EscalationStep, Ownership } from './deployment.ts';
import type { EvidenceException } from './evidence-exceptions.ts';
import type { EvidenceLog } from './evidence-log.ts';
import type { Inputs } from './inputs.ts';
import type { Account } from './person.ts';
import type { Kind, Plan } from './plan.ts';
import type { Part } from './policy.ts';
import type { Refusal } from './refusal.ts';
import type { ReviewCause } from './review.ts';
import type { Run, Step } from './run.ts';
import type { TrainPart } from './train.ts';

/** A person as the record names them; `account` is the one that was used, where it is known. */
export interface EvidencePerson {
  readonly id: string;
  readonly name: string;
  /** False: an account that the configuration tied to nobody. */
  readonly known: boolean;
  readonly account?: Account;
}

/** A countersignature as it was given; `setAside`: why it did not count any more. */
export interface EvidenceApproval {
  readonly by: EvidencePerson;
  readonly groups: readonly string[];
  readonly onBehalfOf?: EvidencePerson;
  readonly at: string;
  /** Hash of the plan that it bound. */
  readonly binding: string;
  readonly setAside?: string;
}

export interface EvidenceRule {
  readonly group: string;
  readonly count: number;
  readonly because?: string;
  readonly by: readonly EvidencePerson[];
}

export interface EvidenceDecision {
  readonly by: EvidencePerson;
  readonly reason: string;
  readonly at: string;
}

/** One record of all that an auditor asks about one deployment. Made of its log and rows alone; times are ISO 8601 in UTC. */
export interface EvidenceRecord {
  readonly schema: 'countersign-evidence-1';
  readonly deployment: string;
  readonly kind: Kind;
  readonly service: string;
  readonly environment: string;
  /** As it was typed. */
  readonly ref: string;
  readonly commit?: string;
  readonly state: string;
  readonly outcome: string;
  readonly exceptions: readonly EvidenceException[];
  readonly asked: {
    readonly by: EvidencePerson;
    readonly at: string;
    readonly reason?: string;
    readonly incident?: string;
    readonly scheduledFor?: string;
    readonly retryOf?: string;
    /** The train that it was asked for with, and all others in it: one word on the train was the word on each. */
    readonly train?: TrainPart;
  };
  readonly changes?: {
    readonly base?: string;
    readonly formerDeployment?: string;
    readonly direction: string;
    /** False: not every commit could be read. */
    readonly complete: boolean;
    readonly url?: string;
    readonly commits: readonly Commit[];
    readonly filesTotal: number;
    readonly flaggedFiles: readonly { readonly path: string; readonly flag: string }[];
    readonly ownership: readonly Ownership[];
  };
  /** What was known when it was decided. */
  readonly checks?: CheckStatus & { readonly at: string };
  readonly warnings: readonly string[];
  readonly gates: readonly string[];
  readonly excluded: readonly {
    readonly person: EvidencePerson;
    readonly parts: readonly Part[];
    readonly commits: readonly string[];
  }[];
  readonly rules: readonly EvidenceRule[];
  readonly approvals: readonly EvidenceApproval[];
  readonly refusedApprovals: readonly {
    readonly by: EvidencePerson;
    readonly at: string;
    readonly refusals: readonly Refusal[];
  }[];
  readonly escalations: readonly EscalationStep[];
  readonly override?: string;
  /** What was handed in, by name. */
  readonly inputs?: Inputs;
  readonly glass?: EvidenceDecision & { readonly binding: string };
  readonly plan?: Pick<Plan, 'hash' | 'configuration' | 'artifacts'> & {
    readonly provider: string;
    readonly repository: string;
  };
  readonly run?: Run & {
    readonly startedAt?: string;
    /** The commit that the provider said it ran. */
    readonly confirmedCommit?: string;
    readonly confirmed: boolean;
    /** What the run said that it built or deployed. */
    readonly artifacts?: readonly Artifact[];
  };
  readonly steps: readonly Step[];
  readonly ended?: { readonly at: string; readonly failure?: Refusal };
  readonly refusals: readonly Refusal[];
  readonly rejection?: EvidenceDecision;
  readonly cancellation?: EvidenceDecision;
  readonly rollback?: { readonly undoes?: string; readonly restores?: string; readonly undoneBy?: string };
  readonly review?: {
    readonly causes: readonly ReviewCause[];
    readonly openedAt: string;
    readonly dueAt: string;
    readonly closed?: { readonly by: EvidencePerson; readonly note: string; readonly at: string };
  };
  readonly log: EvidenceLog;
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** SHA-256 of the canonical JSON (RFC 8785) of the record without this field. */
  readonly hash: string;
}
