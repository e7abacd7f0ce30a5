import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/store.ts';

/** A notice of another instance may get lost: the log is looked at this often besides, in milliseconds. */
const LOOK_MS = 10_000;

/** Looks whenever this or another instance has written something about the installation; the function returned ends it. */
export function followInstallation(store: Pick<Store, 'listen'>, clock: Clock, look: () => void): () => void {
  const unlisten = store.listen((streams) => {
    if (streams.includes('installation')) look();
  });
  let callOff = clock.at(clock.now() + LOOK_MS, again);
  function again(): void {
    look();
    callOff = clock.at(clock.now() + LOOK_MS, again);
  }
  return () => {
    unlisten();
    callOff();
  };
}

/** One piece of work after the other, in order; what one throws only its own caller hears. */
export function oneAtATime(): (work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
