import { reportedArtifacts } from '../../../src/domain/artifact.ts';
import { runEnded, type Snapshot } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { artifactsOf, commitOf, wantedImage } from './image.ts';
import { type Operation, stateOf, stepState } from './schema.ts';

const ERRORS: Readonly<Record<string, string>> = {
  FAILED: 'The deployment failed. Its reason stands in the logs of App Runner.',
  ROLLBACK_SUCCEEDED: 'The deployment failed, and App Runner went back to the version before by itself.',
  ROLLBACK_FAILED: 'The deployment failed, and going back to the version before failed too. Look at the service.',
};

/** @param image what the service is configured to run; absent when another operation came after */
export function snapshotOf(
  request: StartRequest,
  operation: Operation,
  image: string | undefined,
  url: string,
): Snapshot {
  const state = stateOf(operation.Status);
  const startedAt = operation.StartedAt?.toISOString();
  const endedAt = runEnded(state) ? (operation.EndedAt ?? operation.UpdatedAt)?.toISOString() : undefined;
  const error = ERRORS[operation.Status ?? ''];
  const times = {
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
  const warning = state === 'unknown' ? unknown(operation) : undefined;
  return {
    state,
    ...whatRuns(request, operation, image),
    steps: [{ name: 'Deploy', state: stepState(state), url, ...(state === 'queued' ? {} : times) }],
    url,
    ...times,
    ...(error === undefined ? {} : { error }),
    ...(warning === undefined ? {} : { warning }),
  };
}

/**
 * The commit and digest behind the configured image. Before the end it is only a proof where it is the image that was wanted: until then
 * App Runner may still name the one before. One that went back has it too, and that is no news.
 */
function whatRuns(
  request: StartRequest,
  { Status }: Operation,
  image: string | undefined,
): Pick<Snapshot, 'sha' | 'artifacts'> {
  const wanted = image === wantedImage(request);
  const telling = wanted ? ['PENDING', 'IN_PROGRESS', 'SUCCEEDED'] : ['SUCCEEDED'];
  if (image === undefined || !telling.includes(Status ?? '')) return {};
  const sha = commitOf(request, image);
  const { artifacts } = reportedArtifacts(artifactsOf(request, image));
  return { ...(sha === undefined ? {} : { sha }), ...(artifacts.length === 0 ? {} : { artifacts }) };
}

function unknown({ Status }: Operation): string {
  return `App Runner gives the operation a state that is not known here: "${clip(Status ?? '', 100)}".`;
}
