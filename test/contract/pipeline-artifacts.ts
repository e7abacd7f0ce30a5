import { expect, it } from 'vitest';
import { type Artifact, artifactLines } from '../../src/domain/artifact.ts';
import { runEnded } from '../../src/domain/run.ts';
import { type Current, seen } from './pipeline-tools.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const API: Artifact = { name: 'api', digest: digest('b') };
const WEB: Artifact = { name: 'web', digest: digest('a') };
const NO_LEVER = 'this provider hears of no artifacts';

/** What a run has built or deploys, and what it is told to deploy. */
export function naming(current: Current): void {
  it('names what the run named, once and sorted, also after its end', async ({ skip }) => {
    const { pipeline, request, begin, succeed, nameArtifacts } = current();
    if (nameArtifacts === undefined) return skip(NO_LEVER);
    const wish = request();
    const run = await pipeline.start(wish);

    await nameArtifacts(run, [WEB, API]);
    await begin(run);
    const during = await seen(pipeline, run, wish, ({ artifacts }) => artifacts?.length === 2);
    await succeed(run);
    const end = await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    expect([during.artifacts, end.artifacts]).toEqual([
      [API, WEB],
      [API, WEB],
    ]);
    expect(end).toMatchObject({ state: 'succeeded', sha: wish.sha });
    expect(end.warning).toBeUndefined();
  });

  it('counts nothing that has no digest, and says so', async ({ skip }) => {
    const { pipeline, request, begin, nameArtifacts } = current();
    if (nameArtifacts === undefined) return skip(NO_LEVER);
    const wish = request();
    const run = await pipeline.start(wish);

    await nameArtifacts(run, [API, { name: 'web', digest: 'latest' }]);
    await begin(run);
    const during = await seen(pipeline, run, wish, ({ warning }) => warning !== undefined);

    expect(during.artifacts).toEqual([API]);
    expect(during.warning).toMatch(/1 artifact/);
  });

  it('names nothing of a run that names nothing', async () => {
    const { pipeline, request, begin, succeed } = current();
    const wish = request();
    const run = await pipeline.start(wish);
    await begin(run);
    await succeed(run);

    const end = await seen(pipeline, run, wish, ({ state }) => runEnded(state));

    expect(end).not.toHaveProperty('artifacts');
  });

  it('tells the run what to deploy', async ({ skip }) => {
    const { pipeline, request, toldArtifacts } = current();
    if (toldArtifacts === undefined) return skip(NO_LEVER);
    const told = await pipeline.start({ ...request(), artifacts: [API, WEB] });
    const free = await pipeline.start(request());

    expect(await toldArtifacts(told)).toBe(artifactLines([API, WEB]));
    expect(await toldArtifacts(free)).toBe('');
  });
}
