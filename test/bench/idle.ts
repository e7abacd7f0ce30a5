import { fork } from 'node:child_process';
import { localText, makeHome } from './installation.ts';
import type { Case, Row } from './measure.ts';
import { writeHistory } from './million.ts';

const WAITING = 1000;
const SETTLE_MS = 3000;

/** What `idle-process` tells. */
export interface Idle {
  /** Of one processor, in per cent. */
  readonly cpu: number;
  /** Resident, in MB. */
  readonly memory: number;
}

/** Told by `idle-process` when it has settled. */
export interface Watching {
  readonly watchMs: number;
}

/** Two whole processes at the same time, one with nothing to wait for. */
export const idle: Case = {
  name: 'idle',
  about: `a programme with ${WAITING} deployments that wait for approval, against one with none`,
  async run() {
    const [full, empty] = [makeHome(), makeHome()];
    try {
      await writeHistory(full.folder, { count: WAITING, waiting: WAITING });
      const [ours, bare] = await Promise.all([idling(full), idling(empty)]);
      return [
        rowOf('idle processor time', '%', ours.cpu, bare.cpu, '<= 1 point more', ours.cpu - bare.cpu <= 1),
        rowOf('resident memory', 'MB', ours.memory, bare.memory, '<= 1.25x', ours.memory <= bare.memory * 1.25),
      ];
    } finally {
      full.remove();
      empty.remove();
    }
  },
};

function rowOf(name: string, unit: string, ours: number, bare: number, aim: string, met: boolean): Row {
  const single = (value: number) => ({ p50: value, p99: value, count: 1 });
  return {
    name: `${WAITING} waiting: ${name}`,
    unit,
    ours: single(ours),
    baseline: single(bare),
    ...(bare === 0 ? {} : { ratio: ours / bare }),
    aim,
    met,
  };
}

interface IdlingWish {
  readonly folder: string;
  /** More lines of the configuration. */
  readonly more?: string;
  /** How long it is left alone before it is watched, in milliseconds. */
  readonly settleMs?: number;
  /** Told when the watching begins, and for how many milliseconds. */
  readonly watching?: (watchMs: number) => void;
}

/** Leaves a whole programme alone in a process of its own. */
export function idling({ folder, more = '', settleMs = SETTLE_MS, watching }: IdlingWish): Promise<Idle> {
  const args = [folder, `${more}${localText()}`, String(settleMs)];
  return new Promise((resolve, reject) => {
    const child = fork(new URL('./idle-process.ts', import.meta.url), args);
    child.on('message', (told: Idle | Watching) => ('watchMs' in told ? watching?.(told.watchMs) : resolve(told)));
    child.once('exit', (code) => reject(new Error(`the idle programme ended with ${code} before it told anything`)));
  });
}
