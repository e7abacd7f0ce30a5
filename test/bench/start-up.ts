import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { githubText, makeHome, peopledSlack, slackLines, slackSecrets } from './installation.ts';
import { type Case, pause, type Row, spread } from './measure.ts';

const TIMES = 5;
const PATIENCE_MS = 30_000;
const ENTRY = join(import.meta.dirname, '..', '..', 'bin', 'countersign.ts');
/** The least that can be ready: Node and its own web server. */
const BARE =
  "require('node:http').createServer((_, answer) => answer.end()).listen(Number(process.argv[1]), '127.0.0.1')";

/** From the start of the process to the first `/readyz` that says yes. */
export const startUp: Case = {
  name: 'start',
  about: 'a new installation with Slack and GitHub from start to ready, against Node with an empty web server',
  async run() {
    const slack = await peopledSlack(['C100']);
    const found = { ours: [] as Start[], bare: [] as Start[] };
    try {
      for (let time = 0; time < TIMES; time += 1) {
        const home = makeHome({ ...slackSecrets(slack), github: 'a token' });
        const file = join(home.folder, 'countersign.yaml');
        writeFileSync(file, githubText(slackLines(slack), 'http://127.0.0.1:9', 1));
        const options = ['--config', file, '--data', join(home.folder, 'data'), '--log-level', 'error'];
        found.ours.push(await started((port) => [ENTRY, 'start', ...options, '--port', port]));
        found.bare.push(await started((port) => ['-e', BARE, port]));
        home.remove();
      }
    } finally {
      await slack.close();
    }
    return rowsOf(found.ours, found.bare);
  },
};

interface Start {
  readonly wallMs: number;
  readonly cpuMs?: number;
}

function rowsOf(ours: readonly Start[], bare: readonly Start[]): readonly Row[] {
  const wall = [spread(ours.map(({ wallMs }) => wallMs)), spread(bare.map(({ wallMs }) => wallMs))] as const;
  const cpu = [ours, bare].map((starts) => starts.flatMap(({ cpuMs }) => cpuMs ?? []));
  const used =
    cpu[0]?.length === 0
      ? ''
      : `; user and system time ${cpu.map((one) => spread(one ?? []).p50).join(' ms against ')} ms`;
  const base = { unit: 'ms', aim: '<= 2000 ms', met: wall[0].p50 <= 2000 };
  return [
    {
      ...base,
      name: 'start to ready',
      ours: wall[0],
      baseline: wall[1],
      ratio: wall[0].p50 / wall[1].p50,
      note: `${TIMES} starts${used}`,
    },
  ];
}

async function started(argv: (port: string) => readonly string[]): Promise<Start> {
  const port = await freePort();
  const begin = performance.now();
  const child = spawn(process.execPath, argv(String(port)), { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr?.on('data', (piece: Buffer) => {
    complaints += piece.toString();
  });
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null)
        throw new Error(`the process ended with ${child.exitCode} before it was ready: ${complaints}`);
      if (performance.now() - begin > PATIENCE_MS) throw new Error(`not ready after ${PATIENCE_MS} ms`);
      await pause(5);
    }
    return { wallMs: performance.now() - begin, ...cpuOf(child) };
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const call = get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once('error', () => resolve(false));
  });
}

/** From `/proc`, in ticks of a hundredth of a second (proc(5)); nothing where there is none. */
function cpuOf({ pid }: ChildProcess): { readonly cpuMs?: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10 };
  } catch {
    return {};
  }
}
