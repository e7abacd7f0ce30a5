import { parentPort, workerData } from 'node:worker_threads';
import { assembled } from './programme.ts';

// The thread of a whole programme; see `hosted`.
const { folder, text } = workerData as { readonly folder: string; readonly text: string };
const program = await assembled(folder, text);
parentPort?.once('message', () => void program.stop().then(() => parentPort?.close()));
parentPort?.postMessage(program.url);
