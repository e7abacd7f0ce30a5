import { closureAt } from '../src/calendar/windows.ts';
import { locksOver } from '../src/domain/held.ts';
import { groupsAsked } from '../src/domain/standing.ts';
import type { Surroundings } from '../src/domain/tell/obstacles.ts';
import { type Asked, whyCard, whyTargetCard } from '../src/domain/tell/why.ts';
import { isoNow } from '../src/ports/clock.ts';
import { answer } from './shared/answers.ts';
import { openDeployments, tellContext, withDeployment } from './shared/rows.ts';
import { type CommandContext, command, DEPLOYMENT, ENVIRONMENT, SERVICE_REF } from './shared/spec.ts';

/** Says why a deployment does not move, or why nothing can be deployed somewhere, and what would help. */
export const why = command({
  name: 'why',
  summary: 'Says why a deployment does not move or why you may not approve it, and what would help.',
  topic: 'looking',
  examples: ['why D-1042', 'why web production', 'why web@1a2b3c4 production'],
  forms: [[SERVICE_REF, ENVIRONMENT], [DEPLOYMENT]],
  acts: false,
  async run(context, { deployment, service, environment, ref }) {
    if (deployment === undefined) {
      const where = { service: service ?? '', environment: environment ?? '' };
      const [around, asked] = await Promise.all([surroundings(context, where), asking(context, { ...where, ref })]);
      return answer(whyTargetCard(where, around, asked));
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

/** What would be said to the asker's own request now: their rights, the order of environments, the checks. */
async function asking(
  { door, caller, catalog }: CommandContext,
  { service, environment, ref }: Where & { readonly ref: string | undefined },
): Promise<Asked> {
  const wanted = ref ?? catalog.services[service]?.defaultRef ?? '';
  const { refusals } = await door.preview(caller, { service, environment, ref: wanted });
  return { ref: wanted, refusals };
}

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
  const provider = catalog.services[service]?.targets[environment]?.pipeline.provider;
  const trouble = reading.troubles().find((one) => one.provider === provider);
  return {
    locks: locksOver(target, regions, books),
    others,
    now,
    ...(trouble === undefined ? {} : { trouble }),
    ...(closure === undefined ? {} : { closure }),
  };
}
