import { parseArgs } from 'node:util';
import { control } from './control.ts';
import { startFakeTeams } from './index.ts';

/**
 * This Teams as a process of its own, for tests that kill the app. Prints one line of JSON with its port and what the app's settings
 * need, and ends on SIGTERM. Options: --port, --tenant, --app-id, --secret, --deliver-to (may be given several times),
 * --no-refresh (clients do not ask for their own view of cards by themselves).
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    tenant: { type: 'string' },
    'app-id': { type: 'string' },
    secret: { type: 'string' },
    'deliver-to': { type: 'string', multiple: true, default: [] },
    'no-refresh': { type: 'boolean', default: false },
  },
});

const fake = await startFakeTeams({
  port: Number(values.port),
  autoRefresh: !values['no-refresh'],
  ...(values.tenant === undefined ? {} : { tenant: values.tenant }),
  ...(values['app-id'] === undefined ? {} : { appId: values['app-id'] }),
  ...(values.secret === undefined ? {} : { secret: values.secret }),
});
fake.extend(control(fake));
fake.deliverTo(...values['deliver-to']);
const { port, serviceUrl, cloud } = fake;
const { tenant, appId } = fake.world;
process.stdout.write(`${JSON.stringify({ port, serviceUrl, cloud, tenant, appId })}\n`);
process.on('SIGTERM', () => void fake.close().then(() => process.exit(0)));
