import { describe, expect, it } from 'vitest';
import { EMPTY, seal, sealedText, verify } from '../../src/domain/audit.ts';
import { sha256 } from '../../src/domain/canonical.ts';
import { isOpen, STATE_NAMES, stateWords } from '../../src/domain/deployment.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { AnyEvent, DeploymentEvent } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/machine.ts';
import { BOT } from '../../src/domain/person.ts';
import { emptyPlaceBook, emptyTarget, evolvePlaceBook, evolveTarget } from '../../src/domain/target.ts';
import { tell } from '../../src/domain/tell/index.ts';
import { isForeign, knowsEffect, needsAfter, VOCABULARY, vocabularyOf } from '../../src/domain/vocabulary.ts';
import { at, CATALOG, inState, plan, told, WAYS } from './samples.ts';

const PLACE = { chat: 'slack', tenant: 'T1', channel: 'C7' };
/** A plan as a newer version might make it. */
const NEWER_PLAN = { ...plan(), machine: VOCABULARY + 1 } as unknown as ReturnType<typeof plan>;
const QUEUED: DeploymentEvent = { type: 'queued', plan: NEWER_PLAN };
const SHIFTING = { ...inState('running'), state: 'shifting', needs: VOCABULARY + 1 } as never;

describe('the vocabulary of an event', () => {
  it('is that of its kind, and never newer than this version', () => {
    const told = Object.values(WAYS).flat();

    expect(new Set(told.map(([event]) => vocabularyOf(event)))).toEqual(new Set([1]));
  });

  it('is that of the plan it carries when that is newer', () => {
    expect(vocabularyOf(QUEUED)).toBe(VOCABULARY + 1);
  });

  it('is the third where something was handed in, in the request and in the plan', () => {
    const [[asked] = []] = Object.values(WAYS).flat();
    const inputs = { region: 'eu' };
    const later = { ...plan(), inputs };
    const request = asked?.type === 'requested' ? asked.request : undefined;
    if (request === undefined) throw new Error('no request');
    const said: readonly DeploymentEvent[] = [
      { type: 'requested', request: { ...request, inputs } },
      { type: 'queued', plan: later },
      { type: 'approval-asked', plan: later, expiresAt: at(60) },
    ];

    expect(said.map(vocabularyOf)).toEqual([3, 3, 3]);
  });

  it('stands in its entry', () => {
    const sealed = (event: DeploymentEvent) =>
      seal(EMPTY, { stream: 'deployment:D-1', event, by: BOT, at: at(0) }, 1).entry.format;

    expect([sealed({ type: 'checks-started' }), sealed(QUEUED)]).toEqual([1, VOCABULARY + 1]);
  });
});

describe('the mark on a row', () => {
  it.each(STATE_NAMES)('is absent while all is of the first vocabulary: %s', (state) => {
    expect(told(WAYS[state])).not.toHaveProperty('needs');
  });

  it('is absent on targets and places too', () => {
    const target = evolveTarget(emptyTarget('web', 'production'), { type: 'locked', reason: 'x' }, at(0), BOT);
    const book = evolvePlaceBook(emptyPlaceBook(PLACE), { type: 'broken', code: 'x' }, at(0));

    expect([target, book].filter((row) => 'needs' in row)).toEqual([]);
  });

  it('rises with a newer event and stays', () => {
    const queued = evolve(inState('checking'), QUEUED, at(5), BOT);
    const after = evolve(queued, { type: 'dispatched' }, at(6), BOT);

    expect([queued.needs, after.needs]).toEqual([VOCABULARY + 1, VOCABULARY + 1]);
    expect(needsAfter({ needs: 7 }, { type: 'unlocked' } satisfies AnyEvent)).toEqual({ needs: 7 });
  });
});

describe('a deployment', () => {
  it('is foreign when it needs a newer vocabulary or is in an unknown state, and else never', () => {
    const known = STATE_NAMES.map((state) => inState(state));

    expect(known.filter(isForeign)).toEqual([]);
    expect(isForeign({ state: 'succeeded', needs: VOCABULARY + 1 })).toBe(true);
    expect(isForeign({ state: 'shifting' as never })).toBe(true);
    expect(isForeign({ state: 'toString' as never })).toBe(true);
  });

  it('in an unknown state is open until the time of its end is written', () => {
    expect(isOpen(SHIFTING)).toBe(true);
    expect(isOpen({ state: 'shifted' as never, endedAt: at(9) })).toBe(false);
  });

  it.each(['engineering', 'line', 'broadcast'] as const)(
    'in an unknown state is told to %s without a guess',
    (audience) => {
      const said = tell(SHIFTING, audience, { catalog: CATALOG, now: at(9) });

      expect(said).toMatchObject({ tone: 'neutral', buttons: [] });
      if (audience === 'broadcast') return;
      expect(JSON.stringify(said)).toContain('Only a newer version of Countersign knows the state \\"shifting\\".');
    },
  );

  it('that a newer version works on in a known state has no buttons either', () => {
    const said = tell({ ...inState('awaiting-approval'), needs: VOCABULARY + 1 }, 'engineering', {
      catalog: CATALOG,
      now: at(9),
    });

    expect(said.buttons).toEqual([]);
    expect(said.summary).toContain('in the hands of a newer version of Countersign');
  });
});

it('an unknown state goes by its own name', () => {
  expect(stateWords('shifting').word).toBe('shifting');
  expect(stateWords('running').word).toBe('Deploying');
});

describe('an effect', () => {
  const reply: Effect = {
    ...{ kind: 'reply', deployment: 'D-1', place: PLACE, audience: 'line' },
    ...{ topic: 'failed', entry: 1 },
  };

  it('is known by its kind, its topic and its audience', () => {
    const strange = [{ kind: 'move-traffic' }, { ...reply, topic: 'shifted' }, { ...reply, audience: 'robots' }];

    expect([reply, { kind: 'intro', place: PLACE } as const].every(knowsEffect)).toBe(true);
    expect(strange.filter((one) => knowsEffect(one as never))).toEqual([]);
  });
});

describe('a chain with newer entries', () => {
  const first = seal(EMPTY, { stream: 'deployment:D-1', event: { type: 'checks-started' }, by: BOT, at: at(0) }, 1);
  const second = seal(
    first.entry,
    { stream: 'deployment:D-1', event: { type: 'reminded' }, by: BOT, at: at(1) },
    2,
  ).entry;
  const text = sealedText({ ...second, format: VOCABULARY + 1, event: { type: 'traffic-moved', share: 10 } as never });
  const newer = { ...second, text, hash: sha256(text) };

  it('is whole, and says which vocabulary it takes to read it', async () => {
    const verdict = await verify([{ ...first.entry, text: first.text }, newer]);

    expect(verdict).toMatchObject({
      kind: 'whole',
      newer: { needs: VOCABULARY + 1, streams: new Set(['deployment:D-1']) },
    });
  });

  it('is broken like any other when one of them was changed', async () => {
    const changed = { ...newer, text: newer.text.replace('10', '90') };

    expect(await verify([{ ...first.entry, text: first.text }, changed])).toMatchObject({ kind: 'broken', seq: 2 });
  });

  it('says nothing of it when all is known', async () => {
    expect(await verify([{ ...first.entry, text: first.text }])).not.toHaveProperty('newer');
  });
});
