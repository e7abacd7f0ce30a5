import { closureAt } from '../src/calendar/windows.ts';
import { locksOver } from '../src/domain/held.ts';
import { groupsAsked } from '../src/domain/standing.ts';
import type { Surroundings } from '../src/domain/tell/obstacles.ts';
import { whyCard, whyTargetCard } from '../src/domain/tell/why.ts';
import { isoNow } from '../src/ports/clock.ts';
import { answer } from './shared/answers.ts';
import { openDeployments, tellContext, withDeployment } from './shared/rows.ts';
import { type CommandContext, command, DEPLOYMENT, ENVIRONMENT, SERVICE } from './shared/spec.ts';

/** Says why a deployment does not move, or why nothing can be deployed somewhere, and what would help. */
export const why = command({
  name: 'why',
  summary: 'Says why a deployment does not move or why you may not approve it, and what would help.',
  topic: 'looking',
  examples: ['why D-1042', 'why web production'],
  forms: [[SERVICE, ENVIRONMENT], [DEPLOYMENT]],
  acts: false,
  async run(context, { deployment, service, environment }) {
    if (deployment === undefined) {
      const where = { service: service ?? '', environment: environment ?? '' };
      return answer(whyTargetCard(where, await surroundings(context, where)));
    }
    return withDeployment(context, deployment, async (found) => {
      const [around, books, words, rosters] = await Promise.all([
        surroundings(context, found),
        context.reading.personBooks(),
        tellContext(context, found),
        context.rosters(groupsAsked([found], context.catalog)),
      ]);
      return answer(whyCard(found, around, { person: context.caller.person, books, rosters }, words));
    });
  },
});

interface Where {
  readonly service: string;
  readonly environment: string;
  readonly scheduledFor?: string;
}

async function surroundings(
  { reading, catalog, clock }: CommandContext,
  { service, environment, scheduledFor }: Where,
): Promise<Surroundings> {
  const [target, books, others] = await Promise.all([
    reading.target(service, environment),
    reading.scopes(),
    openDeployments(reading, { service, environment }),
  ]);
  const regions = catalog.services[service]?.targets[environment]?.regions ?? [];
  const now = isoNow(clock);
  const at = scheduledFor === undefined || scheduledFor < now ? now : scheduledFor;
  const closure = closureAt(catalog.calendar, { service, environment }, Date.parse(at));
  return { locks: locksOver(target, regions, books), others, now, ...(closure === undefined ? {} : { closure }) };
}
