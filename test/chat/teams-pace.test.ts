import { describe, expect, it } from 'vitest';
import { createPace, type Pace } from '../../adapters/chat/teams/pace.ts';
import { repeated } from '../../adapters/chat/teams/repeat.ts';
import { createWindows } from '../../adapters/chat/teams/windows.ts';
import { type FailureDetails, PortFailure } from '../../src/ports/failure.ts';
import { manualClock } from '../fakes/clock.ts';

const CHANNEL = '19:abc@thread.tacv2';

function bench() {
  const clock = manualClock();
  return { clock, pace: createPace(clock) };
}

function heldBy(work: () => unknown): Partial<FailureDetails> {
  try {
    work();
    return {};
  } catch (error) {
    return error instanceof PortFailure ? error.details : { kind: 'misbehaved' };
  }
}

const waitOf = (work: () => unknown): number => heldBy(work).retryAfterMs ?? 0;
const waitToSend = (pace: Pace, where = CHANNEL, urgent = false) => waitOf(() => pace.pass('send', where, urgent));

/** How many calls pass within a time when somebody tries all the time. */
function passed(traffic: 'send' | 'roster', seconds: number, step = 50): number {
  const { clock, pace } = bench();
  let calls = 0;
  for (let ms = 0; ms < seconds * 1000; ms += step) {
    while (waitOf(() => pace.pass(traffic, CHANNEL)) === 0) calls += 1;
    clock.advance(step);
  }
  return calls;
}

describe('the pace of calls in one conversation', () => {
  it.each([
    ['send', 1, 7],
    ['send', 2, 8],
    ['send', 30, 60],
    ['roster', 1, 14],
    ['roster', 2, 16],
    ['roster', 30, 120],
  ] as const)('lets through (%s) in %i s: %i', (traffic, seconds, most) => {
    expect(passed(traffic, seconds)).toBe(most);
  });

  it.each([
    ['send', 1800],
    ['roster', 3600],
  ] as const)('lets through (%s) in an hour nearly %i, and never more', (traffic, most) => {
    const calls = passed(traffic, 3600, 500);

    expect(calls).toBeLessThanOrEqual(most);
    expect(calls).toBeGreaterThan(most * 0.95);
  });

  it('says when there is room again', () => {
    const { clock, pace } = bench();
    for (let calls = 0; calls < 7; calls += 1) waitToSend(pace);
    const failure = heldBy(() => pace.pass('send', CHANNEL));

    clock.advance(1000);

    expect(failure).toMatchObject({ port: 'teams', kind: 'rate-limited', retryable: true, retryAfterMs: 1000 });
    expect(failure.courtesy).toBeUndefined();
    expect([waitToSend(pace), waitToSend(pace)]).toEqual([0, 1000]);
  });

  it('counts the threads of a channel together, other places and rosters apart', () => {
    const { pace } = bench();
    for (let calls = 0; calls < 7; calls += 1) waitToSend(pace, `${CHANNEL};messageid=${calls}`);

    expect(waitToSend(pace)).toBe(1000);
    expect(waitToSend(pace, '19:other@thread.tacv2')).toBe(0);
    expect(waitOf(() => pace.pass('roster', CHANNEL))).toBe(0);
  });

  it('lets 25 calls a second out of the house', () => {
    const { clock, pace } = bench();
    const waits = Array.from({ length: 26 }, (_, place) => waitToSend(pace, `19:${place}@thread.v2`));

    expect(waits).toEqual([...Array(25).fill(0), 1000]);
    clock.advance(1000);
    expect(waitToSend(pace, '19:x@thread.v2')).toBe(0);
  });

  it('lets answers to people pass, and counts them', () => {
    const { pace } = bench();
    for (let calls = 0; calls < 7; calls += 1) waitToSend(pace);

    expect(waitToSend(pace, CHANNEL, true)).toBe(0);
    expect(waitToSend(pace)).toBe(2000);
  });

  it('forgets places that are quiet, and never keeps more than so many', () => {
    const clock = manualClock();
    const windows = createWindows(clock, [{ ms: 1_000_000_000, most: 1 }]);
    for (let lane = 0; lane < 5001; lane += 1) windows.count(String(lane));

    expect([windows.wait('0'), windows.wait('1')]).toEqual([0, 1_000_000_000]);
  });
});

describe('a pause that Teams asked for', () => {
  it('holds everything in that conversation, answers to people too', () => {
    const { clock, pace } = bench();
    const asked = pace.hold('send', `${CHANNEL};messageid=1`, 5000);
    const during = [
      waitToSend(pace),
      waitToSend(pace, CHANNEL, true),
      waitOf(() => pace.update(CHANNEL, '1', 2, false)),
      waitToSend(pace, '19:other@thread.v2'),
      waitOf(() => pace.pass('roster', CHANNEL)),
    ];

    clock.advance(5000);

    expect(asked).toBe(5000);
    expect(during).toEqual([5000, 5000, 5000, 0, 0]);
    expect(waitToSend(pace)).toBe(0);
  });

  it('grows from try to try when Teams does not say how long, and begins anew after a quiet minute', () => {
    const { clock, pace } = bench();
    const pauses = Array.from({ length: 6 }, () => {
      const ms = pace.hold('send', CHANNEL, undefined);
      clock.advance(ms);
      return ms;
    });

    clock.advance(61_000);

    expect(pauses).toEqual([2000, 4000, 8000, 16_000, 20_000, 20_000]);
    expect(pace.hold('send', CHANNEL, undefined)).toBe(2000);
  });

  it('is never believed to be longer than an hour', () => {
    expect(bench().pace.hold('send', CHANNEL, 1e12)).toBe(3_600_000);
  });
});

describe('progress on cards', () => {
  const edit = (pace: Pace, card: string, where = CHANNEL, revision = 1, live = true) => {
    let wait = 0;
    wait = waitOf(() => pace.update(where, card, revision, live)());
    return wait;
  };

  it('is shown no more often than every five seconds for one card, out of courtesy', () => {
    const { clock, pace } = bench();
    edit(pace, '1');
    const failure = heldBy(() => pace.update(CHANNEL, '1', 1, true));

    clock.advance(5000);

    expect(failure).toMatchObject({ kind: 'rate-limited', courtesy: true, retryAfterMs: 5000 });
    expect(edit(pace, '1')).toBe(0);
  });

  it('keeps two seconds to any other edit in the conversation', () => {
    const { clock, pace } = bench();
    edit(pace, '1');
    clock.advance(4000);
    edit(pace, '2');
    clock.advance(1000);

    expect(edit(pace, '1')).toBe(1000);
  });

  it('is shared among the live cards of a conversation, others do not count', () => {
    const { pace } = bench();
    for (let card = 0; card < 4; card += 1) edit(pace, String(card));
    for (let card = 0; card < 4; card += 1) edit(pace, String(card), '19:other@thread.v2');

    expect(edit(pace, '0')).toBe(8000);
  });

  it.each([
    ['a new revision', 2, true],
    ['a card that stopped moving', 1, false],
  ])('%s jumps the queue', (_what, revision, live) => {
    const { pace } = bench();
    edit(pace, '1');

    expect(edit(pace, '1', CHANNEL, revision, live)).toBe(0);
  });

  it('does not count an edit that failed', () => {
    const { pace } = bench();
    pace.update(CHANNEL, '1', 1, true);

    expect(edit(pace, '1')).toBe(0);
  });

  it('leaves a fifth of every window to news', () => {
    const { clock, pace } = bench();
    edit(pace, '1');
    for (let calls = 0; calls < 48; calls += 1) {
      waitToSend(pace);
      clock.advance(500);
    }

    expect(edit(pace, '1')).toBe(6000);
    expect(waitToSend(pace)).toBe(0);
  });
});

describe('an answer that is tried again', () => {
  const failing = (details: Partial<FailureDetails>) =>
    new PortFailure('no', { port: 'teams', kind: 'rate-limited', retryable: true, ...details });

  /** Fails with each of these, then succeeds; tells when it was tried. */
  async function tried(failures: readonly PortFailure[], most?: number) {
    const clock = manualClock();
    const start = clock.now();
    const tries: number[] = [];
    let ended = false;
    const work = repeated(
      { clock, random: () => 0.5 },
      async () => {
        tries.push(clock.now() - start);
        const failure = failures[tries.length - 1];
        if (failure !== undefined) throw failure;
        return 'done';
      },
      most,
    ).finally(() => {
      ended = true;
    });
    const outcome = work.catch((error: unknown) => error);
    while (!ended) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      clock.advance(50);
    }
    return { outcome: await outcome, tries };
  }

  it('waits longer from try to try, with jitter', async () => {
    const { outcome, tries } = await tried([failing({}), failing({ kind: 'unreachable' }), failing({})]);

    expect(outcome).toBe('done');
    expect(tries).toEqual([0, 550, 1650, 3850]);
  });

  it('keeps the pause that Teams asked for', async () => {
    const { tries } = await tried([failing({ retryAfterMs: 3000 })]);

    expect(tries).toEqual([0, 3300]);
  });

  it('gives up when it would take too long, with the last failure', async () => {
    const all = Array.from({ length: 9 }, () => failing({}));
    const { outcome, tries } = await tried(all);

    expect(outcome).toBe(all[tries.length - 1]);
    expect(tries.at(-1)).toBeLessThanOrEqual(15_000);
    expect((await tried([failing({ retryAfterMs: 60_000 })])).tries).toEqual([0]);
  });

  it.each<[string, Partial<FailureDetails>]>([
    ['may have been done', { kind: 'unreachable', inDoubt: true }],
    ['will never be taken', { kind: 'forbidden', retryable: false }],
    ['waits for an operator', { kind: 'refused' }],
  ])('is not tried again when it %s', async (_why, details) => {
    const failure = failing(details);

    expect(await tried([failure])).toEqual({ outcome: failure, tries: [0] });
  });
});
