import type { Deployment } from '../deployment.ts';
import { holdingLock, lockSentence, warningLocks } from '../held.ts';
import { closed } from '../text.ts';
import type { TellContext } from './context.ts';

/** What whoever decides should know of locks: those that only warn, and the one that would keep it in the queue. */
export function lockWarnings({ kind }: Pick<Deployment, 'kind'>, { locks = [], now }: TellContext): readonly string[] {
  const holding = holdingLock(locks, kind, now);
  const held =
    holding === undefined ? [] : [closed(lockSentence(holding)), 'Once approved, it waits until that is opened.'];
  return [
    ...warningLocks(locks, now).map((one) => closed(lockSentence(one))),
    ...(held.length === 0 ? [] : [held.join(' ')]),
  ];
}
