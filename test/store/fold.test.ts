import { describe, expect, it } from 'vitest';
import type { NewEntry, Stream } from '../../src/domain/event.ts';
import { fold, rowOf, streamOf } from '../../src/store/fold.ts';
import { wellFormed } from '../../src/store/well-formed.ts';
import { ANNA, locked, requested } from '../contract/store-samples.ts';

const AT = '2026-03-02T12:00:00.000Z';

describe('the name of a stream', () => {
  it.each<[Stream, 'deployment' | 'target' | 'place', string]>([
    ['deployment:D-7', 'deployment', 'D-7'],
    ['target:web/production', 'target', 'web/production'],
    ['place:slack:T1:C7', 'place', 'slack:T1:C7'],
  ])('says which row %s folds into', (stream, kind, key) => {
    expect(rowOf(stream)).toEqual({ kind, key });
    expect(streamOf(kind, key)).toBe(stream);
  });

  it.each<Stream>(['installation', 'people'])('says that %s has no row', (stream) => {
    expect(rowOf(stream)).toBeUndefined();
  });

  it.each(['unknown:1', 'deployment'])('is refused when no stream has it: %s', (name) => {
    expect(() => rowOf(name as Stream)).toThrow(TypeError);
  });
});

describe('a fold', () => {
  it('keeps a colon that belongs to the channel of a place', () => {
    const event = { type: 'broken', code: 'gone' } as const;

    const row = fold(undefined, { stream: 'place:console::room:1', event, by: ANNA, at: AT });

    expect(row).toMatchObject({ kind: 'place', value: { place: { chat: 'console', tenant: '', channel: 'room:1' } } });
  });

  it('goes on from the row before', () => {
    const entry = locked('web', 'production', 'Migration');
    const before = fold(undefined, entry);

    const after = fold(before, { ...entry, event: { type: 'unlocked' } } as NewEntry);

    expect(after).toEqual({ kind: 'target', value: { service: 'web', environment: 'production', version: 2 } });
  });

  it('refuses a request in the stream of another deployment', () => {
    const entry = { ...requested(1), stream: 'deployment:D-2' } as NewEntry;

    expect(() => fold(undefined, entry)).toThrow('The stream "deployment:D-2" speaks of "D-1".');
  });
});

describe('sound text', () => {
  it('gives back the very same value when there is nothing to mend', () => {
    const value = { title: 'Emoji 🎉', list: [1, null, { deep: true }] };

    expect(wellFormed(value)).toBe(value);
  });

  it('replaces halves of surrogate pairs, however deep, also in names', () => {
    const value = { '\ud83d': [{ title: 'a\udf89' }], fine: 'b' };

    expect(wellFormed(value)).toEqual({ '\ufffd': [{ title: 'a\ufffd' }], fine: 'b' });
  });
});
