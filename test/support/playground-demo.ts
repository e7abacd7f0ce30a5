import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { openDemo } from '../../bin/demo-setting.ts';
import { type Json, record, records } from '../fakes/teams/world.ts';
import { freePort } from './free-port.ts';
import { type Playground, startPlayground } from './playground.ts';
import { PLAYGROUND_ROOMS, userOf } from './playground-cast.ts';
import { type Running, startProgram } from './program.ts';

export interface PlaygroundDemo {
  readonly playground: Playground;
  readonly program: Running;
  close(): Promise<void>;
}

/**
 * The demo (its shop, its people, its pipeline on this machine) in Teams instead of in the console, with the Playground as the client.
 * @param data where everything is kept
 * @param pagePort of the page; the same each time for data that is kept
 */
export async function startPlaygroundDemo(data: string, pagePort?: number): Promise<PlaygroundDemo> {
  const port = await freePort();
  const playground = await startPlayground({
    bot: `http://127.0.0.1:${port}/api/messages`,
    ...(pagePort === undefined ? {} : { port: pagePort }),
  });
  const demo = await openDemo(data);
  writeFileSync(join(dirname(demo.file), 'teams-secret.txt'), playground.secret);
  writeFileSync(demo.file, stringify(inTeams(record(parse(readFileSync(demo.file, 'utf8'))), playground)));
  await demo.resume();
  const program = await startProgram({ data, port, more: ['--config', demo.file, '--log-level', 'warn'] });
  return {
    playground,
    program,
    close: async () => {
      // A Ctrl-C reaches it too; told twice, it would not finish what it has in hand.
      if (program.process.exitCode === null) await program.stop();
      await demo.stop();
      await playground.close();
    },
  };
}

function inTeams(configuration: Json, { settings }: Playground): Json {
  const people = records(configuration['people']).map((one) => {
    const teams = userOf(String(one['id']))?.aad;
    return { ...one, accounts: { ...record(one['accounts']), teams } };
  });
  const { general, deploys, group } = PLAYGROUND_ROOMS;
  return {
    ...configuration,
    chats: { teams: { ...settings, secret: 'file:teams-secret.txt' }, console: { enabled: true } },
    people,
    announce: [
      { place: `teams:${deploys}`, audience: 'engineering' },
      { place: `teams:${group}`, audience: 'line' },
      { place: `teams:${general}`, audience: 'broadcast', environment: 'production' },
    ],
  };
}
