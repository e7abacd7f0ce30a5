import { stripVTControlCharacters } from 'node:util';
import type { Run } from '../../../src/domain/run.ts';
import type { StartRequest } from '../../../src/ports/pipeline.ts';
import { orNothing } from '../../shared/http/or-nothing.ts';
import { parsed, pathOf } from '../../shared/http/outgoing.ts';
import { redact } from '../../shared/http/redact.ts';
import { type Context, placeOf } from './context.ts';
import { longSlug } from './find.ts';
import { partsOf, workflowsOf } from './read.ts';
import { type Job, JobOutput, jobState, OutputLines } from './schema.ts';
import { counting } from './snapshot.ts';

/** CircleCI keeps 4,000,000 characters of a step, as one JSON text that cannot be read from its end. */
const OUTPUT_BYTES = 6_000_000;
const LOG_BYTES = 32_000;
const LOG_LINES = 200;

/** The end of what the failed step printed, else the last step that printed anything; empty while there is nothing. */
export async function logs(context: Context, run: Run, request: StartRequest): Promise<string> {
  const { settings, slug } = placeOf(request);
  const workflows = (await workflowsOf(context, run)).filter(({ name, tag }) => counting(name, tag, settings));
  const job = tellingJob((await partsOf(context, workflows)).flatMap(({ jobs }) => jobs));
  if (job === undefined) return '';
  const what = `the log of job "${job.name}"`;
  // Only the first version of the API names the outputs; CircleCI's own command line asks it too.
  const path = pathOf('project', ...longSlug(slug).split('/'), job.job_number ?? '');
  const found = await orNothing(context.circleci.first.get({ what, path, form: JobOutput }));
  const address = outputOf(found);
  if (address === undefined) return '';
  const text = await context.circleci.elsewhere(what, address, OUTPUT_BYTES);
  return redact(readable(text ?? ''));
}

/** The job that failed, else the last that has begun. Approvals print nothing. */
function tellingJob(jobs: readonly Job[]): Job | undefined {
  const real = jobs.filter(({ type, job_number }) => type !== 'approval' && typeof job_number === 'number');
  const begun = real.filter(({ status }) => jobState(status) !== 'waiting' && jobState(status) !== 'skipped');
  return real.find(({ status }) => jobState(status) === 'failed') ?? begun.at(-1);
}

function outputOf(job: JobOutput | undefined): string | undefined {
  const printed = (job?.steps ?? [])
    .flatMap(({ actions }) => actions)
    .filter(({ output_url }) => /^https?:\/\//.test(output_url ?? ''));
  const action = printed.find(({ failed, status }) => failed === true || status === 'failed') ?? printed.at(-1);
  return action?.output_url ?? undefined;
}

function readable(text: string): string {
  const lines = OutputLines.safeParse(parsed(text)).data;
  const printed = lines === undefined ? text : lines.map(({ message }) => message ?? '').join('');
  const bare = stripVTControlCharacters(printed.slice(-LOG_BYTES)).split(/\r?\n/);
  return bare.slice(-LOG_LINES).join('\n').trim();
}
