import type { Deployment } from '../src/domain/deployment.ts';
import { refusal } from '../src/domain/refusal.ts';
import { clip } from '../src/domain/text.ts';
import type { Reply } from '../src/ports/chat.ts';
import { PortFailure } from '../src/ports/failure.ts';
import { refused, tellPrivately } from './shared/answers.ts';
import { withDeployment } from './shared/rows.ts';
import { type CommandContext, command, DEPLOYMENT } from './shared/spec.ts';

const LINES = 20;
const WIDTH = 200;

/** Shows the end of what a run printed. */
export const logs = command({
  name: 'logs',
  summary: `Shows the last ${LINES} lines that a deployment’s run printed.`,
  topic: 'looking',
  examples: ['logs D-1042'],
  forms: [[DEPLOYMENT]],
  acts: false,
  async run(context, { deployment }) {
    return withDeployment(context, deployment, (found) => logsOf(context, found));
  },
});

async function logsOf({ reading }: CommandContext, deployment: Deployment): Promise<Reply> {
  const { id, run } = deployment;
  const url = run?.url;
  const links = url === undefined ? [] : [{ label: 'View Run', url }];
  let text: string | undefined;
  try {
    text = await reading.logs(deployment);
  } catch (error) {
    if (!(error instanceof PortFailure)) throw error;
    return refused([
      refusal(
        'try-again',
        `The provider of ${id} does not give its logs: ${error.message}`,
        'Try again in a minute, or look at the run itself.',
      ),
    ]);
  }
  const lines = (text ?? '').split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) {
    const why = deployment.startedAt === undefined ? 'it has not run.' : 'its provider keeps none, or none yet.';
    return tellPrivately('neutral', [`There are no logs of ${id}: ${why}`], [], { links });
  }
  const items = lines.slice(-LINES).map((line) => [{ kind: 'code' as const, text: clip(line, WIDTH) }]);
  return tellPrivately('neutral', [`The last ${items.length} of ${lines.length} lines of ${id}`], [], {
    sections: [{ title: 'Last lines', items, total: lines.length, ...(url === undefined ? {} : { url }) }],
    links,
  });
}
