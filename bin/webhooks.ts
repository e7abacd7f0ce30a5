import type { Engine } from '../src/engine/index.ts';
import type { Route } from '../src/ports/http.ts';
import type { Log } from '../src/ports/log.ts';
import type { Pipeline } from '../src/ports/pipeline.ts';

/** Providers call `/webhooks/<provider>` when a run changes. A call only makes us look: what it says is never believed. */
export function webhookRoutes(
  pipelines: ReadonlyMap<string, Pipeline>,
  engine: () => Engine,
  log: Log,
): readonly Route[] {
  return [...pipelines.values()].flatMap((pipeline): Route[] => {
    const { verify } = pipeline;
    if (verify === undefined) return [];
    const handle = async (request: Request) => {
      const verdict = await verify(request.headers, await request.text());
      if (verdict.kind === 'forged') {
        log.warn({ provider: pipeline.id, reason: verdict.reason }, 'a webhook was refused');
        return new Response('The signature does not fit.\n', { status: 401 });
      }
      const { runs, hints = [] } = verdict.kind === 'runs' ? verdict : { runs: [] };
      for (const run of runs) {
        const hint = hints.find((one) => one.run === run);
        await engine().runChanged(pipeline.id, run, hint);
      }
      return new Response(null, { status: 202 });
    };
    return [{ method: 'POST', path: `/webhooks/${pipeline.id}`, handle }];
  });
}
