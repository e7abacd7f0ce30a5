import type { Run } from '../../../src/domain/run.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { ownerAndName } from '../../shared/github/repository.ts';
import { below, type Context, refused, runOf, settingsOf } from './context.ts';
import { newestBuild, newestRelease, releasedSlug } from './reading.ts';
import { Build, carries, markOf, Release } from './schema.ts';

/** Starts a build of the approved commit, or releases what was built of it before. Heroku cannot keep two starts apart, so it is asked first. */
export async function start(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  if (Object.keys(request.inputs ?? {}).length > 0) {
    const message = `Heroku takes no inputs with a build, so ${request.service} cannot have any. Take them out of the service, or keep them as config vars.`;
    throw refused(context, 'no-inputs', message);
  }
  const there = await find(context, request);
  if (there !== undefined) return there;
  const { app, promoteFrom } = settingsOf(request);
  const slug = await slugFor(context, request);
  if (slug !== undefined) return release(context, request, slug, fence);
  if (promoteFrom === undefined) return build(context, request, fence);
  const message = `No release of ${promoteFrom} that succeeded has the commit ${request.sha.slice(0, 7)}, so there is nothing to promote to ${app}. Deploy it there first.`;
  throw refused(context, 'not-on-source', message);
}

/** What carries our id: a build in its version, a release in its description. */
export async function find(context: Context, request: StartRequest): Promise<Run | undefined> {
  const { app, promoteFrom } = settingsOf(request);
  const ours = (text: string | null | undefined) => carries(text, request.correlation);
  if (promoteFrom !== undefined || request.kind === 'rollback') {
    const found = await newestRelease(context, app, ({ description }) => ours(description));
    if (found !== undefined) return runOf(context, 'release', found.id, app);
  }
  if (promoteFrom !== undefined) return undefined;
  const found = await newestBuild(context, app, ({ source_blob }) => ours(source_blob.version));
  return found === undefined ? undefined : runOf(context, 'build', found.id, app);
}

/** What was built of the commit before: on the way back by this app, else by the one that is promoted from. */
async function slugFor(context: Context, request: StartRequest): Promise<string | undefined> {
  const { app, promoteFrom } = settingsOf(request);
  const own = request.kind === 'rollback' ? await releasedSlug(context, app, request.sha) : undefined;
  if (own !== undefined || promoteFrom === undefined) return own;
  return releasedSlug(context, promoteFrom, request.sha);
}

async function build(context: Context, request: StartRequest, fence?: Fence): Promise<Run> {
  const { app } = settingsOf(request);
  const url = await archiveOf(context, request);
  const order = {
    what: `a build of ${app}`,
    path: below(app, 'builds'),
    // Heroku takes any text as the version, and shows its first eight characters.
    json: { source_blob: { url, version: `${request.sha} ${markOf(request.correlation)}` } },
  };
  const { id } = context.heroku.read(order, await context.heroku.send(order, fence), Build);
  return runOf(context, 'build', id, app);
}

/**
 * A new release of a slug that is there. Also on the way back: Heroku's own rollback would bring former config vars with it, which nobody
 * has approved, and takes no description by which it could be found.
 * Source: https://devcenter.heroku.com/articles/platform-api-copying-slugs, and "Release create" of the reference.
 */
async function release(context: Context, request: StartRequest, slug: string, fence?: Fence): Promise<Run> {
  const { app, promoteFrom } = settingsOf(request);
  const short = request.sha.slice(0, 8);
  const words = request.kind === 'rollback' ? `Back to ${short}` : `Promote ${short} from ${promoteFrom ?? app}`;
  const order = {
    what: `a release of ${app}`,
    path: below(app, 'releases'),
    json: { slug, description: `${words} ${markOf(request.correlation)}` },
  };
  const { id } = context.heroku.read(order, await context.heroku.send(order, fence), Release);
  return runOf(context, 'release', id, app);
}

/** Where Heroku fetches exactly this commit. GitHub's address is good for some minutes: https://docs.github.com/rest/repos/contents#download-a-repository-archive-tar */
async function archiveOf(context: Context, request: StartRequest): Promise<string> {
  const { app, archive } = settingsOf(request);
  if (archive !== undefined) {
    const repository = request.repository.split('/').map(encodeURIComponent).join('/');
    return archive.replaceAll('{sha}', request.sha).replaceAll('{repository}', repository);
  }
  const url = await context.github?.address({
    what: `the archive of ${request.sha.slice(0, 7)} of ${request.repository}`,
    route: 'GET /repos/{owner}/{repo}/tarball/{ref}',
    parameters: { ...ownerAndName(context.id, request.repository), ref: request.sha },
  });
  if (url !== undefined) return url;
  const message =
    context.github === undefined
      ? `Nobody says where Heroku finds the code of ${app}. Give the provider ${context.id} a GitHub connection under archives, or the pipeline of ${request.service} an archive.`
      : `GitHub gives no address for the archive of ${request.repository}. Try again.`;
  throw refused(context, 'no-archive', message);
}
