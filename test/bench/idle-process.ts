import type { Idle, Watching } from './idle.ts';
import { pause } from './measure.ts';
import { assembled } from './programme.ts';

// A whole programme that is left alone, and then tells what it used; see `idle`.
const WATCH_MS = 10_000;
const [, , folder = '', text = '', settleMs = ''] = process.argv;

const program = await assembled(folder, text);
await pause(Number(settleMs));
const watching: Watching = { watchMs: WATCH_MS };
process.send?.(watching);
const before = process.cpuUsage();
await pause(WATCH_MS);
const { user, system } = process.cpuUsage(before);
const told: Idle = { cpu: ((user + system) / 1000 / WATCH_MS) * 100, memory: process.memoryUsage.rss() / 2 ** 20 };
process.send?.(told);
await program.stop();
process.disconnect();
