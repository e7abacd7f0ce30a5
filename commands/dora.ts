import { askDora, lastDays } from '../src/domain/dora.ts';
import { tellDora } from '../src/domain/tell/dora.ts';
import { answer, pageOf } from './shared/answers.ts';
import { command, ENVIRONMENT, optional, SERVICE } from './shared/spec.ts';

const USUAL = 30;
const MOST = 366;

/** Says how often, how fast and how safely is deployed. */
export const dora = command({
  name: 'dora',
  summary: `Says how often, how fast and how safely is deployed, in the last ${USUAL} days unless you say how many.`,
  topic: 'looking',
  examples: ['dora', 'dora web', 'dora web production 90'],
  forms: [
    [
      optional(SERVICE),
      optional(ENVIRONMENT),
      { field: 'count', kind: 'count', needed: false, label: 'days', max: MOST },
    ],
  ],
  acts: false,
  async run({ reading, catalog, clock }, { service, environment, count = USUAL }) {
    const filter = {
      ...(service === undefined ? {} : { services: [service] }),
      ...(environment === undefined ? {} : { environment }),
    };
    const found = await askDora(reading.rollups, lastDays(clock.now(), count), filter);
    const whose = `${service ?? 'every service'}${environment === undefined ? '' : ` in ${environment}`}`;
    return answer(tellDora(found, whose, pageOf(catalog, pathOf(service, environment, count)).url));
  },
});

function pathOf(service: string | undefined, environment: string | undefined, days: number): string {
  const query = new URLSearchParams({ days: String(days) });
  if (service !== undefined) query.set('service', service);
  if (environment !== undefined) query.set('environment', environment);
  return `/dora?${query}`;
}
