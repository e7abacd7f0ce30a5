import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, refused, wanted } from './context.ts';
import type { Application, Source } from './schema.ts';

/** Where in the application the service's repository stands. */
export interface Place {
  /** From 0; nothing where the application has one source only. */
  readonly positions: readonly number[] | undefined;
  /** What these sources track: `main`, `HEAD`. */
  readonly tracked: string;
  /** Does every one of them track the commit itself? */
  readonly pinned: boolean;
}

/** The sources of the application that are the service's repository. Throws a refusal where there is none: the approved commit is none of theirs. */
export function placeOf(context: Context, app: Application, request: StartRequest): Place {
  const { settings, what } = wanted(request);
  const many = app.spec.sources ?? [];
  const all = many.length > 0 ? many : [app.spec.source ?? {}];
  const fits = (source: Source) => (source.chart ?? '') === '' && isRepository(source, request, settings.repository);
  const positions = all.flatMap((source, index) => (fits(source) ? [index] : []));
  if (positions.length === 0) {
    const found = all.map(({ repoURL }) => repoURL ?? '').filter((url) => url !== '');
    const from = found.length === 0 ? 'no Git source of its own' : `${found.map(bare).join(' and ')}`;
    const advice =
      "Use an application whose manifests are in the service's repository, or name its address in `repository` of the target's pipeline.";
    throw refused(
      context,
      'other-repository',
      `The approved commit is one of ${request.repository}, but ${what} deploys from ${from}. ${advice}`,
    );
  }
  const revisions = positions.map((index) => trackedBy(all[index]));
  return {
    positions: many.length > 0 ? positions : undefined,
    tracked: [...new Set(revisions)].join(' and '),
    pinned: revisions.every((revision) => revision === request.sha),
  };
}

/** The commit at our places: the first that is not the one wished for, if there is one. */
export function commitAt(
  said:
    | { readonly revision?: string | null | undefined; readonly revisions?: readonly string[] | null | undefined }
    | null
    | undefined,
  { positions }: Pick<Place, 'positions'>,
  wish: string,
): string | undefined {
  const found = positions === undefined ? [said?.revision] : positions.map((index) => said?.revisions?.[index]);
  const commits = found.map((one) => (one ?? '') || undefined);
  return commits.find((one) => one !== wish) ?? (commits.includes(undefined) ? undefined : wish);
}

/** Where an application names no revision, Argo CD takes the tip of the default branch. */
function trackedBy(source: Source | undefined): string {
  return (source?.targetRevision ?? '') || 'HEAD';
}

export function isRepository(source: Source, { repository }: StartRequest, address: string | undefined): boolean {
  const found = normalised(source.repoURL ?? '');
  if (address !== undefined) return whole(found) === whole(normalised(address));
  const wish = repository.toLowerCase().replace(/\.git$/, '');
  return found.path !== '' && (found.path === wish || whole(found) === whole(normalised(repository)));
}

interface Address {
  readonly host: string;
  readonly path: string;
}

function whole({ host, path }: Address): string {
  return `${host}/${path}`;
}

/** `git@host:acme/web.git`, `ssh://git@host/acme/web` and `https://host/acme/web/` name one repository. */
function normalised(url: string): Address {
  const found = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^@/]*@)?([^/:]*)(?::\d+(?=\/))?[/:](.*)$/i.exec(url.trim());
  const path = (found?.[2] ?? '').replace(/^\/+|\/+$/g, '').replace(/\.git$/i, '');
  return { host: (found?.[1] ?? '').toLowerCase(), path: path.toLowerCase() };
}

/** Without a login that may stand in the address. */
function bare(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
