import { type Artifact, agreed, type Clash, clashIn, sameArtifacts, shortDigest } from '../domain/artifact.ts';
import type { Findings } from '../domain/deployment.ts';
import { type Refusal, refusal } from '../domain/refusal.ts';
import type { Passed } from './gate.ts';

/** The way for this very commit: where it runs already it cannot go again. */
const OR_OVERRIDE = ', or add `--override "why"` if you may.';

/** What speaks against the artifacts that succeeded in the environments before: none named, two of one name, or others than the plan binds. */
export function artifactObjection(passed: readonly Passed[], findings: Findings): Refusal | undefined {
  const short = findings.sha.slice(0, 7);
  const silent = passed.find(({ artifact, arrived }) => artifact === 'required' && arrived?.artifacts === undefined);
  if (silent !== undefined) return unnamed(silent, short);
  const lists = passed.map(({ arrived }) => arrived?.artifacts ?? []);
  const clash = clashIn(lists.flat());
  if (clash !== undefined) return differ(clash, passed, short);
  const [present, bound] = [agreed(lists), findings.artifacts ?? []];
  return sameArtifacts(present, bound) ? undefined : changed(present, bound);
}

function unnamed({ environment, arrived }: Passed, short: string): Refusal {
  return refusal(
    'artifact-unknown',
    `The run of ${arrived?.deployment ?? 'nothing'} brought ${short} to ${environment} without naming its artifact, so nobody can tell whether the same one would come here.`,
    `Let the pipeline name it, and bring the next commit through ${environment}${OR_OVERRIDE}`,
  );
}

function differ({ one, other }: Clash, passed: readonly Passed[], short: string): Refusal {
  const places = [placeOf(one, passed), placeOf(other, passed)] as const;
  const both = places[0] === places[1] ? places[0] : places.join(' and ');
  return refusal(
    'artifacts-differ',
    `"${one.name}" of ${short} is ${shortDigest(one)} in ${places[0]} and ${shortDigest(other)} in ${places[1]}.`,
    `Build it once, and bring the next commit through ${both} as one artifact${OR_OVERRIDE}`,
  );
}

function placeOf(artifact: Artifact, passed: readonly Passed[]): string {
  const found = passed.find(({ arrived }) =>
    arrived?.artifacts?.some(({ name, digest }) => name === artifact.name && digest === artifact.digest),
  );
  return found?.environment ?? '';
}

function changed(present: readonly Artifact[], bound: readonly Artifact[]): Refusal {
  const listed = (artifacts: readonly Artifact[]) =>
    artifacts.length === 0 ? 'nothing' : artifacts.map((one) => `"${one.name}" ${shortDigest(one)}`).join(', ');
  return refusal(
    'artifact-changed',
    `This was planned with ${listed(bound)}, but the environments before now stand on ${listed(present)}.`,
    'Ask for it anew: the plan then binds what stands there now.',
  );
}
