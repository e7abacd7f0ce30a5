import type { Fact } from '../announcement.ts';
import { type Artifact, shortDigest } from '../artifact.ts';
import { type Deployment, isOpen } from '../deployment.ts';
import type { Inline, Text } from '../text.ts';

/** So many stand on a card; the page, the evidence and the log have them all. */
const SHOWN = 4;

/** What must arrive, as the plan binds it, and what the run named beside it. */
export function artifactFacts(deployment: Deployment): readonly Fact[] {
  const { plan, runArtifacts = [] } = deployment;
  const bound = plan?.artifacts ?? [];
  const beside = runArtifacts.filter(({ name }) => bound.every((one) => one.name !== name));
  return [
    ...fact('Same artifact as before', bound, silence(deployment)),
    ...fact(deployment.state === 'succeeded' ? 'Artifact' : 'Artifact so far', beside, ''),
  ];
}

/** An ended run that said nothing of what it was given. */
function silence(deployment: Deployment): string {
  const { plan, runArtifacts = [], run } = deployment;
  const named = (plan?.artifacts ?? []).every(({ name }) => runArtifacts.some((one) => one.name === name));
  return run === undefined || isOpen(deployment) || named ? '' : ' · the run did not say what it brought';
}

function fact(label: string, artifacts: readonly Artifact[], after: string): readonly Fact[] {
  if (artifacts.length === 0) return [];
  const more = artifacts.length - SHOWN;
  const value: Text = [
    ...artifacts.slice(0, SHOWN).flatMap((one, index) => words(one, index)),
    more > 0 ? `, and ${more} more` : '',
    after,
  ];
  return [{ label, value: value.filter((part) => part !== '') }];
}

function words(artifact: Artifact, index: number): readonly Inline[] {
  return [`${index === 0 ? '' : ', '}${artifact.name} `, { kind: 'code', text: shortDigest(artifact) }];
}
