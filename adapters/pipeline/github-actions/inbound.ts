import { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import type { RunHint, WebhookVerdict } from '../../../src/ports/pipeline.ts';
import { workflowNames } from './outside.ts';

/** The two events that tell of a run: https://docs.github.com/webhooks/webhook-events-and-payloads */
const RunEvent = z.object({ workflow_run: z.object({ id: z.number() }) });
const HintEvent = z.object({
  workflow_run: z.object({ id: z.number(), path: z.string(), workflow_id: z.number() }),
  repository: z.object({ full_name: z.string() }),
});
const JobEvent = z.object({ workflow_job: z.object({ run_id: z.number() }) });

/**
 * Says whether GitHub itself made this call, and of which runs it speaks. The signature is checked over the bytes as they came,
 * before anything is parsed. GitHub signs no time, so an old call can be repeated by whoever has seen it: it only causes a look.
 */
export async function readWebhook(secret: string, headers: Headers, body: string): Promise<WebhookVerdict> {
  const signature = headers.get('x-hub-signature-256') ?? '';
  if (secret === '') return { kind: 'forged', reason: 'no webhook secret is configured' };
  if (signature === '') return { kind: 'forged', reason: 'the signature is missing' };
  if (!(await signedBy(secret, body, signature))) return { kind: 'forged', reason: 'the signature does not fit' };
  const run = runOf(headers.get('x-github-event'), body);
  const delivery = headers.get('x-github-delivery');
  if (run === undefined || delivery === null) return { kind: 'other' };
  const hint = headers.get('x-github-event') === 'workflow_run' ? hintOf(body) : undefined;
  return { kind: 'runs', delivery, runs: [String(run)], ...(hint === undefined ? {} : { hints: [hint] }) };
}

/** Of what the run is, so that one that nobody here has started is noticed. */
function hintOf(body: string): RunHint | undefined {
  const read = HintEvent.safeParse(parsed(body)).data;
  if (read === undefined) return undefined;
  const { workflow_run: run, repository } = read;
  return { run: String(run.id), repository: repository.full_name, workflows: workflowNames(run) };
}

async function signedBy(secret: string, body: string, signature: string): Promise<boolean> {
  // An empty body cannot be verified by the SDK, and no event of GitHub's has one.
  return body !== '' && (await new Webhooks({ secret }).verify(body, signature));
}

function runOf(event: string | null, body: string): number | undefined {
  if (event === 'workflow_run') return RunEvent.safeParse(parsed(body)).data?.workflow_run.id;
  if (event === 'workflow_job') return JobEvent.safeParse(parsed(body)).data?.workflow_job.run_id;
  return undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
