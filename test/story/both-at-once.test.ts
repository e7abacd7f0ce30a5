import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { askedIn, type ChatId, eventsOf, expectNoComplaint, openBoth, shownInBoth, WAYS } from './both-scenes.ts';
import { ANNA, CLEO, DEPLOYS, DINA, type Who } from './hands.ts';
import type { Stage } from './stage.ts';

const SLOW_MS = 90_000;
/** The ways into the programme are not of one length: the one who begins has a lead of up to so many milliseconds. */
const MOST_LEAD_MS = 15;

let stage: Stage;
afterEach(() => stage.close());

/** One person acts in one chat, and what is told there to that person. */
interface Act {
  readonly chat: ChatId;
  readonly who: Who;
  readonly what: 'approve' | 'cancel' | { readonly line: string };
}

/** Ready to act on what is seen now; then what the person is told. */
async function ready(id: string, { chat, who, what }: Act): Promise<() => Promise<string>> {
  const { hands, card, told } = stage.in(chat);
  const shown = await card(id, DEPLOYS, 'Needs approval');
  const act = typeof what === 'string' ? await hands.aim(who, shown, what) : () => hands.ask(who, DEPLOYS, what.line);
  return async () => (await told(who, act)).words();
}

/** Both at the same moment, the first with a lead; what each is told. */
async function together(id: string, first: Act, second: Act, leadMs: number): Promise<readonly [string, string]> {
  const [one, other] = [await ready(id, first), await ready(id, second)];
  const begun = performance.now();
  const told = one();
  while (performance.now() - begun < leadMs) await new Promise((resolve) => setImmediate(resolve));
  return Promise.all([told, other()]);
}

/** Both ways round, with leads from none to the longest. Each in a place that is not busy yet: Teams takes only so many messages. */
const ROUNDS = Array.from({ length: 6 }, (_, round) => ({
  round,
  isTurned: round % 2 === 1,
  lead: (round / 5) * MOST_LEAD_MS,
}));

/** What the approver and the other are told. */
async function raced(id: string, approve: Act, other: Act, { isTurned, lead }: (typeof ROUNDS)[number]) {
  if (!isTurned) return together(id, approve, other, lead);
  const [toOther, toApprover] = await together(id, other, approve, lead);
  return [toApprover, toOther] as const;
}

describe.each(WAYS)('at the same moment, in %s and in %s,', (here, there) => {
  const approve: Act = { chat: here, who: CLEO, what: 'approve' };

  test.each(ROUNDS)(
    'one approves and another rejects: exactly one wins, both cards agree, the other is told why not ($round)',
    async (round) => {
      stage = await openBoth();
      const id = await askedIn(stage, round.isTurned ? here : there);
      const reject: Act = { chat: there, who: DINA, what: { line: `reject ${id} "Not now"` } };

      const [approver, rejecter] = await raced(id, approve, reject, round);

      const types = await eventsOf(stage, id);
      const decided = types.filter((type) => type === 'countersigned' || type === 'rejected');
      expect(decided).toHaveLength(1);
      const isApproved = decided[0] === 'countersigned';
      const [winner, loser] = isApproved ? [approver, rejecter] : [rejecter, approver];
      expect(loser).toContain(
        isApproved ? `Cleo Marsh has already approved ${id}.` : `Dina Wolf has already rejected ${id}.`,
      );
      expect(winner).not.toContain('has already');
      await shownInBoth(stage, id, isApproved ? 'running' : 'rejected');
      await until('the run, if there is to be one', () => stage.repository.runs.length === (isApproved ? 1 : 0));
      expectNoComplaint(stage);
    },
  );

  test.each(ROUNDS)(
    'one approves and the requester cancels: it is called off, and what ran is stopped ($round)',
    async (round) => {
      stage = await openBoth();
      const id = await askedIn(stage, round.isTurned ? there : here);
      const cancel: Act = { chat: there, who: ANNA, what: 'cancel' };

      const [approver, canceller] = await raced(id, approve, cancel, round);

      const types = await eventsOf(stage, id);
      const isApproved = types.includes('countersigned');
      const isCancelled = types.includes('cancelled') || types.includes('cancel-asked');
      expect(isCancelled).toBe(!/has already|has changed/.test(canceller));
      if (!isApproved) expect(approver).toContain('cancelled');
      await shownInBoth(stage, id, isCancelled ? 'cancelled' : 'running');
      const left = stage.repository.runs.filter(({ status }) => status !== 'completed');
      expect(left).toHaveLength(isCancelled ? 0 : 1);
      expectNoComplaint(stage);
    },
  );
});

test(
  'fifty approvals at once by two people in both chats are one countersignature and one run, and all are answered',
  async () => {
    stage = await openBoth();
    const id = await askedIn(stage, 'slack');
    const before = new Map(WAYS.map(([chat]) => [chat, answers(chat)]));
    const presses: (() => Promise<void>)[] = [];
    for (let press = 0; press < 50; press += 1) {
      const { hands, card } = stage.in(press % 2 === 0 ? 'slack' : 'teams');
      presses.push(await hands.aim(press % 4 < 2 ? CLEO : DINA, await card(id, DEPLOYS), 'approve'));
    }
    await Promise.all(presses.map((go) => go()));

    const row = await stage.reaches(id, 'running');
    await shownInBoth(stage, id, 'running');
    await stage.quiet();
    expect(row.countersignatures).toHaveLength(1);
    expect((await eventsOf(stage, id)).filter((type) => type === 'countersigned')).toHaveLength(1);
    expect(stage.repository.runs).toHaveLength(1);
    for (const [chat] of WAYS) expect(answers(chat) - (before.get(chat) ?? 0)).toBe(25);
  },
  SLOW_MS,
);

function answers(chat: ChatId): number {
  const { hands } = stage.in(chat);
  return hands.privately(CLEO).length + hands.privately(DINA).length;
}
