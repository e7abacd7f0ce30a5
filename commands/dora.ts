import { teamsOf } from '../src/domain/catalog.ts';
import { askDora, lastDays } from '../src/domain/dora.ts';
import { type Refusal, refusal } from '../src/domain/refusal.ts';
import { tellDora } from '../src/domain/tell/dora.ts';
import { answer, pageOf, refused } from './shared/answers.ts';
import { listed, shown } from './shared/faults.ts';
import { type CommandContext, command, ENVIRONMENT, type Flag, optional, SERVICE } from './shared/spec.ts';

const USUAL = 30;
const MOST = 366;
const TEAM_FLAG: Flag = { name: 'team', field: 'team', value: 'shop' };

/** Says how often, how fast and how safely is deployed. */
export const dora = command({
  name: 'dora',
  summary: `Says how often, how fast and how safely is deployed, in the last ${USUAL} days unless you say how many.`,
  topic: 'looking',
  examples: ['dora', 'dora web', 'dora web production 90', 'dora --team shop'],
  forms: [
    [
      optional(SERVICE),
      optional(ENVIRONMENT),
      { field: 'count', kind: 'count', needed: false, label: 'days', max: MOST },
    ],
  ],
  flags: [TEAM_FLAG],
  acts: false,
  async run({ reading, catalog, clock }, { service, environment, count = USUAL, team: typed }) {
    const team = typed === undefined ? undefined : teamNamed(catalog, typed, service);
    if (team !== undefined && 'code' in team) return refused([team]);
    const services = service === undefined ? team?.services : [service];
    const filter = {
      ...(services === undefined ? {} : { services }),
      ...(environment === undefined ? {} : { environment }),
    };
    const found = await askDora(reading.rollups, lastDays(clock.now(), count), filter);
    const all = team === undefined ? 'every service' : `the team ${team.name}`;
    const whose = `${service ?? all}${environment === undefined ? '' : ` in ${environment}`}`;
    const query = { days: String(count), service, team: team?.name, environment };
    return answer(tellDora(found, whose, pageOf(catalog, pathOf(query)).url));
  },
});

interface Team {
  readonly name: string;
  /** Ids of all that it builds. */
  readonly services: readonly string[];
}

/** The team that was typed, in whatever case, with its services; the one that was named beside it must be one of them. */
function teamNamed(catalog: CommandContext['catalog'], typed: string, service: string | undefined): Team | Refusal {
  const all = teamsOf(catalog);
  const name = all.find((one) => one === typed) ?? all.find((one) => one.toLowerCase() === typed.toLowerCase());
  if (name === undefined) {
    const next = all.length === 0 ? 'An operator can name it under a service: `team: shop`.' : `Known: ${listed(all)}.`;
    return refusal('bad-arguments', `No service names the team ${shown(typed)}.`, next);
  }
  const services = Object.values(catalog.services).flatMap(({ id, team }) => (team === name ? [id] : []));
  if (service === undefined || services.includes(service)) return { name, services };
  return refusal('bad-arguments', `${service} is not built by ${name}.`, `Its services: ${listed(services)}.`);
}

function pathOf(filters: Readonly<Record<string, string | undefined>>): string {
  const said = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  return `/dora?${new URLSearchParams(said)}`;
}
