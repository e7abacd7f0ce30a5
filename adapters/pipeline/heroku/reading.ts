import { z } from 'zod';
import { below, type Context } from './context.ts';
import { Build, commitIn, Release, Slug } from './schema.ts';

/** Slugs whose commit is looked up one by one; an older one is built anew. */
const MOST_SLUGS = 40;

export function buildOf({ heroku }: Context, app: string, id: string): Promise<Build> {
  return heroku.get({ what: `build ${id} of ${app}`, path: below(app, 'builds', id), form: Build, polled: true });
}

export function releaseOf({ heroku }: Context, app: string, id: string): Promise<Release> {
  return heroku.get({ what: `release ${id} of ${app}`, path: below(app, 'releases', id), form: Release, polled: true });
}

/** The commit that a slug was built of, as its build was told. */
export async function commitOf({ heroku }: Context, app: string, slug: string): Promise<string | undefined> {
  const found = await heroku.get({
    what: `slug ${slug} of ${app}`,
    path: below(app, 'slugs', slug),
    form: Slug,
    polled: true,
  });
  return commitIn(found.commit);
}

/** The first build, newest first, that fits. */
export async function newestBuild(
  { heroku }: Context,
  app: string,
  fits: (build: Build) => boolean,
): Promise<Build | undefined> {
  const question = { what: `the builds of ${app}`, path: below(app, 'builds'), item: z.array(Build) };
  for await (const page of heroku.newest({ ...question, by: 'created_at' })) {
    const found = page.find(fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first release, newest first, that fits. */
export async function newestRelease(
  { heroku }: Context,
  app: string,
  fits: (release: Release) => boolean,
): Promise<Release | undefined> {
  for await (const page of releases({ heroku }, app)) {
    const found = page.find(fits);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The slug of the newest release of this app that succeeded with this commit. */
export async function releasedSlug(context: Context, app: string, sha: string): Promise<string | undefined> {
  const seen = new Set<string>();
  for await (const page of releases(context, app)) {
    for (const { status, slug } of page) {
      if (status !== 'succeeded' || slug === undefined || slug === null || seen.has(slug.id)) continue;
      if (seen.size >= MOST_SLUGS) return undefined;
      seen.add(slug.id);
      if ((await commitOf(context, app, slug.id)) === sha) return slug.id;
    }
  }
  return undefined;
}

function releases({ heroku }: Pick<Context, 'heroku'>, app: string): AsyncGenerator<readonly Release[]> {
  const question = { what: `the releases of ${app}`, path: below(app, 'releases'), item: z.array(Release) };
  return heroku.newest({ ...question, by: 'version' });
}
