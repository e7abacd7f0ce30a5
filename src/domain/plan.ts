import type { Artifact } from './artifact.ts';
import { canonicalHash } from './canonical.ts';
import type { Policy, Rule, Service, TargetSettings } from './catalog.ts';
import type { Inputs } from './inputs.ts';

/** `hotfix` takes the same road, faster. `rollback` brings back a commit that was approved for this target before; it needs no second countersignature. */
export const KINDS = ['regular', 'hotfix', 'rollback'] as const;
export type Kind = (typeof KINDS)[number];

/** Everything the run needs, so that what was approved is started and followed even when the configuration changes meanwhile. */
export interface PipelineStage {
  readonly kind: 'pipeline';
  readonly provider: string;
  readonly repository: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  /** What the provider itself asks of a person is answered in the name of whoever countersigned; absent: it is only shown. */
  readonly waits?: 'answered';
}

/** An ordered step of a plan. */
export type Stage =
  | { readonly kind: 'gate'; readonly gates: readonly string[] }
  | { readonly kind: 'approval'; readonly rules: readonly Rule[] }
  | PipelineStage;

/**
 * What a deployment will do, worked out at the request and shown on the card. `hash` covers everything that an approval binds:
 * service, environment, commit, artifacts, stages and the configuration version.
 */
export interface Plan {
  /** Version of the machine that made this plan, so that an upgraded bot carries on with what waits. */
  readonly machine: 1;
  readonly service: string;
  readonly environment: string;
  readonly sha: string;
  /** What succeeded with this commit in the environments before, and must arrive here; absent: they named nothing. */
  readonly artifacts?: readonly Artifact[];
  /** What was handed in with the request; absent: nothing. */
  readonly inputs?: Inputs;
  readonly kind: Kind;
  readonly stages: readonly Stage[];
  /** Hash of the part of the configuration that decides about this target. */
  readonly configuration: string;
  readonly hash: string;
}

export interface PlanRequest {
  readonly kind: Kind;
  readonly service: Service;
  readonly target: TargetSettings;
  readonly sha: string;
  readonly artifacts?: readonly Artifact[];
  readonly inputs?: Inputs;
  readonly gates: readonly string[];
  /** What must be met; see `rulesFor`. Absent: what the target asks of every regular deployment. */
  readonly rules?: readonly Rule[];
  /** The groups that the rules name, as configured. */
  readonly groups: unknown;
}

/** Works out the stages and their hash. A rollback carries no approval stage: its commit was approved for this target before. */
export function planFor(request: PlanRequest): Plan {
  const { kind, service, target, sha, artifacts = [], inputs = {} } = request;
  const rules = request.rules ?? (kind === 'rollback' ? [] : target.policy.rules);
  const stages: Stage[] = [{ kind: 'gate', gates: request.gates }];
  if (rules.length > 0) stages.push({ kind: 'approval', rules });
  const { provider, settings } = target.pipeline;
  stages.push({
    kind: 'pipeline',
    provider,
    repository: service.repository.name,
    settings,
    timeoutMs: target.timeoutMs,
    ...(target.waits === undefined ? {} : { waits: target.waits }),
  });
  const configuration = configurationVersion(service, target.policy, request.groups);
  const content = {
    machine: 1 as const,
    service: service.id,
    environment: target.environment,
    sha,
    ...(artifacts.length === 0 ? {} : { artifacts }),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    kind,
    stages,
    configuration,
  };
  // Which gates there are is the programme's: a version with one more must not void what waits. They are asked again anyway.
  const bound = { ...content, stages: stages.filter((stage) => stage.kind !== 'gate').map(withoutWords) };
  return { ...content, hash: canonicalHash(bound) };
}

/** Why a rule is asked for is words: one commit more in the range must not void what was approved. */
function withoutWords(stage: Stage): Stage {
  if (stage.kind !== 'approval') return stage;
  return { ...stage, rules: stage.rules.map(({ because: _words, ...rule }) => rule) };
}

/** Changes whenever the configuration changes who must approve or what is deployed from where. */
function configurationVersion(service: Service, policy: Policy, groups: unknown): string {
  return canonicalHash({
    repository: service.repository,
    policy: { rules: policy.rules, checks: policy.checks },
    groups,
  });
}

/** The stage that runs the provider's pipeline; every plan has one. */
export function pipelineStage(plan: Plan): PipelineStage {
  const stage = plan.stages.find((one) => one.kind === 'pipeline');
  if (stage === undefined) throw new TypeError(`The plan of ${plan.service} has no pipeline stage.`);
  return stage;
}
