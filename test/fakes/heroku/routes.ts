import { buildShape, faultsOf, releaseShape, slugShape } from './shapes.ts';
import { addBuild, addRelease, endRelease, type FakeApp, now, type World } from './world.ts';

export interface Call {
  readonly world: World;
  readonly quirks: Quirks;
  readonly origin: string;
  readonly app: FakeApp;
  /** What follows the app in the path. */
  readonly id: string;
  readonly accept: string;
  readonly range: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  readonly violations: string[];
}

export interface Quirks {
  /** The next build is of this commit, whatever was asked for. */
  otherSha?: string;
  /** Entries on a page at most, fewer than Heroku gives. */
  page?: number;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

type Handler = (call: Call) => Reply;

/** The few calls of https://devcenter.heroku.com/articles/platform-api-reference that the adapter makes, below `/apps/{app}`. */
export const ROUTES: readonly (readonly [string, RegExp, Handler])[] = [
  ['POST', /^builds$/, startBuild],
  ['GET', /^builds$/, listBuilds],
  ['GET', /^builds\/([^/]+)$/, showBuild],
  ['DELETE', /^builds\/([^/]+)$/, cancelBuild],
  ['POST', /^releases$/, makeRelease],
  ['GET', /^releases$/, listReleases],
  ['GET', /^releases\/([^/]+)$/, showRelease],
  ['GET', /^slugs\/([^/]+)$/, showSlug],
  ['GET', /^dynos$/, listDynos],
  ['POST', /^dynos\/([^/]+)\/actions\/stop$/, stopDyno],
];

export function notFound(what: string): Reply {
  return { status: 404, body: { id: 'not_found', message: `Couldn't find that ${what}.` } };
}

/** Keys as the official clients send them: `BuildCreateOpts` and `ReleaseCreateOpts` of heroku-go. */
function unknownKeys(call: Call, what: string, body: unknown, known: readonly string[]): void {
  const odd = Object.keys(body ?? {}).filter((key) => !known.includes(key));
  call.violations.push(...odd.map((key) => `${what}: no property "${key}"`));
}

function startBuild(call: Call): Reply {
  unknownKeys(call, 'build', call.body, ['source_blob', 'buildpacks']);
  const blob = (call.body['source_blob'] ?? {}) as Record<string, unknown>;
  unknownKeys(call, 'source_blob', blob, ['url', 'version', 'version_description', 'checksum']);
  if (typeof blob['url'] !== 'string' || !URL.canParse(blob['url'])) {
    return { status: 422, body: { id: 'invalid_params', message: 'source_blob.url is not a URL' } };
  }
  const said = String(blob['version']);
  const version = call.quirks.otherSha === undefined ? said : said.replace(/^[0-9a-f]{40}/, call.quirks.otherSha);
  delete call.quirks.otherSha;
  const build = addBuild(call.app, { url: blob['url'], version });
  return { status: 201, body: checked(call, 'Build', buildShape(call.origin, call.app, build)) };
}

function listBuilds(call: Call): Reply {
  const all = call.app.builds.filter(({ lost }) => !lost).toReversed();
  return ranged(
    call,
    'created_at',
    all.map((build) => checked(call, 'Build', buildShape(call.origin, call.app, build))),
  );
}

function showBuild(call: Call): Reply {
  const build = call.app.builds.find(({ id, lost }) => id === call.id && !lost);
  if (build === undefined) return notFound('build');
  return { status: 200, body: checked(call, 'Build', buildShape(call.origin, call.app, build)) };
}

function cancelBuild(call: Call): Reply {
  const build = call.app.builds.find(({ id }) => id === call.id);
  if (!call.accept.includes('version=3.cancel-build') || build === undefined) return notFound('build');
  if (build.status !== 'pending') return { status: 422, body: { id: 'invalid_params', message: 'Build has ended.' } };
  Object.assign(build, { status: 'failed', updated_at: now() });
  return { status: 200, body: '' };
}

function makeRelease(call: Call): Reply {
  unknownKeys(call, 'release', call.body, ['slug', 'description']);
  const slug = String(call.body['slug']);
  if (!call.world.slugs.has(slug)) return notFound('slug');
  const release = addRelease(call.app, slug, String(call.body['description']));
  return { status: 201, body: checked(call, 'Release', releaseShape(call.origin, call.app, release)) };
}

function listReleases(call: Call): Reply {
  const all = call.app.releases.toReversed();
  return ranged(
    call,
    'version',
    all.map((one) => checked(call, 'Release', releaseShape(call.origin, call.app, one))),
  );
}

function showRelease(call: Call): Reply {
  const release = call.app.releases.find(({ id }) => id === call.id);
  if (release === undefined) return notFound('release');
  return { status: 200, body: checked(call, 'Release', releaseShape(call.origin, call.app, release)) };
}

function showSlug(call: Call): Reply {
  const shape = slugShape(call.world, call.id);
  return shape === undefined ? notFound('slug') : { status: 200, body: checked(call, 'Slug', shape) };
}

function listDynos(call: Call): Reply {
  const body = call.app.dynos.map(({ id, name, type, release }) =>
    checked(call, 'Dyno', {
      id,
      app: { id: call.app.id, name: call.app.name },
      attach_url: null,
      command: './release.sh',
      created_at: release.created_at,
      name,
      release: { id: release.id, version: release.version },
      size: 'standard-1X',
      state: 'up',
      type,
      updated_at: release.updated_at,
    }),
  );
  return { status: 200, body };
}

/** A release command that is stopped fails its release: https://devcenter.heroku.com/articles/release-phase */
function stopDyno(call: Call): Reply {
  const dyno = call.app.dynos.find(({ id }) => id === call.id);
  if (dyno === undefined) return notFound('dyno');
  endRelease(call.app, dyno.release, 'failed');
  return { status: 202, body: {} };
}

function checked<T>(call: Call, type: Parameters<typeof faultsOf>[0], shape: T): T {
  // A word that the test made up is the test's own.
  const known = JSON.stringify(shape).includes('"pondering"');
  if (!known) call.violations.push(...faultsOf(type, shape));
  return shape;
}

/** https://devcenter.heroku.com/articles/platform-api-reference#ranges, with the offset in place of Heroku's own marks. */
function ranged({ range, quirks, violations }: Call, by: string, all: readonly unknown[]): Reply {
  const [, name, from = '0', most = '200'] = /^(\w+) (?:](\d+))?\.\.; order=desc, max=(\d+)$/.exec(range ?? '') ?? [];
  if (name !== by) violations.push(`a list by "${range}" instead of ${by}`);
  const size = Math.min(Number(most), quirks.page ?? 1000);
  const start = Number(from);
  const body = all.slice(start, start + size);
  if (start + size >= all.length) return { status: 200, body };
  return { status: 206, body, headers: { 'next-range': `${by} ]${start + size}..; order=desc, max=${most}` } };
}
