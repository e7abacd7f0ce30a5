import { PortFailure } from '../../../src/ports/failure.ts';
import type { FoundOutside, RunHint } from '../../../src/ports/pipeline.ts';
import { ownerAndName } from '../../shared/github/repository.ts';
import type { Context } from './context.ts';
import { ForeignRun, runState, Settings } from './schema.ts';

/** Runs on the short-lived tags are Countersign's own, also those of another installation. */
const OUR_TAG = /^countersign\/D-\d+$/;
/** What only tries a change out, and is none: https://docs.github.com/actions/reference/events-that-trigger-workflows */
const TRIALS: ReadonlySet<string> = new Set(['pull_request', 'pull_request_target', 'merge_group']);

/** Do these settings use a workflow with one of these names? */
export function uses(settings: Readonly<Record<string, unknown>>, workflows: RunHint['workflows']): boolean {
  const read = Settings.safeParse(settings);
  return read.success && workflows.includes(String(read.data.workflow));
}

/** The run as it is now; nothing when it is Countersign's, only tries something out, or is gone. */
export async function outside(context: Context, run: string, repository: string): Promise<FoundOutside | undefined> {
  const question = {
    what: `run ${run} of ${repository}`,
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
    parameters: { ...ownerAndName(context.id, repository), run_id: run },
    form: ForeignRun,
    polled: true,
  } as const;
  const found = await context.github.get(question).catch((error: unknown) => {
    if (error instanceof PortFailure && error.details.kind === 'not-found') return undefined;
    throw error;
  });
  if (found === undefined || OUR_TAG.test(found.head_branch ?? '') || TRIALS.has(found.event)) return undefined;
  const workflows = workflowNames(found);
  return {
    run: { provider: context.id, id: run, url: found.html_url },
    workflow: workflows[0] ?? '',
    workflows,
    actor: found.triggering_actor?.login ?? found.actor?.login ?? 'Somebody',
    sha: found.head_sha,
    state: runState(found.status, found.conclusion),
    began: new Date(found.run_started_at ?? found.created_at).toISOString(),
  };
}

/** Its file name and its number: settings may say either. The path may end with `@` and the ref. */
export function workflowNames(run: { readonly path: string; readonly workflow_id: number }): readonly string[] {
  const file = run.path.replace(/@.*$/, '').replace(/^.*\//, '');
  return [...(file === '' ? [] : [file]), String(run.workflow_id)];
}
