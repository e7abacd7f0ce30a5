import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { groupLives, isAlive, markOf, markOfChild, signalGroup } from '../../adapters/pipeline/local/processes.ts';
import { until } from '../support/until.ts';

describe('the mark of a process', () => {
  it('tells this process from another one of the same number', () => {
    const mark = markOf(process.pid);
    if (mark === undefined) throw new Error('this process must see itself');

    expect(isAlive(mark)).toBe(true);
    expect(isAlive({ ...mark, birth: `${mark.birth}0` })).toBe(false);
    expect(groupLives({ ...mark, birth: `${mark.birth}0` })).toBe(false);
  });

  it('is known of a child that ended at once, so that what it left in its group can be ended too', async () => {
    const child = spawn('/bin/sh', ['-c', 'sleep 600 & exit 0'], { detached: true, stdio: 'ignore' });
    const pause = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(pause, 0, 0, 200); // The child ends while this thread cannot take note of it.

    const mark = markOfChild(child.pid ?? 0);
    if (mark === undefined) throw new Error('the child must be seen');

    expect(isAlive(mark)).toBe(false);
    expect(groupLives(mark)).toBe(true);
    signalGroup(mark, 'SIGKILL');
    await until('the group is dead', () => !groupLives(mark));
  });

  it('is none for a number that nobody has', () => {
    expect(markOf(2 ** 22 + 1)).toBeUndefined();
  });
});
