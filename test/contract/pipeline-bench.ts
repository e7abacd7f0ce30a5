import type { Abilities } from '../../adapters/shared/adapter.ts';
import type { Artifact } from '../../src/domain/artifact.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Pipeline, StartRequest } from '../../src/ports/pipeline.ts';

/** A call of the provider's to our webhook. */
export interface WebhookCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Ways to be unlucky. A provider that cannot be unlucky in one of them says why in `cannot`. */
export interface Misfortunes {
  /** Nobody answers any more. */
  unreachable(): void | Promise<void>;
  /** The next call is put off for so many seconds; without a number no pause is named. */
  rateLimited(seconds?: number): void;
  /** The next start is obeyed, and then answered with an error. */
  brokenAfterAccepting(): void;
  /** The connection is cut after the next start was obeyed. */
  droppedAfterAccepting(): void;
  /** The provider gives the next run this commit instead of the one asked for. */
  otherCommit(): string;
  /** The run ends as cancelled, without our wish. */
  cancelItself(run: Run): Promise<void>;
  /** The provider says a state that nobody has heard of. */
  unknownWord(run: Run): void;
  /** The provider forgets the run. */
  lose(run: Run): void | Promise<void>;
  /** What the provider would send about a run, signed with this secret instead of the right one if given. */
  webhook(run: Run, secret?: string): Promise<WebhookCall>;
  /** A genuine call of long ago, where the provider signs the time. */
  staleWebhook(run: Run): Promise<WebhookCall>;
}

/** One provider, with the hands of its runners. */
export interface PipelineBench extends Partial<Misfortunes> {
  readonly pipeline: Pipeline;
  /** The same provider as a restarted program would make it. */
  restarted(): Promise<Pipeline>;
  /** A request that nobody has made yet. Its run goes on until told otherwise. */
  request(): StartRequest;
  /** How many runs this request has started there. */
  started(request: StartRequest): number | Promise<number>;
  /** The name of the only step, where the provider gives them no names of its own; else it is `Build`. */
  readonly step?: string;
  /** The runner begins the first step. */
  begin(run: Run): Promise<void>;
  succeed(run: Run): Promise<void>;
  /** Ends badly in that step. */
  fail(run: Run): Promise<void>;
  close(): Promise<void>;
  /** What the run says that it built; said before it begins. Absent: the provider hears of no artifacts. */
  nameArtifacts?(run: Run, artifacts: readonly Artifact[]): void | Promise<void>;
  /** What the run was told to deploy, as it got it. */
  toldArtifacts?(run: Run): string | undefined | Promise<string | undefined>;
  /** What the run was given for an input, as the provider has it. */
  inputOf?(run: Run, name: string): string | undefined | Promise<string | undefined>;
  /** Lets the run wait for a person, in a question called `Go on?`. */
  wait?(run: Run): void | Promise<void>;
  /** Who answered the question and what, in the provider's own record. */
  answerOf?(run: Run): { readonly verdict: 'approve' | 'reject'; readonly words: string } | undefined;
}

export interface PipelineSubject {
  readonly name: string;
  /** What the adapter says that it can do, held against what it can. Fakes say nothing. */
  readonly abilities?: Abilities;
  /** A fresh bench each time. */
  open(): Promise<PipelineBench>;
  /** Why a misfortune or an ability does not exist here. */
  readonly cannot?: Readonly<
    Partial<
      Record<keyof Misfortunes | 'stop' | 'logs' | 'tidy' | 'inputs' | 'waits' | 'signedBody' | 'answerWords', string>
    >
  >;
}
