import { type Artifact, reportedArtifacts } from '../../../src/domain/artifact.ts';
import type { Run, Snapshot } from '../../../src/domain/run.ts';
import { counted } from '../../../src/domain/text.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, wanted } from './context.ts';
import { type RunArtifact, RunArtifacts } from './schema.ts';

/** Pages of a hundred artifacts; a run with more says nothing that could be relied on. */
const MOST_PAGES = 5;

type Named = Pick<Snapshot, 'artifacts' | 'warning'>;

/** What the run uploaded under the names that the target's settings ask for; asks nothing of GitHub where they ask for none. */
export async function artifactsOf(context: Context, run: Run, request: StartRequest): Promise<Named> {
  const { artifacts: patterns } = wanted(context, request).settings;
  if (patterns === undefined) return {};
  const listed = await list(context, run, request);
  if (listed === undefined) return { warning: 'The run has more artifacts than are read, so none of them counts.' };
  const fitting = newest(listed).filter(({ name }) => patterns.some((pattern) => fits(pattern, name)));
  const said = fitting.map(({ name, digest }): Artifact => ({ name: redact(name), digest: digest ?? '' }));
  const { artifacts, left } = reportedArtifacts(said);
  const words = `${counted(left, 'artifact')} cannot be compared: at most 20 count, and only with a digest (upload-artifact v4 or newer).`;
  return { ...(artifacts.length === 0 ? {} : { artifacts }), ...(left === 0 ? {} : { warning: words }) };
}

/** All of them, of every attempt; nothing when they are too many. */
async function list(context: Context, run: Run, request: StartRequest): Promise<readonly RunArtifact[] | undefined> {
  const { place } = wanted(context, request);
  const all: RunArtifact[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await context.github
      .get({
        what: `the artifacts of run ${run.id} of ${request.repository}`,
        route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
        parameters: { ...place, run_id: run.id, per_page: 100, page },
        form: RunArtifacts,
        polled: true,
      })
      .catch(noneThere);
    all.push(...found.artifacts);
    if (found.artifacts.length === 0 || all.length >= found.total_count) return all;
  }
  return undefined;
}

/** The run itself was found a moment ago: an older GitHub Enterprise Server may lack the page, which says nothing of the run. */
function noneThere(error: unknown): { readonly total_count: number; readonly artifacts: readonly RunArtifact[] } {
  if (error instanceof PortFailure && error.details.kind === 'not-found') return { total_count: 0, artifacts: [] };
  throw error;
}

/** A run that was tried again lists the artifacts of every attempt; the newest of a name stands, as in GitHub's own toolkit (`latest`). */
function newest(artifacts: readonly RunArtifact[]): readonly RunArtifact[] {
  return [...new Map(artifacts.toSorted((one, other) => one.id - other.id).map((one) => [one.name, one])).values()];
}

/** `*` stands for any characters, also none. No regular expression, so that no pattern can take long. */
export function fits(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  if (others.length === 0) return name === pattern;
  const last = others.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let rest = name.slice(first.length, name.length - last.length);
  for (const part of others) {
    const at = rest.indexOf(part);
    if (at < 0) return false;
    rest = rest.slice(at + part.length);
  }
  return true;
}
