import { Worker } from 'node:worker_threads';
import { assemble, type Program } from '../../bin/assemble.ts';
import { configurationParts } from '../../bin/parts.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { createLog } from '../../src/log.ts';
import { systemClock } from '../../src/system/clock.ts';

/** The whole programme as `start` assembles it, on a free port of loopback. */
export async function assembled(folder: string, text: string): Promise<Program> {
  const loaded = loadConfiguration(text, 'countersign.yaml', configurationParts());
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const log = createLog({ level: 'error', form: 'readable', write: (line) => process.stderr.write(line) });
  const options = { loaded, dataFolder: folder, home: folder, version: '0.0.0', log, clock: systemClock(), port: 0 };
  return assemble(options);
}

/** A server in a thread of its own, so that its event loop is not the one that measures. */
export interface Hosted {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param file posts its address when it listens, and ends when it is told anything */
export async function hosted(file: URL, workerData: unknown): Promise<Hosted> {
  const worker = new Worker(file, { workerData });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return {
    url,
    async stop() {
      worker.postMessage('stop');
      await ended;
    },
  };
}
