import type { Section } from '../src/domain/announcement.ts';
import { type Deployment, knowsState } from '../src/domain/deployment.ts';
import { groupsAsked, waitsForWord } from '../src/domain/standing.ts';
import { counted } from '../src/domain/text.ts';
import { asPart, trainIn } from '../src/domain/train.ts';
import { isoNow } from '../src/ports/clock.ts';
import { pageOf, tellPrivately } from './shared/answers.ts';
import { deploymentLine, openDeployments } from './shared/rows.ts';
import { type CommandContext, command } from './shared/spec.ts';

/** Lists everything that is open; what waits for the asker comes first. */
export const list = command({
  name: 'list',
  summary: 'Lists what waits, runs and queues; what waits for you comes first.',
  topic: 'looking',
  examples: ['list'],
  forms: [[]],
  acts: false,
  async run(context) {
    const open = await openDeployments(context.reading);
    if (open.length === 0)
      return tellPrivately(
        'neutral',
        ['Nothing is under way.'],
        [['Ask for a deployment with ', { kind: 'code', text: `${context.catalog.command} <service> <env>` }, '.']],
      );
    const mine = await waitingFor(context, open);
    const waiting = open.filter((one) => one.state === 'awaiting-approval' && !mine.includes(one));
    const sections = [
      section(context, 'Waiting for you', mine),
      section(context, 'Waiting for others', waiting),
      section(
        context,
        'Running',
        open.filter(({ state }) => state === 'running' || state === 'rolling-back'),
      ),
      section(
        context,
        'In the queue',
        open.filter(({ state }) => state === 'queued'),
      ),
      section(
        context,
        'Being checked',
        open.filter(({ state }) => state === 'requested' || state === 'checking'),
      ),
      section(
        context,
        'In the hands of a newer version of Countersign',
        open.filter(({ state }) => !knowsState(state)),
      ),
    ];
    const title = `${counted(open.length, 'deployment')} under way, ${mine.length} waiting for you.`;
    return tellPrivately(mine.length > 0 ? 'waiting' : 'neutral', [title], [], { sections: sections.flat() });
  },
});

/** Those that the asker's own word, or one in somebody's stead, could still help. */
async function waitingFor(
  { caller, catalog, clock, reading, rosters }: CommandContext,
  open: readonly Deployment[],
): Promise<readonly Deployment[]> {
  const [books, read] = await Promise.all([reading.personBooks(), rosters(groupsAsked(open, catalog))]);
  const circle = { books, catalog, now: isoNow(clock), rosters: read };
  return open.filter((one) => waitsForWord(asPart(one, trainIn(one, open)), caller.person, circle));
}

/** Oldest first: it has waited longest. */
function section({ catalog }: CommandContext, title: string, deployments: readonly Deployment[]): readonly Section[] {
  if (deployments.length === 0) return [];
  const items = deployments
    .toReversed()
    .slice(0, 20)
    .map((one) => deploymentLine(one, catalog));
  return [{ title, items, total: deployments.length, ...pageOf(catalog, '/deployments') }];
}
