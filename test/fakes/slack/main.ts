import { parseArgs } from 'node:util';
import { control } from './control.ts';
import { startFakeSlack } from './index.ts';

/**
 * This Slack as a process of its own, for tests that kill the app. Prints one line of JSON with its port and ends on SIGTERM.
 * Options: --port, --team, --bot-token, --app-token, --signing-secret, --deliver-to (may
 * be given several times), --dice.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    team: { type: 'string', default: 'T1' },
    'bot-token': { type: 'string', default: 'xoxb-fake' },
    'app-token': { type: 'string', default: 'xapp-fake' },
    'signing-secret': { type: 'string', default: 'fake-signing-secret' },
    'deliver-to': { type: 'string', multiple: true, default: [] },
    dice: { type: 'string' },
  },
});

const fake = await startFakeSlack({
  port: Number(values.port),
  team: values.team,
  botToken: values['bot-token'],
  appToken: values['app-token'],
  signingSecret: values['signing-secret'],
  ...(values.dice === undefined ? {} : { dice: Number(values.dice) }),
});
fake.extend(control(fake));
fake.deliverTo(...values['deliver-to']);
process.stdout.write(`${JSON.stringify({ port: fake.port, apiUrl: fake.apiUrl })}\n`);
process.on('SIGTERM', () => void fake.close().then(() => process.exit(0)));
