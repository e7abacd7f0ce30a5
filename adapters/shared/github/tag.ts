import { z } from 'zod';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { unless } from '../http/unless.ts';
import { sendFenced, type Writer } from './fenced.ts';
import { ownerAndName } from './repository.ts';

/** Who makes and removes tags; `id` is that of the port, for failures. */
export interface Tagger extends Writer {
  readonly id: string;
}

/** What a tag is made for. */
export type Tagged = Pick<StartRequest, 'deployment' | 'repository' | 'sha'>;

const GitRef = z.object({ object: z.object({ sha: z.string(), type: z.string() }) });

/** Name of the short-lived tag that pins a run to the approved commit. */
export function tagOf({ deployment }: Pick<Tagged, 'deployment'>): string {
  return `countersign/${deployment}`;
}

/**
 * Where runs are started only on branches and tags, the approved commit gets a tag of its own. `there`: it was made before, by a start
 * of this very deployment. A tag of that name on another commit is not ours and is never moved: throws a PortFailure `refused`.
 */
export async function makeTag(tagger: Tagger, request: Tagged, fence?: Fence): Promise<'made' | 'there'> {
  const place = ownerAndName(tagger.id, request.repository);
  const tag = tagOf(request);
  const what = `the tag ${tag} in ${request.repository}`;
  try {
    const parameters = { ...place, ref: `refs/tags/${tag}`, sha: request.sha };
    // Fenced too: a tag that is made after the run was tidied up would stay for ever.
    await sendFenced(tagger, { what, route: 'POST /repos/{owner}/{repo}/git/refs', parameters }, fence);
    return 'made';
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    // A tag that was perhaps made is no run that was perhaps started.
    if (error.details.inDoubt === true) throw new PortFailure(error.message, { ...error.details, inDoubt: false });
    if (error.details.code !== '422') throw error;
    const sha = await commitOf(tagger, request);
    if (sha === undefined) throw error;
    if (sha === request.sha) return 'there';
    const message = `${request.repository} has a tag ${tag} on another commit (${sha.slice(0, 7)}). Delete that tag, then try again.`;
    throw new PortFailure(message, { port: tagger.id, kind: 'refused', retryable: false, code: 'tag-elsewhere' });
  }
}

/** Removes the tag; one that is gone, or that stands on another commit and so is not ours, is left alone. */
export async function removeTag(tagger: Tagger, request: Tagged): Promise<void> {
  const place = ownerAndName(tagger.id, request.repository);
  const tag = tagOf(request);
  if ((await commitOf(tagger, request)) !== request.sha) return;
  const what = `the tag ${tag} in ${request.repository}`;
  const parameters = { ...place, ref: `tags/${tag}` };
  await unless(['404', '422'], () =>
    tagger.github.send({ what, route: 'DELETE /repos/{owner}/{repo}/git/refs/{ref}', parameters }),
  );
}

async function commitOf(tagger: Tagger, request: Tagged): Promise<string | undefined> {
  const place = ownerAndName(tagger.id, request.repository);
  const tag = tagOf(request);
  try {
    const found = await tagger.github.get({
      what: `the tag ${tag} in ${request.repository}`,
      route: 'GET /repos/{owner}/{repo}/git/ref/{ref}',
      parameters: { ...place, ref: `tags/${tag}` },
      form: GitRef,
    });
    return found.object.sha;
  } catch (error) {
    if (error instanceof PortFailure && error.details.kind === 'not-found') return undefined;
    throw error;
  }
}
