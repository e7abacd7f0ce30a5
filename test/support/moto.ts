import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** The version that the tests were written against; the CI script keeps it in this folder when the machine has none. */
const VERSION = '5.2.1';
const KEPT = join(homedir(), '.cache', `moto-${VERSION}`, 'bin');
const PATIENCE_MS = 60_000;

const WISH = process.env['COUNTERSIGN_TEST_MOTO'];
const FOLDERS = WISH === 'none' ? [] : [...(process.env['PATH'] ?? '').split(delimiter), KEPT];
const PROGRAM = FOLDERS.map((folder) => join(folder, 'moto_server')).find((path) => existsSync(path));

/** Why tests with another maker's S3 cannot run here; nothing when they can. */
export const noMoto: string | undefined =
  PROGRAM === undefined ? `moto_server is not on this machine (pip install "moto[server,s3]==${VERSION}")` : undefined;

export interface Moto {
  /** Address of the server; any credentials will do. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts an empty S3 of another maker (https://docs.getmoto.org) on this machine. */
export async function startMoto(): Promise<Moto> {
  if (PROGRAM === undefined) throw new Error(noMoto);
  const port = await freePort();
  const child = spawn(PROGRAM, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  const answers = async () => (await fetch(`${endpoint}/moto-api/`).catch(() => undefined))?.ok;
  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }
  await until('the S3 of moto', answers, PATIENCE_MS).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { endpoint, stop };
}
