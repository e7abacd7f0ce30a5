import picomatch from 'picomatch';
import type { Service, TargetSettings } from '../domain/catalog.ts';
import type { ChangedFile, ChangeSet, CheckStatus, FileFlag } from '../domain/change-set.ts';
import type { Deployment, Findings, Former } from '../domain/deployment.ts';
import type { Person } from '../domain/person.ts';
import type { Kind } from '../domain/plan.ts';
import { excludedFrom } from '../domain/policy.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { rulesFor } from '../domain/rules.ts';
import { secondLook } from '../domain/second-look.ts';
import type { Target } from '../domain/target.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Source } from '../ports/source.ts';
import type { Groups } from './groups.ts';
import { type Kit, now } from './kit.ts';
import { fitsOf, readOwnership } from './ownership.ts';

/** What is asked about: a commit of a service on its way to a target. */
export interface Question {
  readonly service: Service;
  readonly settings: TargetSettings;
  readonly kind: Kind;
  readonly requester: Person;
  /** A branch, tag or commit; or the full commit that was frozen before. */
  readonly ref: string;
  readonly frozen?: string;
}

export type Found =
  | { readonly kind: 'found'; readonly findings: Findings; readonly target: Target }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Reads everything that gates and approvers need about a request.
 * @throws PortFailure when something outside cannot be read now but might be later
 */
export async function gatherFacts(kit: Kit, groups: Groups, question: Question): Promise<Found> {
  const { service, settings, requester } = question;
  const source = kit.sources.get(service.repository.source);
  if (source === undefined)
    return refused(
      'source-unreachable',
      `The source "${service.repository.source}" is not set up.`,
      'Tell an operator.',
    );
  const sha = question.frozen ?? (await source.resolve(service.repository.name, question.ref))?.sha;
  if (sha === undefined) {
    return refused(
      'unknown-ref',
      `"${question.ref}" is no branch, tag or commit of ${service.repository.name}, or more than one.`,
      `See \`refs ${service.id}\`.`,
    );
  }
  const target = await kit.store.target(service.id, settings.environment);
  const changeSet = await readRange(source, service, target.current?.sha, sha);
  if (changeSet === undefined) return unreadableRange(service, target, settings);
  const excluded = excludedFrom(requester, changeSet, kit.catalog().people);
  const commitsTotal = changeSet.commits.length;
  const owned = await readOwnership(source, question, changeSet);
  if ('code' in owned) return { kind: 'refused', refusal: owned };
  const risk = { changeSet, commitsTotal, fits: fitsOf(settings.policy, changeSet), ...owned };
  const rules = rulesFor(settings.policy, question.kind, risk, service.repository.source);
  const [checks, eligible] = await Promise.all([
    readChecks(kit, source, service, sha),
    groups.eligible(rules, excluded),
  ]);
  const findings: Findings = {
    sha,
    ...risk,
    peopleTotal: excluded.filter(({ parts }) => parts.some((part) => part !== 'requester')).length,
    checks,
    ...former(target),
    excluded,
    eligible,
    warnings: secondLook(changeSet, excluded),
    at: now(kit),
  };
  return { kind: 'found', findings, target };
}

function refused(code: Refusal['code'], sentence: string, next: string): Found {
  return { kind: 'refused', refusal: refusal(code, sentence, next) };
}

function unreadableRange(service: Service, target: Target, settings: TargetSettings): Found {
  const sentence = `The commits since ${target.current?.sha.slice(0, 7) ?? 'the last deployment'}, which runs in ${settings.environment}, cannot be read from ${service.repository.name}, so nobody can be cleared of authorship.`;
  return refused(
    'range-unreadable',
    sentence,
    'If history was rewritten, restore that commit in the repository (a tag is enough) and ask again.',
  );
}

function former({ current }: Target): { readonly former?: Former } {
  return current === undefined
    ? {}
    : { former: { deployment: current.deployment, sha: current.sha, since: current.since } };
}

async function readRange(
  source: Source,
  service: Service,
  base: string | undefined,
  sha: string,
): Promise<ChangeSet | undefined> {
  try {
    const changes = await source.changes(service.repository.name, base, sha);
    return { ...changes, files: flagFiles(changes.files, service.flags) };
  } catch (error) {
    if (error instanceof PortFailure && error.details.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Marks the paths that deserve a second look, by the service's patterns. */
function flagFiles(files: readonly ChangedFile[], flags: Service['flags']): readonly ChangedFile[] {
  const matchers = (Object.entries(flags) as [FileFlag, readonly string[]][]).map(([flag, patterns]) => ({
    flag,
    fits: picomatch([...patterns], { dot: true, nocase: true }),
  }));
  return files.map((file) => {
    const flag = matchers.find(({ fits }) => fits(file.path))?.flag;
    return flag === undefined ? file : { ...file, flag };
  });
}

/** Checks that cannot be read are told as unknown; a policy that requires them refuses then. */
async function readChecks(kit: Kit, source: Source, service: Service, sha: string): Promise<CheckStatus> {
  try {
    return await source.checks(service.repository.name, sha);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    kit.log.warn({ service: service.id, sha, error: error.message }, 'the checks of a commit could not be read');
    return { state: 'unknown', passed: 0, failed: 0, pending: 0, failures: [] };
  }
}

/** A rollback needs no repository: its commit was deployed and approved here before. */
export function rollbackFindings(kit: Kit, requester: Person, restored: Deployment, target: Target): Findings {
  const sha = restored.findings?.sha ?? '';
  // Only what its own run was held to: a pipeline that builds anew each time must still be able to go back.
  const artifacts = restored.plan?.artifacts;
  return {
    sha,
    ...(artifacts === undefined ? {} : { artifacts }),
    changeSet: {
      head: sha,
      commits: [],
      files: [],
      filesTotal: 0,
      complete: true,
      direction: 'behind',
      ...(target.current === undefined ? {} : { base: target.current.sha }),
    },
    commitsTotal: 0,
    peopleTotal: 0,
    checks: { state: 'none', passed: 0, failed: 0, pending: 0, failures: [] },
    ...former(target),
    excluded: [{ person: requester, parts: ['requester'], commits: [] }],
    eligible: [],
    warnings: [],
    at: now(kit),
  };
}
