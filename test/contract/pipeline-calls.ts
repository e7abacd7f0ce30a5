import { expect } from 'vitest';
import type { PipelineSubject } from './pipeline-bench.ts';
import { type Current, type Needing, seen, verdictOn } from './pipeline-tools.ts';

/** The provider calls us. */
export function calling(current: Current, needing: Needing): void {
  needing('webhook', 'believes a call that the provider signed, and says which run to look at', async () => {
    const { pipeline, request, webhook } = current();
    const run = await pipeline.start(request());

    const [verdict, twice] = await Promise.all([
      verdictOn(pipeline, await webhook?.(run)),
      verdictOn(pipeline, await webhook?.(run)),
    ]);

    expect(verdict).toMatchObject({ kind: 'runs', delivery: expect.stringMatching(/./), runs: [run.id] });
    expect(twice?.kind).toBe('runs');
  });

  needing('webhook', 'calls everything else forged: another secret, an empty signature, none', async () => {
    const { pipeline, request, webhook } = current();
    const run = await pipeline.start(request());
    const call = await webhook?.(run);
    const otherSecret = await webhook?.(run, 'not the secret');
    const empty = Object.fromEntries(Object.keys(call?.headers ?? {}).map((name) => [name, '']));
    const forgeries = [
      otherSecret,
      { headers: empty, body: call?.body ?? '' },
      { headers: {}, body: call?.body ?? '' },
      { headers: {}, body: '' },
    ];

    const verdicts = await Promise.all(forgeries.map((forgery) => verdictOn(pipeline, forgery)));

    expect(verdicts.map((verdict) => verdict?.kind)).toEqual(forgeries.map(() => 'forged'));
  });

  needing('signedBody', 'calls a genuine call with another body forged', async () => {
    const { pipeline, request, webhook } = current();
    const call = await webhook?.(await pipeline.start(request()));

    expect((await verdictOn(pipeline, { headers: call?.headers ?? {}, body: `${call?.body} ` }))?.kind).toBe('forged');
  });

  needing('staleWebhook', 'calls a genuine call of long ago forged', async () => {
    const { pipeline, request, staleWebhook } = current();
    const run = await pipeline.start(request());

    expect((await verdictOn(pipeline, await staleWebhook?.(run)))?.kind).toBe('forged');
  });
}

/** What reaches the run from people. */
export function handed(current: Current, needing: Needing, cannot: PipelineSubject['cannot']): void {
  const said = cannot?.answerWords === undefined ? { words: expect.stringContaining('Ben, in Countersign') } : {};
  needing('inputs', 'hands on what the requester filled in', async () => {
    const { pipeline, request, inputOf } = current();
    const wish = { ...request(), inputs: { region: 'eu-west-1', dry: 'false' } };

    const run = await pipeline.start(wish);

    expect(await inputOf?.(run, 'region')).toBe('eu-west-1');
    expect(await inputOf?.(run, 'dry')).toBe('false');
  });

  for (const verdict of ['approve', 'reject'] as const) {
    needing(
      'waits',
      `shows what the provider waits for, and answers it (${verdict}) in the name of a person`,
      async () => {
        const { pipeline, request, begin, wait, answerOf } = current();
        const wish = request();
        const run = await pipeline.start(wish);
        await begin(run);
        await wait?.(run);

        const { waits, state } = await seen(pipeline, run, wish, (snapshot) => (snapshot.waits?.length ?? 0) > 0);
        const [question] = waits ?? [];
        if (question === undefined) throw new Error('nothing is waited for');
        await pipeline.answer?.(run, wish, question, verdict, 'Ben, in Countersign');
        const after = await seen(pipeline, run, wish, (snapshot) => (snapshot.waits?.length ?? 0) === 0);
        await pipeline.answer?.(run, wish, question, verdict, 'Ben, in Countersign');

        expect({ state, question }).toMatchObject({ state: 'waiting', question: { name: 'Go on?', answerable: true } });
        expect(answerOf?.(run)).toMatchObject({ verdict, ...said });
        expect(after.state).not.toBe('waiting');
      },
    );
  }
}
