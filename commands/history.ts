import { pageOf, tellPrivately } from './shared/answers.ts';
import { deploymentLine } from './shared/rows.ts';
import { command, ENVIRONMENT, optional, SERVICE } from './shared/spec.ts';

const USUAL = 10;
const MOST = 50;

/** Lists the last deployments. */
export const history = command({
  name: 'history',
  summary: `Lists the last deployments, ${USUAL} unless you say how many.`,
  topic: 'looking',
  examples: ['history', 'history web', 'history web production 20'],
  forms: [
    [optional(SERVICE), optional(ENVIRONMENT), { field: 'count', kind: 'count', needed: false, label: 'n', max: MOST }],
  ],
  acts: false,
  async run({ reading, catalog }, { service, environment, count = USUAL }) {
    const found = await reading.deployments({
      ...(service === undefined ? {} : { service }),
      ...(environment === undefined ? {} : { environment }),
      limit: count,
    });
    const what = [service, environment].filter((word) => word !== undefined).join(' → ') || 'everything';
    if (found.length === 0) return tellPrivately('neutral', [`No deployment of ${what} yet.`]);
    const items = found.map((deployment) => deploymentLine(deployment, catalog));
    return tellPrivately(
      'neutral',
      [`${found.length === 1 ? 'The last deployment' : `The last ${found.length} deployments`} of ${what}`],
      [],
      {
        sections: [{ title: 'Newest first', items, total: items.length, ...pageOf(catalog, '/deployments') }],
      },
    );
  },
});
