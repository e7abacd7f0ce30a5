import type { Settings } from './schema.ts';
import type { Execution } from './shapes.ts';

/**
 * The commit of a run, from where the settings say; nothing while it names none in full. If it names several, one that was not approved
 * counts, so that nothing else slips through beside the right one.
 */
export function commitOf(
  execution: Execution,
  settings: Settings,
  { sha, repository }: { readonly sha: string; readonly repository: string },
): string | undefined {
  const named = namedBy(execution, settings, repository).flatMap((word) => {
    const commit = typeof word === 'string' ? word.toLowerCase() : '';
    return /^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(commit) ? [commit] : [];
  });
  return named.find((commit) => commit !== sha) ?? named[0];
}

function namedBy(execution: Execution, settings: Settings, repository: string): readonly unknown[] {
  switch (settings.commitFrom) {
    case 'parameter':
      return [execution.trigger.parameters?.[settings.commitParameter]];
    case 'git-artifact':
      return boundIn(execution, settings);
    case 'build':
      return builtIn(execution, settings.remote ?? repository);
  }
}

/** What the expected artifacts were resolved to, at the start or in a stage. */
function boundIn({ trigger, stages }: Execution, { gitArtifact }: Settings): readonly unknown[] {
  const expected = [
    ...(trigger.resolvedExpectedArtifacts ?? []),
    ...stages.flatMap(({ context, outputs }) => [
      ...(context.resolvedExpectedArtifacts ?? []),
      ...(outputs.resolvedExpectedArtifacts ?? []),
    ]),
  ];
  return expected.flatMap(({ boundArtifact: bound }) => {
    const ours = bound?.type === gitArtifact?.type && bound?.reference === gitArtifact?.reference;
    return ours ? [bound?.version] : [];
  });
}

/** What CI builds checked out. Where they name their repositories, only ours counts: a build may take others beside it. */
function builtIn({ trigger, stages }: Execution, repository: string): readonly unknown[] {
  const builds = [trigger.buildInfo, ...stages.map(({ context }) => context.buildInfo)];
  const revisions = builds.flatMap((build) => build?.scm ?? []);
  const named = revisions.some(({ remoteUrl }) => typeof remoteUrl === 'string');
  return revisions.filter(({ remoteUrl }) => !named || isOf(remoteUrl ?? '', repository)).map(({ sha1 }) => sha1);
}

function isOf(url: string, repository: string): boolean {
  const [path, wish] = [bare(url), bare(repository)];
  return path === wish || path.endsWith(`/${wish}`) || path.endsWith(`:${wish}`);
}

function bare(url: string): string {
  return url
    .toLowerCase()
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
}
