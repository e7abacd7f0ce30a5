import { type RunState, runEnded, type Snapshot, type Step } from '../../../src/domain/run.ts';
import { clip } from '../../../src/domain/text.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Build, commitIn, type Release, stateOf, stepState } from './schema.ts';

/** What Heroku says of a run: a build, a release, or both. `commit`: of the slug, once there is one. */
export interface Seen {
  readonly build?: Build | undefined;
  readonly release?: Release | undefined;
  readonly commit?: string | undefined;
}

/** Succeeded only when the release is: a release phase may still fail after the build. */
export function snapshotOf({ build, release, commit }: Seen): Snapshot {
  const state = stateIn(build, release);
  const sha = commit ?? commitIn(build?.source_blob.version);
  const startedAt = iso((build ?? release)?.created_at);
  const endedAt = runEnded(state) ? iso((release ?? build)?.updated_at) : undefined;
  const words = [build?.status, release?.status].filter((word) => word !== undefined).join(' / ');
  return {
    state,
    ...(sha === undefined ? {} : { sha }),
    steps: [...(build === undefined ? [] : [buildStep(build)]), releaseStep(build, release)],
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(state === 'unknown'
      ? { warning: `Heroku gives the run a state that is not known here: "${clip(words, 100)}".` }
      : {}),
  };
}

/** What went wrong, out of what was printed. Heroku marks its own words in a build with `!`; the last line of a release command says most. */
export function errorOf(release: Release | undefined, output: string | undefined): string {
  const lines = (output ?? '').split(/\r?\n/).map((line) => line.trim());
  const marked = lines.map((line) => /^!\s+(\S.*)$/.exec(line)?.[1]).find((line) => line !== undefined);
  const said = release === undefined ? marked : lines.findLast((line) => line !== '');
  const what = release === undefined ? 'The build failed' : 'The release command failed';
  return clip(redact(said === undefined ? `${what}.` : `${what}: ${said}`), 300);
}

function stateIn(build: Build | undefined, release: Release | undefined): RunState {
  const built = build === undefined ? 'succeeded' : stateOf(build.status);
  if (built !== 'succeeded') return built;
  return release === undefined ? 'running' : stateOf(release.status);
}

function buildStep({ status, created_at, updated_at }: Build): Step {
  const state = stepState(status);
  return { name: 'Build', state, ...times(state, created_at, updated_at) };
}

function releaseStep(build: Build | undefined, release: Release | undefined): Step {
  if (release === undefined) {
    const over = build !== undefined && stateOf(build.status) === 'failed';
    return { name: 'Release', state: over ? 'skipped' : 'waiting' };
  }
  const state = stepState(release.status);
  return { name: 'Release', state, ...times(state, release.created_at, release.updated_at) };
}

function times(state: Step['state'], begun: string, changed: string): Pick<Step, 'startedAt' | 'endedAt'> {
  const startedAt = iso(begun);
  const endedAt = state === 'running' ? undefined : iso(changed);
  return { ...(startedAt === undefined ? {} : { startedAt }), ...(endedAt === undefined ? {} : { endedAt }) };
}

function iso(time: string | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
