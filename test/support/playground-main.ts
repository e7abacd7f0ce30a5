import { once } from 'node:events';
import { resolve } from 'node:path';
import { noPlayground } from './playground.ts';
import { startPlaygroundDemo } from './playground-demo.ts';

/*
 * `npm run playground [folder]`: Countersign in Microsoft Teams without a tenant. The demo, with the Microsoft 365 Agents Playground
 * as the client.
 */
const PORT = 4480;

if (noPlayground !== undefined) {
  process.stderr.write(`This cannot be tried here: ${noPlayground}\n`);
  process.exit(1);
}
const data = resolve(process.argv[2] ?? '.countersign/playground');
const { playground, program, close } = await startPlaygroundDemo(data, PORT);
process.stdout.write(`
Countersign is in the Microsoft 365 Agents Playground:  ${playground.url}

Try this:
  1. As Anna, choose Acme - Deploys, type @, choose Countersign, and write   deploy shop production --reason "First look"
  2. Choose Cleo above the page: only who may countersign sees Approve on the card.
  3. Watch it build, test, start; then open the application.
  4. As Dana, write to the bot   deploy rollback shop production --reason "Only trying"
  5. Read what everybody is told in Acme - General.
The Playground is no Teams: it has one person, no dialogs and no views of one's own; they are made up for between it and the bot.
The web pages are at ${program.url}. Everything stays in ${data}; delete it to begin anew.

Stop with Ctrl-C.
`);
program.process.stderr?.pipe(process.stderr);
// A Ctrl-C reaches the programme as well, a SIGTERM only this process.
process.once('SIGINT', () => void once(program.process, 'exit').then(end, end));
process.once('SIGTERM', () => void end());

async function end(): Promise<void> {
  await close();
  process.exit(0);
}
