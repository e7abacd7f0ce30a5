/**
 * Loaded into a running version of the shop (`node --import`), of which it knows nothing: ends it when the demo or the release is
 * removed, and when it was never made live, because the pipeline that started it must have died.
 */
import { existsSync } from 'node:fs';
import { demoPlaces, isDemoEnvironment, Live, readRecord } from './places.ts';

const LOOK_MS = 1_000;
const LONELY_MS = 60_000;
const FAREWELL_MS = 3_000;

const { DEMO_FOLDER: folder = '', DEMO_ENVIRONMENT: environment, DEMO_RELEASE: release = '' } = process.env;
if (!isDemoEnvironment(environment))
  throw new Error('The companion needs DEMO_FOLDER, DEMO_ENVIRONMENT and DEMO_RELEASE.');
const places = demoPlaces(folder);

const watch = setInterval(() => {
  const removed = !existsSync(places.record) || !existsSync(release);
  const lonely = performance.now() > LONELY_MS && readRecord(places.live(environment), Live)?.release !== release;
  if (removed || lonely) leave();
}, LOOK_MS).unref();

/** Lets the shop take its leave of the last visitors. */
function leave(): void {
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(0), FAREWELL_MS).unref();
}
