import { parseArgs } from 'node:util';
import { startFakeGitHub } from './index.ts';

/** The fake as a process: prints `{"port": ..., "token": ...}` and lives until it is ended. Levers: see control.ts. */
const { values } = parseArgs({ options: { port: { type: 'string' }, strict: { type: 'boolean', default: false } } });
const fake = await startFakeGitHub({ port: Number(values.port ?? 0), strict: values.strict });

process.stdout.write(`${JSON.stringify({ port: Number(new URL(fake.url).port), token: fake.doorkeeper.token })}\n`);
process.once('SIGTERM', () => void fake.close());
