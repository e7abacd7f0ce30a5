import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { FakeApp, FakeBuild, FakeRelease, World } from './world.ts';

const USER = { id: '01234567-89ab-cdef-0123-456789abcdef', email: 'username@example.com' };

export function buildShape(origin: string, app: FakeApp, build: FakeBuild) {
  return {
    id: build.id,
    app: { id: app.id },
    buildpacks: [{ url: 'https://github.com/heroku/heroku-buildpack-nodejs' }],
    created_at: build.created_at,
    updated_at: build.updated_at,
    output_stream_url: `${origin}/_output/${build.id}?X-Amz-Signature=a9c2`,
    release: build.release === undefined ? null : { id: build.release },
    slug: build.slug === undefined ? null : { id: build.slug },
    source_blob: { checksum: null, url: build.source.url, version: build.source.version },
    stack: 'heroku-24',
    status: build.status,
    user: USER,
  };
}

export function releaseShape(origin: string, app: FakeApp, release: FakeRelease) {
  return {
    id: release.id,
    addon_plan_names: [],
    app: { id: app.id, name: app.name },
    created_at: release.created_at,
    updated_at: release.updated_at,
    current: app.releases.findLast(({ status }) => status === 'succeeded') === release,
    description: release.description,
    output_stream_url: release.output === undefined ? null : `${origin}/_output/${release.id}?X-Amz-Signature=cca6`,
    slug: release.slug === undefined ? null : { id: release.slug },
    status: release.status,
    user: USER,
    version: release.version,
  };
}

export function slugShape({ slugs }: World, id: string) {
  const found = slugs.get(id);
  if (found === undefined) return undefined;
  return {
    id,
    commit: found.commit,
    commit_description: '',
    created_at: '2026-09-01T08:00:00Z',
    process_types: { web: './bin/web -p $PORT' },
    size: 2048,
    stack: { id: '01234567-89ab-cdef-0123-456789abcdef', name: 'heroku-24' },
    updated_at: '2026-09-01T08:00:00Z',
  };
}

/** A delivery as Heroku makes it: https://devcenter.heroku.com/articles/webhook-events, `api:build` and `api:release`. */
export function delivery(
  app: FakeApp,
  resource: 'build' | 'release',
  data: Record<string, unknown>,
  secret: string,
): { headers: Record<string, string>; body: string } {
  const id = randomUUID();
  const body = JSON.stringify({
    id,
    data: { ...data, app: { id: app.id, name: app.name } },
    actor: USER,
    action: 'update',
    version: 'application/vnd.heroku+json; version=3',
    resource,
    sequence: null,
    created_at: '2026-09-01T08:00:00Z',
    updated_at: '2026-09-01T08:00:00Z',
    published_at: '2026-09-01T08:00:01Z',
    previous_data: {},
    webhook_metadata: {
      attempt: { id: randomUUID() },
      delivery: { id: randomUUID() },
      event: { id, include: `api:${resource}` },
      webhook: { id: randomUUID() },
    },
  });
  const signature = createHmac('sha256', secret).update(body).digest('base64');
  return { headers: { 'heroku-webhook-hmac-sha256': signature }, body };
}

const FILE = join(import.meta.dirname, '..', '..', 'fixtures', 'heroku-platform.schema.json');
const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
ajv.addSchema({ $id: 'heroku', ...JSON.parse(readFileSync(FILE, 'utf8')) });

/** What in an answer is not as Heroku's own types have it. */
export function faultsOf(type: 'Build' | 'Release' | 'Slug' | 'Dyno', answer: unknown): readonly string[] {
  const validate = ajv.getSchema(`heroku#/definitions/${type}`);
  if (validate === undefined) throw new RangeError(`Heroku's schema has no ${type}`);
  return validate(answer) ? [] : [`${type}: ${ajv.errorsText(validate.errors)}`];
}
