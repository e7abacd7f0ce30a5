import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** Where Debian keeps the tools of each version. */
const DEBIAN = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root; the first of these that the machine knows is taken instead. */
const UNPRIVILEGED = ['postgres', 'nobody'];

/** A whole PostgreSQL of our own, to be treated badly. */
export interface Cluster {
  readonly port: number;
  /** The address of a database on it, as its superuser. */
  url(database: string): string;
  /** Throws everybody out and comes back: `fast` rolls back and writes down, `immediate` is a crash with recovery. */
  restart(how: 'fast' | 'immediate'): Promise<void>;
  /** What the server has said, for whoever looks into a failure. */
  log(): string;
  /** Stops it and removes all of it. */
  close(): Promise<void>;
}

/** Where PostgreSQL's tools are; undefined where there are none. */
export function clusterTools(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one)) : [];
  const folders = [...versions.map((one) => join(DEBIAN, one, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)];
  return folders.find((folder) => ['initdb', 'pg_ctl', 'postgres'].every((tool) => existsSync(join(folder, tool))));
}

/** Why whatever needs a cluster of its own is skipped. */
export const NO_CLUSTER = 'there is no initdb and no pg_ctl on this machine';

/** Makes a cluster and starts it. It outlives neither `close` nor this process. */
export async function startCluster(tools: string): Promise<Cluster> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-postgres-'));
  const who = owner();
  if (who.uid !== undefined && who.gid !== undefined) chownSync(home, who.uid, who.gid);
  const data = join(home, 'data');
  const logFile = join(home, 'log');
  const port = await freePort();
  const tool = (name: string, ...args: readonly string[]) => run(join(tools, name), args, { ...who, cwd: home });
  await tool('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
  writeFileSync(join(data, 'postgresql.auto.conf'), settingsOf(port, home));
  // Without its output being a pipe of ours: the server keeps what it inherits, and we would wait for its end.
  const start = () => tool('pg_ctl', 'start', '-D', data, '-w', '-t', '60', '-s', '-l', logFile);
  const stop = (how: string) => tool('pg_ctl', 'stop', '-D', data, '-w', '-t', '60', '-s', '-m', how);
  const guard = guardOf(home);
  await start();
  return {
    port,
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    async restart(how) {
      await stop(how);
      await start();
    },
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    async close() {
      await stop('immediate');
      guard.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Nothing here must survive the machine, so nothing waits for the disk; a crash of the server alone loses nothing even so. */
function settingsOf(port: number, home: string): string {
  return [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    `unix_socket_directories = '${home}'`,
    'fsync = off',
    'shared_buffers = 32MB',
    'max_connections = 120',
    "log_line_prefix = '%m %a '",
    '',
  ].join('\n');
}

interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

function owner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of UNPRIVILEGED) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`PostgreSQL does not run as root, and this machine knows none of ${UNPRIVILEGED.join(', ')}.`);
}

/** SIGQUIT is PostgreSQL's immediate shutdown; the first line of the file is the server's process id. */
const GUARD = `while kill -0 "$1" 2>/dev/null; do sleep 1; done
kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")" 2>/dev/null
sleep 1
rm -rf "$2"`;

/** The server is a process of its own and would outlive a test run that was killed: this one sees to it that it does not. */
function guardOf(home: string): ChildProcess {
  const guard = spawn('sh', ['-c', GUARD, 'guard', String(process.pid), home], { detached: true, stdio: 'ignore' });
  guard.unref();
  return guard;
}
