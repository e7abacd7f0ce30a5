import { artifactFrom, type Reported, reportedArtifacts } from '../../../src/domain/artifact.ts';
import { redact } from '../../shared/http/redact.ts';
import type { Settings } from './schema.ts';
import type { Artifact, Execution } from './shapes.ts';

/**
 * The container images that a run resolved or built. What it was merely handed over says nothing of what it does, so the artifacts of
 * the trigger count only where they were bound.
 */
export function imagesOf({ trigger, stages }: Execution, { images }: Settings): Reported {
  if (images !== true) return { artifacts: [], left: 0 };
  const bound = [trigger, ...stages.flatMap(({ context, outputs }) => [context, outputs])].flatMap((place) =>
    (place.resolvedExpectedArtifacts ?? []).map(({ boundArtifact }) => boundArtifact),
  );
  const made = stages.flatMap(({ outputs }) => outputs.artifacts ?? []);
  const references = new Set([...bound, ...made].flatMap(referenceOf));
  const said = [...references].map((reference) => artifactFrom(reference) ?? { name: reference, digest: '' });
  return reportedArtifacts(said);
}

function referenceOf(artifact: Artifact | null | undefined): readonly string[] {
  if (artifact?.type !== 'docker/image' || typeof artifact.reference !== 'string') return [];
  return [redact(artifact.reference)];
}
