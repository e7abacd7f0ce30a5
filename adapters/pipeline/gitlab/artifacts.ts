import { type Artifact, artifactFrom, reportedArtifacts } from '../../../src/domain/artifact.ts';
import type { Snapshot } from '../../../src/domain/run.ts';
import { counted } from '../../../src/domain/text.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { type Context, wanted } from './context.ts';
import type { Job } from './schema.ts';

/** Longer than the names and digests of all the artifacts that count. */
const MOST_BYTES = 16_000;
/** What one run named, kept so that a file which cannot change is read once. */
export type Named = Map<number, Pick<Snapshot, 'artifacts' | 'warning'>>;
const MOST_KEPT = 200;

/** What the job that the settings name left behind as said to be built or deployed; asks nothing where they name none. */
export async function artifactsOf(
  context: Context,
  request: StartRequest,
  jobs: readonly Job[],
  known: Named,
): Promise<Pick<Snapshot, 'artifacts' | 'warning'>> {
  const { project, settings } = wanted(context, request);
  if (settings.artifacts === undefined) return {};
  const { file, job: name } = settings.artifacts;
  const job = jobs.findLast((one) => one.name === name && one.status === 'success');
  if (job === undefined) return {};
  const before = known.get(job.id);
  if (before !== undefined) return before;
  const text = await context.gitlab.tail({
    what: `${file} of job "${name}" of ${request.repository}`,
    path: `${project}/jobs/${job.id}/artifacts/${file
      .split('/')
      .map((part) => pathOf(part))
      .join('/')}`,
    bytes: MOST_BYTES,
  });
  const said = text === undefined ? { warning: `Job "${name}" left no file ${file}.` } : read(text);
  known.set(job.id, said);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
  return said;
}

/** One `name@sha256:…` a line; empty lines and comments (`#`) say nothing. */
function read(text: string): Pick<Snapshot, 'artifacts' | 'warning'> {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): Artifact => artifactFrom(line) ?? { name: line.slice(0, 100), digest: '' });
  const { artifacts, left } = reportedArtifacts(said);
  const words = `${counted(left, 'artifact')} cannot be compared: at most 20 count, and only with a digest (name@sha256:…).`;
  return { ...(artifacts.length === 0 ? {} : { artifacts }), ...(left === 0 ? {} : { warning: words }) };
}
