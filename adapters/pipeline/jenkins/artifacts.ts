import { type Artifact, artifactFrom, reportedArtifacts } from '../../../src/domain/artifact.ts';
import type { Snapshot } from '../../../src/domain/run.ts';
import { counted } from '../../../src/domain/text.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import type { Context, Wanted } from './context.ts';

/** More than twenty of the longest names need. */
const BYTES = 16_000;

/** What a build says that it built, in the archived file that the settings name. Jenkins' own fingerprints are MD5 and prove nothing. */
export async function artifactsOf(
  context: Context,
  { settings, job, what }: Wanted,
  number: number,
): Promise<Pick<Snapshot, 'artifacts' | 'warning'>> {
  if (settings.artifactsFile === undefined) return {};
  const text = await context.jenkins.tail({
    what: `${settings.artifactsFile} of build ${number} of ${what}`,
    path: `${job}/${number}/artifact/${pathOf(...settings.artifactsFile.split('/'))}`,
    bytes: BYTES,
  });
  const lines = (text ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const unread: Artifact = { name: '', digest: '' };
  const { artifacts, left } = reportedArtifacts(lines.map((line) => artifactFrom(line.trim()) ?? unread));
  const words = `${counted(left, 'artifact')} cannot be compared: at most 20 count, each as name@sha256:<digest>.`;
  return { ...(artifacts.length === 0 ? {} : { artifacts }), ...(left === 0 ? {} : { warning: words }) };
}
