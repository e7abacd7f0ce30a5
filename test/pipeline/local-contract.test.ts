import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localPipeline } from '../../adapters/pipeline/local/index.ts';
import { LocalProvider } from '../../adapters/pipeline/local/schema.ts';
import { inputVariable } from '../../adapters/pipeline/local/start.ts';
import { artifactText } from '../../src/domain/artifact.ts';
import type { Run } from '../../src/domain/run.ts';
import { pipelineContract } from '../contract/pipeline.ts';
import type { PipelineBench } from '../contract/pipeline-bench.ts';
import { localBench } from './local-bench.ts';

/** A command that does what a file beside the run tells it: `go` into the first step, then `good` or `bad`. */
const RUNNER = `
env | grep ^COUNTERSIGN_INPUT_ > "$LEVERS/$COUNTERSIGN_ID.inputs"
echo ran >> "$LEVERS/$COUNTERSIGN_ID.count"
await() { until [ -e "$LEVERS/$COUNTERSIGN_ID.$1" ] || [ -e "$LEVERS/$COUNTERSIGN_ID.\${2:-$1}" ]; do sleep 0.02; done; }
echo "told<$COUNTERSIGN_ARTIFACTS>" > "$LEVERS/$COUNTERSIGN_ID.told"
await go
[ -e "$LEVERS/$COUNTERSIGN_ID.names" ] && cat "$LEVERS/$COUNTERSIGN_ID.names"
echo ::step::Build
await good bad
[ -e "$LEVERS/$COUNTERSIGN_ID.good" ] && exit 0
echo "Build broke"
exit 1
`;

pipelineContract({
  name: 'local command',
  abilities: localPipeline.abilities,
  cannot: {
    unreachable: 'the provider is this machine: where it does not answer, neither do we',
    rateLimited: 'this machine counts no calls',
    brokenAfterAccepting: 'a run has begun exactly when its folder says so; no answer can be lost after that',
    droppedAfterAccepting: 'there is no connection; the crash in the middle of a start has tests of its own',
    otherCommit: 'the worktree is made from the SHA itself, never from a branch',
    cancelItself: 'nobody but us cancels; a run that something else ends has failed, which has a test of its own',
    unknownWord: 'the states are our own',
    webhook: 'a command does not call back',
    signedBody: 'a command does not call back',
    waits: 'a command asks nobody',
    staleWebhook: 'a command does not call back',
  },
  open,
});

async function open(): Promise<PipelineBench> {
  const bench = await localBench();
  const lever = (run: Run, name: string) => writeFileSync(join(bench.dataFolder, `${run.id}.${name}`), '');
  return {
    pipeline: { ...bench.pipeline, start: bench.started },
    restarted: async () => localPipeline.create('here', LocalProvider.parse({}), bench.tools),
    request: () => bench.request([], { settings: { command: RUNNER, env: { LEVERS: bench.dataFolder } } }),
    started: (wish) => countOf(bench, wish.correlation),
    begin: async (run) => lever(run, 'go'),
    succeed: async (run) => lever(run, 'good'),
    fail: async (run) => lever(run, 'bad'),
    lose: async (run) => rmSync(bench.folderOf(run).path, { recursive: true, force: true, maxRetries: 5 }),
    inputOf: async (run, name) => {
      const text = await bench.written(join(bench.dataFolder, `${run.id}.inputs`));
      return new RegExp(`^${inputVariable(name)}=(.*)$`, 'm').exec(text)?.[1];
    },
    nameArtifacts: (run, artifacts) =>
      writeFileSync(
        join(bench.dataFolder, `${run.id}.names`),
        artifacts.map((one) => `::artifact::${artifactText(one)}\n`).join(''),
      ),
    toldArtifacts: async (run) =>
      /^told<(.*)>$/s.exec(await bench.written(join(bench.dataFolder, `${run.id}.told`)))?.[1],
    close: async () => bench.end(),
  };
}

/** A start is counted by the command itself, which needs a moment to begin. */
async function countOf(bench: Awaited<ReturnType<typeof localBench>>, correlation: string): Promise<number> {
  const text = await bench.written(join(bench.dataFolder, `${correlation}.count`));
  return text.split('\n').length;
}
