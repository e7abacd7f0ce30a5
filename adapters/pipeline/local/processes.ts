import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One process beyond doubt: numbers are given anew, so the moment of birth (and of the machine's start) belongs to it. */
export interface ProcessMark {
  readonly pid: number;
  readonly birth: string;
}

/** The process of this number now, unless there is none or only its remains (a zombie). */
export function markOf(pid: number): ProcessMark | undefined {
  const found = look(pid);
  return found === undefined || found.dead ? undefined : { pid, birth: found.birth };
}

/** A child that was started this very moment, also when it has ended already: what it started may still live in its group. */
export function markOfChild(pid: number): ProcessMark | undefined {
  const found = look(pid);
  return found === undefined ? undefined : { pid, birth: found.birth };
}

/** Is it still that very process, and alive? */
export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.birth === mark.birth;
}

/**
 * Does anything of the group that `leader` began still live? The kernel gives no number anew while a group of that number has
 * members, so a group without its leader is ours; a leader with another birth is a stranger's group.
 */
export function groupLives(leader: ProcessMark): boolean {
  const now = markOf(leader.pid);
  if (now !== undefined) return now.birth === leader.birth;
  return process.platform === 'linux' ? groupOnLinux(leader) : groupByPs(leader.pid);
}

/** Signals every process of the group; a group that is no more is no error. */
export function signalGroup(leader: ProcessMark, signal: NodeJS.Signals): void {
  if (groupLives(leader)) signalQuietly(-leader.pid, signal);
}

export function signalProcess(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (isAlive(mark)) signalQuietly(mark.pid, signal);
}

function signalQuietly(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** proc_pid_stat(5): the name may hold spaces and brackets; state is the 3rd field, group the 5th, start time the 22nd. */
function statOnLinux(pid: number | string): { state: string; group: number; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]), start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

function look(pid: number): { readonly birth: string; readonly dead: boolean } | undefined {
  if (process.platform !== 'linux') return lookByPs(pid);
  const stat = statOnLinux(pid);
  return stat === undefined ? undefined : { birth: `${bootOnLinux()} ${stat.start}`, dead: isDead(stat.state) };
}

function isDead(state: string): boolean {
  return state === 'Z' || state === 'X' || state === 'x';
}

/** Start times count from the start of the machine, so they say nothing across one. */
function bootOnLinux(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

function groupOnLinux(leader: ProcessMark): boolean {
  if (!leader.birth.startsWith(`${bootOnLinux()} `)) return false;
  return readdirSync('/proc').some((name) => {
    const stat = /^\d+$/.test(name) ? statOnLinux(name) : undefined;
    return stat !== undefined && stat.group === leader.pid && !isDead(stat.state);
  });
}

function lookByPs(pid: number): { readonly birth: string; readonly dead: boolean } | undefined {
  const [state = '', ...start] = ps(['-o', 'stat=,lstart=', '-p', String(pid)])
    .trim()
    .split(/\s+/);
  return state === '' ? undefined : { birth: start.join(' '), dead: state.startsWith('Z') };
}

function groupByPs(group: number): boolean {
  return ps(['-axo', 'pgid=,stat='])
    .split('\n')
    .some((line) => {
      const [id, state = 'Z'] = line.trim().split(/\s+/);
      return Number(id) === group && !state.startsWith('Z');
    });
}

function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { LC_ALL: 'C', PATH: '/bin:/usr/bin' },
    });
  } catch {
    return '';
  }
}
