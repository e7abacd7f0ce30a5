import type { Effect } from '../domain/effect.ts';
import { isForeign, knowsEffect } from '../domain/vocabulary.ts';
import { PortFailure } from '../ports/failure.ts';
import type { Settled, Work } from '../ports/store.ts';
import { createCrowd } from './crowd.ts';
import type { Groups } from './groups.ts';
import type { Kit } from './kit.ts';
import { keepLease, LEASE_MS } from './lease.ts';
import { linked } from './links.ts';
import { answerWait } from './perform-answer.ts';
import { archive } from './perform-archive.ts';
import { card, intro, replyUnder, whisper } from './perform-chat.ts';
import { digest } from './perform-digest.ts';
import { notice } from './perform-notice.ts';
import { outsideRun } from './perform-outside.ts';
import { gather, record, startRun, stopRun, surrender, tidyRun } from './perform-run.ts';
import type { HeldWork, Outcome, Performer } from './performing.ts';
import { comment } from './pull-comments.ts';
import { createPump, type Pump } from './pump.ts';

const AT_ONCE = 64;
/** Once-effects that keep failing are given up after this many tries (about a day with the pauses below). */
const MOST_TRIES = 300;
/** A fault of ours is tried again this often: it may have been of the moment. */
const FAULT_TRIES = 5;
const LONGEST_PAUSE_MS = 300_000;
/** What a newer version has to do is put back for so long, in milliseconds. */
const NEWER_MS = 1000;
/** What finds no room at its chat is put back for so long, in milliseconds. */
const CROWDED_MS = 250;

/** Told of each finished piece of work, for metrics. */
export type Finished = (kind: Effect['kind'], outcome: 'done' | 'later' | 'given-up', tookMs: number) => void;

/** Performs effects through the ports, retries, and reports the results back through the door. */
export function createCourier(kit: Kit, groups: Groups, finished: Finished = () => undefined): Pump {
  const inHand = new Set<string>();
  const crowd = createCrowd(kit.clock);
  return createPump<Work>({
    kit,
    name: 'courier',
    most: AT_ONCE,
    take: (limit) => kit.store.takeEffects(kit.clock.now(), LEASE_MS, limit),
    nextDue: () => kit.store.nextDue(),
    async perform(work) {
      // A lease may run out while we are still at it (the machine slept): never twice in one process.
      if (inHand.has(work.key)) return;
      inHand.add(work.key);
      const held = keepLease(kit, work.lease, work.leasedUntil);
      const begun = kit.clock.now();
      const room = crowd.admits(work.effect);
      const leave = room ? crowd.enter(work.effect) : () => undefined;
      try {
        const outcome = room
          ? await attempt(kit, groups, { ...work, stands: held.stands })
          : putBack(kit, work, CROWDED_MS, 'its chat is crowded');
        if (outcome.kind !== 'reported') await kit.store.settle(settledAs(work, outcome));
        if (!isUntouched(outcome))
          finished(work.effect.kind, outcome.kind === 'reported' ? 'done' : outcome.kind, kit.clock.now() - begun);
      } finally {
        leave();
        held.free();
        inHand.delete(work.key);
      }
    },
  });
}

function settledAs(work: Work, outcome: Exclude<Outcome, { kind: 'reported' }>): Settled {
  if (outcome.kind === 'done' && 'handle' in outcome)
    return { ...work.lease, handle: outcome.handle, outcome: { kind: 'done' } };
  return { ...work.lease, outcome };
}

async function attempt(kit: Kit, groups: Groups, work: HeldWork): Promise<Outcome> {
  try {
    if (await isForNewer(kit, work.effect)) return putBack(kit, work, NEWER_MS, 'it is left to a newer version');
    return await perform(kit, groups, work);
  } catch (error) {
    if (error instanceof PortFailure) return afterFailure(kit, work, error);
    kit.log.error(
      { key: work.key, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      'an effect failed unexpectedly',
    );
    // Without the lease it is for whoever holds it now to give up.
    if (work.attempts < FAULT_TRIES || !work.stands()) return later(kit, work, String(error));
    await surrender(kit, work);
    return { kind: 'given-up', error: String(error) };
  }
}

/** Written by a newer version, or about something that a newer version works on. */
async function isForNewer(kit: Kit, effect: Effect): Promise<boolean> {
  if (!knowsEffect(effect)) return true;
  const row = 'deployment' in effect ? await kit.store.deployment(effect.deployment) : undefined;
  return row !== undefined && isForeign(row);
}

/** As it was found: no attempt more, and in doubt only if a former attempt had left it so. */
function putBack(kit: Kit, work: Work, ms: number, error: string): Outcome {
  const doubt = work.inDoubtSince === undefined ? {} : { inDoubt: true };
  return { kind: 'later', due: kit.clock.now() + ms, error, untouched: true, ...doubt };
}

function isUntouched(outcome: Outcome): boolean {
  return outcome.kind === 'later' && outcome.untouched === true;
}

const PERFORMERS: { readonly [K in Effect['kind']]: Performer<K> } = {
  gather,
  'start-run': startRun,
  'stop-run': stopRun,
  'answer-wait': answerWait,
  'tidy-run': tidyRun,
  record,
  card,
  reply: replyUnder,
  whisper,
  notice,
  digest,
  archive,
  intro,
  linked,
  'outside-run': outsideRun,
  comment,
};

function perform<K extends Effect['kind']>(kit: Kit, groups: Groups, work: HeldWork): Promise<Outcome> {
  // The kind chooses the performer, so the two fit.
  const effect = work.effect as Extract<Effect, { kind: K }>;
  const performer: Performer<K> = PERFORMERS[effect.kind as K];
  return performer(kit, groups, effect, work);
}

function afterFailure(kit: Kit, work: Work, failure: PortFailure): Outcome {
  const { retryable, retryAfterMs, inDoubt, courtesy, kind } = failure.details;
  if ((retryable || inDoubt === true) && work.attempts < MOST_TRIES)
    return later(kit, work, failure.message, { retryAfterMs, inDoubt, courtesy });
  kit.log.warn({ key: work.key, kind, error: failure.message }, 'an effect was given up');
  return { kind: 'given-up', error: failure.message };
}

interface Hints {
  readonly retryAfterMs?: number | undefined;
  readonly inDoubt?: boolean | undefined;
  readonly courtesy?: boolean | undefined;
}

/** Pauses double up to five minutes, with jitter; a pause that the other side asked for is kept. */
function later(kit: Kit, work: Work, error: string, hints: Hints = {}): Outcome {
  // Once in doubt, in doubt until it is done: looking again costs little, a doubled message much.
  const inDoubt = hints.inDoubt === true || work.inDoubtSince !== undefined;
  const pause = hints.retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, 500 * 2 ** Math.min(work.attempts, 12));
  return {
    kind: 'later',
    due: kit.clock.now() + Math.ceil(pause * (1 + kit.random() * 0.2)),
    error,
    ...(inDoubt ? { inDoubt } : {}),
    ...(hints.courtesy === true ? { courtesy: true } : {}),
  };
}
