import type { Condition, Policy, Rule } from './catalog.ts';
import { ownersGroup } from './code-owners.ts';
import type { Deployment, Findings } from './deployment.ts';
import type { Kind, Plan } from './plan.ts';
import { type RuleProgress, tally } from './policy.ts';
import { counted } from './text.ts';

/** What is known of a request when its rules are worked out; absent: nothing yet. */
type Known = Pick<Findings, 'changeSet' | 'commitsTotal' | 'fits' | 'ownership'> | undefined;

/**
 * Every rule that a request must meet: those of the target, those that its risk adds, and the owners of the files. They are added up,
 * never traded; of the same group the highest count is asked. A rollback asks nobody: its commit was approved here before.
 */
export function rulesFor(policy: Policy, kind: Kind, known: Known, source: string): readonly Rule[] {
  if (kind === 'rollback') return [];
  const further = (policy.further ?? []).flatMap(({ when, rules }) => {
    const because = known === undefined ? undefined : holds(when, kind, known);
    return because === undefined ? [] : rules.map((rule) => (because === '' ? rule : { ...rule, because }));
  });
  const owners = policy.codeOwners === true ? ownerRules(known, source) : [];
  return merged([...policy.rules, ...further, ...owners]);
}

/**
 * May a request have to be countersigned, as far as can be told before anything of it is known? What further rules need beside its kind
 * may turn out to be so.
 */
export function mayAsk({ rules, further = [], codeOwners }: Policy, kind: Kind): boolean {
  if (kind === 'rollback') return false;
  const more = further.filter(({ when, rules: added }) => added.length > 0 && (when.kinds?.includes(kind) ?? true));
  return rules.length + more.length > 0 || codeOwners === true;
}

/** Every pattern that the further rules of a policy ask about. */
export function patternsOf({ further = [] }: Policy): readonly string[] {
  return [...new Set(further.flatMap(({ when }) => when.files ?? []))];
}

function merged(rules: readonly Rule[]): readonly Rule[] {
  const found = new Map<string, Rule>();
  for (const rule of rules) {
    const former = found.get(rule.group);
    if (former === undefined || former.count < rule.count) found.set(rule.group, rule);
  }
  return [...found.values()];
}

/** Why a condition holds, in a few words; empty where it asks for nothing; nothing when it does not hold. What was not looked at holds. */
function holds(when: Condition, kind: Kind, { changeSet, commitsTotal, fits }: NonNullable<Known>): string | undefined {
  const reasons: string[] = [];
  if (when.kinds !== undefined) {
    if (!when.kinds.includes(kind)) return undefined;
    reasons.push(`a ${kind} deployment`);
  }
  if (when.first === true) {
    if (changeSet.direction !== 'first') return undefined;
    reasons.push('the first deployment there');
  }
  if (when.commits !== undefined) {
    // Of a first deployment the source gives the newest commits only.
    const counts = changeSet.complete && changeSet.direction !== 'first';
    if (commitsTotal < when.commits && counts) return undefined;
    reasons.push(counts ? counted(commitsTotal, 'commit') : 'more commits than can be read');
  }
  if (when.migrations === true) {
    const migrations = changeSet.files.filter(({ flag }) => flag === 'migration').length;
    if (migrations === 0 && changeSet.complete && changeSet.filesUnlisted !== true) return undefined;
    reasons.push('migrations');
  }
  if (when.files !== undefined) {
    const found = when.files.find((pattern) => fits?.[pattern] !== 0);
    if (found === undefined && changeSet.complete) return undefined;
    reasons.push(`changes ${found ?? when.files[0] ?? 'files'}`);
  }
  return reasons.join(', ');
}

/** Owners are asked by name, so each set of owners is a group of its own. */
function ownerRules(known: Known, source: string): readonly Rule[] {
  return (known?.ownership ?? []).map(({ owners, files, example }) => ({
    group: ownersGroup(owners),
    count: 1,
    because: files === 1 ? `changes ${example}` : `changes ${example} and ${counted(files - 1, 'more file')}`,
    source: { kind: 'owners', source, owners },
  }));
}

/** A rule of a request that waits, with the groups that may take its part because it was silent. */
export interface AskedRule extends Rule {
  readonly instead?: readonly string[];
}

/** The rules that were shown and are bound by the approval. */
export function rulesOf(plan: Plan | undefined): readonly Rule[] {
  return plan?.stages.flatMap((stage) => (stage.kind === 'approval' ? stage.rules : [])) ?? [];
}

/** What a request asks now. */
export function askedRules({ plan, escalations = [] }: Pick<Deployment, 'plan' | 'escalations'>): readonly AskedRule[] {
  return rulesOf(plan).map((rule) => {
    const instead = escalations.filter(({ group }) => group === rule.group).map(({ to }) => to);
    return instead.length === 0 ? rule : { ...rule, instead };
  });
}

/** How far each rule of a request is. */
export function askedProgress(deployment: Deployment): readonly RuleProgress[] {
  const { countersignatures, findings } = deployment;
  return tally({ rules: askedRules(deployment) }, countersignatures, findings?.excluded ?? []);
}

/** Groups whose members may decide on it now. */
export function askedGroups(deployment: Pick<Deployment, 'plan' | 'escalations'>): readonly Rule[] {
  return askedRules(deployment).flatMap((rule) => [
    rule,
    ...(rule.instead ?? []).map((group) => ({ group, count: rule.count })),
  ]);
}
