import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { demoConfiguration, prepareDemo, resumeDemoApplications, stopDemoApplications } from './demo/index.ts';

/** The demo, ready to be started. */
export interface Demo {
  /** Its configuration file, which may be edited while it runs. */
  readonly file: string;
  /** Starts the applications that were live before. */
  resume(): Promise<void>;
  /** Stops the applications; what is live is remembered. */
  stop(): Promise<void>;
  hello(url: string): string;
}

/** Sets the demo up in the data folder, or opens the one that is there. */
export async function openDemo(dataFolder: string): Promise<Demo> {
  const folder = join(dataFolder, 'demo');
  const ports = { staging: await freePort(4411), production: await freePort(4461) };
  const setup = await prepareDemo({ folder, ports });
  const file = join(folder, 'countersign.yaml');
  if (!existsSync(file)) await writeFile(file, demoConfiguration(setup));
  return {
    file,
    resume: () => resumeDemoApplications(folder),
    stop: () => stopDemoApplications(folder),
    hello: (url) => `
Countersign is ready:  ${url}

This is a demo: a small shop in a real git repository, a pipeline that builds, tests and starts it on this machine.
Everything stays in ${dataFolder}; delete it to begin anew.

Try this in the browser:
  1. As Anna, type          /deploy shop production --reason "First look"
  2. Press Approve as Anna: a person cannot countersign what that person asked for.
  3. Switch to Cleo and press Approve. Watch it build, test, start; then open the application.
  4. As Anna, type          /deploy rollback shop production --reason "Only trying"
  5. As Sam, read what everybody is told in #announcements.
Then:  npm run countersign -- audit verify

Stop with Ctrl-C.
`,
  };
}

/** The first port from here on that nobody uses; a demo that is there keeps its own. */
async function freePort(from: number): Promise<number> {
  for (let port = from; port < from + 50; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(
    `The ports ${from} to ${from + 49} of this machine are all used. Stop another program and start again.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
