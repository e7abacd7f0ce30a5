import { createHash } from 'node:crypto';
import { type Call, ok, Refused, type Reply, type RouteTable, repositoryOf } from './calls.ts';
import { example } from './openapi.ts';
import { commitOf, type FakeRepository } from './world.ts';

/** Files as they lie in a commit. Source: https://docs.github.com/rest/repos/contents#get-repository-content */
export const contentRoutes: RouteTable = [['GET', '/repos/{owner}/{repo}/contents/{path}', content]];

type Files = Readonly<Record<string, string | Uint8Array>>;

const written = new WeakMap<FakeRepository, Map<string, Files>>();
/** Above this GitHub gives a file without its content: `encoding` is `none`. */
const MOST_BYTES = 1_048_576;

/** Says what lies in a commit; other commits have nothing to read. */
export function putFiles(repository: FakeRepository, sha: string, files: Files): void {
  const all = written.get(repository) ?? new Map<string, Files>();
  written.set(repository, all.set(sha, files));
}

function content(call: Call): Reply {
  const repository = repositoryOf(call);
  const { path = '' } = call.params;
  const ref = call.query.get('ref') ?? 'main';
  const commit = commitOf(repository, ref);
  if (commit === undefined) throw new Refused(404, `No commit found for the ref ${ref}`);
  const files = written.get(repository)?.get(commit.sha) ?? {};
  const found = files[path];
  if (found !== undefined) return ok(fileShape(path, Buffer.from(found)));
  const inside = Object.keys(files).filter((one) => one.startsWith(`${path}/`));
  if (inside.length === 0) throw new Refused(404, 'Not Found');
  const entry = example('content-file-response-if-content-is-a-directory');
  return ok(inside.map((one) => ({ ...entry, name: one.slice(path.length + 1), path: one })));
}

function fileShape(path: string, bytes: Buffer): object {
  const large = bytes.length > MOST_BYTES;
  return {
    ...example('content-file-response-if-content-is-a-file'),
    name: path.split('/').at(-1),
    path,
    size: bytes.length,
    sha: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
    encoding: large ? 'none' : 'base64',
    // GitHub breaks its lines after 60 signs.
    content: large ? '' : bytes.toString('base64').replace(/.{60}/g, '$&\n'),
  };
}
