import { randomUUID } from 'node:crypto';

/** Shapes of the Platform API, version 3: the schema in test/fixtures/heroku-platform.schema.json, which answers are checked against. */
export interface FakeBuild {
  readonly id: string;
  status: string;
  readonly created_at: string;
  updated_at: string;
  readonly source: { readonly url: string; readonly version: string };
  slug: string | undefined;
  release: string | undefined;
  output: string;
  lost: boolean;
}

export interface FakeRelease {
  readonly id: string;
  status: string;
  readonly version: number;
  readonly description: string;
  readonly slug: string | undefined;
  readonly created_at: string;
  updated_at: string;
  output: string | undefined;
}

interface FakeSlug {
  readonly id: string;
  readonly commit: string;
}

interface FakeDyno {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly release: FakeRelease;
}

export interface FakeApp {
  readonly id: string;
  readonly name: string;
  /** The app has a release command, so that a release is pending until it ends. */
  releasePhase: boolean;
  readonly builds: FakeBuild[];
  readonly releases: FakeRelease[];
  dynos: FakeDyno[];
}

export interface World {
  readonly apps: Map<string, FakeApp>;
  readonly slugs: Map<string, FakeSlug>;
}

export function createWorld(): World {
  return { apps: new Map(), slugs: new Map() };
}

export function addApp(world: World, name: string): FakeApp {
  const app: FakeApp = { id: randomUUID(), name, releasePhase: false, builds: [], releases: [], dynos: [] };
  world.apps.set(name, app);
  return app;
}

/** Heroku tells times to the second. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}

export function addBuild(app: FakeApp, source: FakeBuild['source']): FakeBuild {
  const at = now();
  const build: FakeBuild = {
    id: randomUUID(),
    status: 'pending',
    created_at: at,
    updated_at: at,
    source,
    slug: undefined,
    release: undefined,
    output: '-----> Building on the Heroku-24 stack\n',
    lost: false,
  };
  app.builds.push(build);
  return build;
}

export function addRelease(app: FakeApp, slug: string | undefined, description: string): FakeRelease {
  const at = now();
  const release: FakeRelease = {
    id: randomUUID(),
    status: app.releasePhase ? 'pending' : 'succeeded',
    version: app.releases.length + 1,
    description,
    slug,
    created_at: at,
    updated_at: at,
    output: app.releasePhase ? 'Running release command...\n' : undefined,
  };
  app.releases.push(release);
  if (app.releasePhase) {
    app.dynos.push({ id: randomUUID(), name: `release.${1000 + release.version}`, type: 'release', release });
  }
  return release;
}

/** The build is through: there is a slug, and a release of it. */
export function finishBuild(world: World, app: FakeApp, build: FakeBuild): FakeRelease {
  const slug = { id: randomUUID(), commit: build.source.version };
  world.slugs.set(slug.id, slug);
  const release = addRelease(app, slug.id, `Deploy ${build.source.version.slice(0, 8)}`);
  Object.assign(build, { status: 'succeeded', updated_at: now(), slug: slug.id, release: release.id });
  return release;
}

export function endRelease(app: FakeApp, release: FakeRelease, status: string): void {
  Object.assign(release, { status, updated_at: now() });
  app.dynos = app.dynos.filter((dyno) => dyno.release !== release);
}
