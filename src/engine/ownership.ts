import picomatch from 'picomatch';
import type { Policy } from '../domain/catalog.ts';
import type { ChangeSet } from '../domain/change-set.ts';
import { OWNERS_PATHS, ownershipOf, ownersRules } from '../domain/code-owners.ts';
import { GITLAB_OWNERS_PATHS, gitlabOwnership } from '../domain/code-owners-gitlab.ts';
import type { Findings } from '../domain/deployment.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import { patternsOf } from '../domain/rules.ts';
import type { Source } from '../ports/source.ts';
import type { Question } from './facts.ts';

/** Every changed file is named. */
function namesAll({ files, filesTotal, filesUnlisted }: ChangeSet): boolean {
  return filesUnlisted !== true && files.length >= filesTotal;
}

/**
 * How many changed files fit each pattern of the policy. A pattern that fits none of the named files is left out where not all are
 * named, which is taken for "it may".
 */
export function fitsOf(policy: Policy, changeSet: ChangeSet): Readonly<Record<string, number>> {
  const counts = patternsOf(policy).map((pattern) => {
    const fits = picomatch(pattern, { dot: true, nocase: true });
    return [pattern, changeSet.files.filter(({ path }) => fits(path)).length] as const;
  });
  return Object.fromEntries(counts.filter(([, count]) => count > 0 || namesAll(changeSet)));
}

/**
 * Whose the changed files are, by the CODEOWNERS file of what runs there now: a change cannot make its own author the owner. Where that
 * commit has none (or nothing runs there), the file that comes with the change is taken.
 * @returns what is added to the findings, or why nobody can tell
 * @throws PortFailure when the source cannot be asked
 */
export async function readOwnership(
  source: Source,
  { service, settings, kind }: Question,
  changeSet: ChangeSet,
): Promise<Pick<Findings, 'ownership'> | Refusal> {
  if (settings.policy.codeOwners !== true || kind === 'rollback') return {};
  const repository = service.repository.name;
  const text = await firstOf(source, repository, changeSet);
  if (text === undefined) {
    const sentence = `The owners of the changed files must countersign, but no CODEOWNERS file can be read in ${repository}.`;
    return refusal('range-unreadable', sentence, 'Put one there, or tell an operator to take `codeOwners` off.');
  }
  const paths = namesAll(changeSet) ? changeSet.files.map(({ path }) => path) : undefined;
  return {
    ownership: source.codeOwners === 'gitlab' ? gitlabOwnership(text, paths) : ownershipOf(ownersRules(text), paths),
  };
}

async function firstOf(
  { file, codeOwners }: Source,
  repository: string,
  { base, head }: ChangeSet,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  for (const sha of base === undefined ? [head] : [base, head]) {
    for (const path of codeOwners === 'gitlab' ? GITLAB_OWNERS_PATHS : OWNERS_PATHS) {
      const text = await file(repository, sha, path);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}
