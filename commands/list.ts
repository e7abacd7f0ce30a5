import type { Section } from '../src/domain/announcement.ts';
import { type Deployment, knowsState } from '../src/domain/deployment.ts';
import { sameHuman } from '../src/domain/person.ts';
import { mayCountersign } from '../src/domain/tell/approval.ts';
import { counted } from '../src/domain/text.ts';
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
    const mine = open.filter((one) => waitsFor(context, one));
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

/** Could the asker countersign it, as far as was known when it was checked, and has not yet? */
function waitsFor({ caller }: CommandContext, { state, findings, countersignatures }: Deployment): boolean {
  if (state !== 'awaiting-approval' || findings === undefined || !caller.person.known) return false;
  const signed = countersignatures.some(({ by }) => sameHuman(by, caller.person));
  return !signed && mayCountersign(caller.person, findings.eligible);
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
