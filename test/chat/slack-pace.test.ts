import { describe, expect, it } from 'vitest';
import { cardKey, createPace } from '../../adapters/chat/slack/pace.ts';
import { PortFailure } from '../../src/ports/failure.ts';

function manual() {
  let time = 1_000_000;
  const clock = { now: () => time, at: () => () => {} };
  function pass(ms: number): void {
    time += ms;
  }
  return { pace: createPace(clock), pass };
}

function waitOf(work: () => unknown): number {
  try {
    work();
    return 0;
  } catch (error) {
    return error instanceof PortFailure ? (error.details.retryAfterMs ?? -1) : -1;
  }
}

describe('the pace', () => {
  it('lets a short burst into a channel, then one message a second', () => {
    const { pace, pass } = manual();
    const burst = Array.from({ length: 5 }, () => waitOf(() => pace.post('C1')));

    pass(1000);

    expect(burst).toEqual([0, 0, 0, 0, 1000]);
    expect([waitOf(() => pace.post('C1')), waitOf(() => pace.post('C1'))]).toEqual([0, 1000]);
    expect(waitOf(() => pace.post('C2'))).toBe(0);
  });

  it('lets one live card be edited every three seconds', () => {
    const { pace, pass } = manual();
    pace.update(cardKey('C1', '1'), 1, true)();
    const at0 = waitOf(() => pace.update(cardKey('C1', '1'), 1, true));

    pass(3000);

    expect([at0, waitOf(() => pace.update(cardKey('C1', '1'), 1, true))]).toEqual([3000, 0]);
  });

  it('shares the fifty edits a minute among all live cards', () => {
    const { pace } = manual();
    for (let card = 0; card < 20; card += 1) pace.update(cardKey('C1', String(card)), 1, true)();

    expect(waitOf(() => pace.update(cardKey('C1', '0'), 1, true))).toBe(25_000);
  });

  it.each([
    ['a new revision', 2, true],
    ['a card that stopped moving', 1, false],
  ])('lets %s jump the queue', (_what, revision, live) => {
    const { pace } = manual();
    pace.update(cardKey('C1', '1'), 1, true)();

    expect(waitOf(() => pace.update(cardKey('C1', '1'), revision, live))).toBe(0);
  });

  it('does not count an edit that failed', () => {
    const { pace } = manual();
    pace.update(cardKey('C1', '1'), 1, true);

    expect(waitOf(() => pace.update(cardKey('C1', '1'), 1, true))).toBe(0);
  });

  it('keeps a pause that Slack asked for, in that channel only', () => {
    const { pace, pass } = manual();
    pace.hold('C1', 5000);
    const during = [
      waitOf(() => pace.post('C1')),
      waitOf(() => pace.update(cardKey('C1', '1'), 2, false)),
      waitOf(() => pace.post('C2')),
    ];

    pass(5001);

    expect(during).toEqual([5000, 5000, 0]);
    expect(waitOf(() => pace.post('C1'))).toBe(0);
  });
});
