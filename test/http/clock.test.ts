import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/system/clock.ts';

const DAY = 86_400_000;

describe('the real clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('wakes once, at the time and not before, even after more days than a timer can hold', () => {
    const wake = vi.fn();
    systemClock().at(1_000_000 + 40 * DAY, wake);

    vi.advanceTimersByTime(40 * DAY - 1);
    expect(wake).not.toHaveBeenCalled();

    vi.advanceTimersByTime(DAY);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('wakes at once for a time that has passed, but not before the caller has gone on', () => {
    const wake = vi.fn();
    systemClock().at(0, wake);

    expect(wake).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('notices within a minute that the clock was set forward, and waits on when it was set back', () => {
    const wake = vi.fn();
    systemClock().at(1_000_000 + 3_600_000, wake);

    vi.setSystemTime(500_000);
    vi.advanceTimersByTime(3_600_000);
    expect(wake).not.toHaveBeenCalled();

    vi.setSystemTime(1_000_000 + 3_600_000);
    vi.advanceTimersByTime(60_000);
    expect(wake).toHaveBeenCalledTimes(1);
  });

  it('wakes nobody who called it off, even after many rounds', () => {
    const wake = vi.fn();
    const off = systemClock().at(1_000_000 + DAY, wake);
    vi.advanceTimersByTime(DAY / 2);

    off();
    vi.advanceTimersByTime(2 * DAY);

    expect(wake).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('keeps no process alive by itself', () => {
  const file = join(import.meta.dirname, '../../src/system/clock.ts');
  const script = `import { systemClock } from ${JSON.stringify(file)}; systemClock().at(Date.now() + 60_000, () => {});`;

  const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });

  expect({ status, signal }).toEqual({ status: 0, signal: null });
});
