import { PortFailure } from '../../../src/ports/failure.ts';
import type { Fence } from '../../../src/ports/fence.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { pathOf } from '../../shared/http/outgoing.ts';
import { type Context, wanted } from './context.ts';
import { Tag } from './schema.ts';

/**
 * GitLab runs only branches and tags, so the approved commit gets a tag of its own. `there`: it was made before, by a start of this very
 * deployment. A tag of that name on another commit is not ours and is never moved: throws a PortFailure `refused`.
 */
export async function makeTag(context: Context, request: StartRequest, fence?: Fence): Promise<'made' | 'there'> {
  const { project, tag } = wanted(context, request);
  const what = `the tag ${tag} in ${request.repository}`;
  try {
    const order = { what, path: `${project}/repository/tags`, json: { tag_name: tag, ref: request.sha } };
    // Fenced too: a tag that is made after the run was tidied up would stay for ever.
    await context.gitlab.send(order, fence);
    return 'made';
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    // A tag that was perhaps made is no run that was perhaps started.
    if (error.details.inDoubt === true) throw new PortFailure(error.message, { ...error.details, inDoubt: false });
    if (error.details.kind !== 'refused') throw error;
    // "Tag ... already exists" comes with 400, in older versions with 405.
    const sha = await tagged(context, request);
    if (sha === undefined) throw error;
    if (sha === request.sha) return 'there';
    const message = `${request.repository} has a tag ${tag} on another commit (${sha.slice(0, 7)}). Delete that tag, then try again.`;
    throw new PortFailure(message, { port: context.id, kind: 'refused', retryable: false, code: 'tag-elsewhere' });
  }
}

/** Removes the tag; one that is gone, or that stands on another commit and so is not ours, is left alone. */
export async function removeTag(context: Context, request: StartRequest): Promise<void> {
  const { project, tag } = wanted(context, request);
  if ((await tagged(context, request)) !== request.sha) return;
  const what = `the tag ${tag} in ${request.repository}`;
  const path = `${project}/repository/tags/${pathOf(tag)}`;
  await orNothing(context.gitlab.send({ what, path, method: 'DELETE' }));
}

async function tagged(context: Context, request: StartRequest): Promise<string | undefined> {
  const { project, tag } = wanted(context, request);
  const what = `the tag ${tag} in ${request.repository}`;
  const path = `${project}/repository/tags/${pathOf(tag)}`;
  return (await orNothing(context.gitlab.get({ what, path, form: Tag })))?.commit?.id;
}
