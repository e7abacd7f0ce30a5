import type { Run } from '../../../src/domain/run.ts';
import { PortFailure } from '../../../src/ports/failure.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { type Context, type Wanted, wanted } from './context.ts';
import { Config, Pipeline } from './schema.ts';

/** Pages of twenty pipelines: of those that our own user started, and then of everybody's, should the token have changed hands. */
const PLACES = [
  { path: 'pipeline/mine', pages: 5 },
  { path: 'pipeline', pages: 3 },
] as const;
/** What was started earlier is not looked at, in milliseconds. */
const LONGEST_AGO_MS = 7 * 24 * 3_600_000;
/** Configurations that are read in one search; ours is among the newest. */
const MOST_CONFIGS = 20;
/** A pipeline that is not prepared after so long will never be, in milliseconds. */
const PREPARED_WITHIN_MS = 10 * 60_000;

/**
 * The run that a start with this request made. A run on a tag is known by the tag. Of a run on a branch CircleCI tells no parameters
 * (https://discuss.circleci.com/t/34128, and its own client says the same of `/values`), but its compiled configuration has our id
 * wherever the project uses the parameter. Throws a PortFailure when a pipeline that may be ours is not prepared yet.
 */
export async function findRun(context: Context, request: StartRequest): Promise<Run | undefined> {
  const asked = wanted(context, request);
  const oldest = context.tools.clock.now() - LONGEST_AGO_MS;
  const read = new Set<string>();
  for (const { path, pages } of PLACES) {
    const what = `the pipelines of ${asked.slug}`;
    const question = { what, path: `${asked.project}/${path}`, item: Pipeline };
    for await (const page of context.circleci.pages(question, pages)) {
      const candidates = page.filter(started);
      // Newest first; what somebody started there by hand came later.
      const certain = candidates.findLast((pipeline) => fits(pipeline, asked) === 'ours');
      if (certain !== undefined) return runOf(context, asked.slug, certain);
      for (const pipeline of candidates) {
        if (read.has(pipeline.id) || read.size >= MOST_CONFIGS || fits(pipeline, asked) !== 'perhaps') continue;
        read.add(pipeline.id);
        if (await shows(context, pipeline, request)) return runOf(context, asked.slug, pipeline);
      }
      if (page.some(({ created_at }) => Date.parse(created_at) < oldest)) break;
    }
  }
  return undefined;
}

/** A run, with its page. */
export function runOf(
  { id, circleci }: Context,
  slug: string,
  pipeline: { readonly id: string; readonly number?: number | null | undefined },
): Run {
  if (pipeline.number === undefined || pipeline.number === null) return { provider: id, id: pipeline.id };
  return { provider: id, id: pipeline.id, url: `${circleci.webUrl}/pipelines/${longSlug(slug)}/${pipeline.number}` };
}

/** With the host's whole name, as CircleCI's pages and version 1.1 of its API have it. */
export function longSlug(slug: string): string {
  return slug.replace(/^gh\//, 'github/').replace(/^bb\//, 'bitbucket/');
}

/** A push of our tag makes a pipeline too, where CircleCI listens to pushes; ours was started over the API. */
function started({ trigger }: Pipeline): boolean {
  return trigger?.type !== 'webhook' && trigger?.type !== 'scheduled_pipeline';
}

function fits({ vcs, trigger_parameters }: Pipeline, { ref, settings }: Wanted): 'ours' | 'perhaps' | 'other' {
  const tag = vcs?.tag || trigger_parameters?.git?.tag || undefined;
  const branch = vcs?.branch || trigger_parameters?.git?.branch || undefined;
  if ('tag' in ref && tag === ref.tag) return 'ours';
  const perhaps = tag === undefined && ('branch' in ref ? (branch ?? ref.branch) === ref.branch : branch === undefined);
  return perhaps && settings.correlationParameter !== false ? 'perhaps' : 'other';
}

async function shows(context: Context, { id, state, created_at }: Pipeline, request: StartRequest): Promise<boolean> {
  const what = `the configuration of pipeline ${id}`;
  const config = await orNothing(context.circleci.get({ what, path: `pipeline/${id}/config`, form: Config }));
  const texts = [config?.compiled, config?.['compiled-setup-config']].filter(Boolean);
  if (texts.some((text) => text?.includes(request.correlation))) return true;
  const young = context.tools.clock.now() - Date.parse(created_at) < PREPARED_WITHIN_MS;
  if (texts.length > 0 || state === 'errored' || !young) return false;
  const message = 'CircleCI is still preparing a pipeline that may be the one.';
  throw new PortFailure(message, { port: context.id, kind: 'timeout', retryable: true, code: 'not-prepared' });
}
