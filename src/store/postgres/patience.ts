import { setTimeout } from 'node:timers/promises';
import { isCollision, isCut, translated } from './fault.ts';

/** Pauses before something is tried again, in milliseconds: long enough for a quick restart of the server. */
const PAUSES_MS = [50, 200, 500, 1000, 1500];

/**
 * Tries again what surely did not happen, because the connection was cut or the server took it back. A restart of the server is not
 * worth an error to somebody who presses a button.
 * @throws PortFailure when it stays so
 */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (!isCut(error) && !isCollision(error)) throw translated(error);
    }
    await setTimeout(pause);
  }
  try {
    return await work();
  } catch (error) {
    throw translated(error);
  }
}
