import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { type Context, wanted } from './context.ts';
import { sendFenced } from './fenced.ts';
import { GitRef } from './schema.ts';

/**
 * GitHub dispatches only branches and tags, so the approved commit gets a tag of its own. `there`: it was made before, by a start
 * of this very deployment. A tag of that name on another commit is not ours and is never moved: throws a PortFailure `refused`.
 */
export async function makeTag(context: Context, request: StartRequest, fence?: Fence): Promise<'made' | 'there'> {
  const { place, tag } = wanted(context, request);
  const what = `the tag ${tag} in ${request.repository}`;
  try {
    const parameters = { ...place, ref: `refs/tags/${tag}`, sha: request.sha };
    // Fenced too: a tag that is made after the run was tidied up would stay for ever.
    await sendFenced(context, { what, route: 'POST /repos/{owner}/{repo}/git/refs', parameters }, fence);
    return 'made';
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    // A tag that was perhaps made is no run that was perhaps started.
    if (error.details.inDoubt === true) throw new PortFailure(error.message, { ...error.details, inDoubt: false });
    if (error.details.code !== '422') throw error;
    const sha = await tagged(context, request);
    if (sha === undefined) throw error;
    if (sha === request.sha) return 'there';
    const message = `${request.repository} has a tag ${tag} on another commit (${sha.slice(0, 7)}). Delete that tag, then try again.`;
    throw new PortFailure(message, { port: context.id, kind: 'refused', retryable: false, code: 'tag-elsewhere' });
  }
}

/** Removes the tag; one that is gone, or that stands on another commit and so is not ours, is left alone. */
export async function removeTag(context: Context, request: StartRequest): Promise<void> {
  const { place, tag } = wanted(context, request);
  if ((await tagged(context, request)) !== request.sha) return;
  const what = `the tag ${tag} in ${request.repository}`;
  const parameters = { ...place, ref: `tags/${tag}` };
  await unless(['404', '422'], () =>
    context.github.send({ what, route: 'DELETE /repos/{owner}/{repo}/git/refs/{ref}', parameters }),
  );
}

/** Runs `call`; a refusal with one of these codes means that there is nothing left to do. */
export async function unless(codes: readonly string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof PortFailure) || !codes.includes(error.details.code ?? '')) throw error;
  }
}

async function tagged(context: Context, request: StartRequest): Promise<string | undefined> {
  const { place, tag } = wanted(context, request);
  try {
    const found = await context.github.get({
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
