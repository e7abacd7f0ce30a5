import { describe, expect, it } from 'vitest';
import { EMPTY, seal, sealedText } from '../../src/domain/audit.ts';
import { BOT } from '../../src/domain/person.ts';
import { VOCABULARY } from '../../src/domain/vocabulary.ts';
import { PortFailure } from '../../src/ports/failure.ts';
import { columnsOf } from '../../src/store/columns.ts';
import { refold } from '../../src/store/difference.ts';
import { fold, type Row } from '../../src/store/fold.ts';
import { grow } from '../../src/store/growth.ts';
import { locked, requested, said } from '../contract/store-samples.ts';

const REQUEST = requested(1);
const KNOWN = fold(undefined, REQUEST);

function foreign(more: object): Row {
  if (KNOWN?.kind !== 'deployment') throw new Error('A request makes a deployment.');
  return { kind: 'deployment', value: { ...KNOWN.value, ...more } };
}

describe('a change', () => {
  const grown = (row: Row | undefined, entry = said(1, { type: 'checks-started' })) =>
    grow(EMPTY, [entry], () => ({ version: 1, row }));

  it('is folded onto a row that this version knows', () => {
    expect(grown(KNOWN).rows).toMatchObject([{ row: { value: { state: 'checking', version: 2 } } }]);
  });

  it.each([
    ['a deployment that needs a newer version', foreign({ needs: VOCABULARY + 1 })],
    ['a deployment in an unknown state', foreign({ state: 'shifting' })],
  ])('is refused for %s, to be tried again', (_what, row) => {
    const failure = failureOf(() => grown(row));

    expect(failure?.details).toMatchObject({ port: 'store', kind: 'refused', retryable: true });
    expect(failure?.message).toContain('only a newer version of Countersign knows');
  });

  it('is refused for a target that needs a newer version', () => {
    const row: Row = {
      kind: 'target',
      value: { service: 'web', environment: 'production', version: 1, needs: VOCABULARY + 1 },
    };

    expect(failureOf(() => grown(row, locked('web', 'production', 'x')))?.details.code).toBe('newer-version');
  });
});

describe('a comparison of row and log', () => {
  const first = seal(EMPTY, REQUEST, 1);
  const event = { type: 'traffic-moved', share: 10 } as never;
  const second = seal(first.entry, said(1, { type: 'checks-started' }), 2).entry;
  const kept = KNOWN === undefined ? undefined : columnsOf(KNOWN, 'D-1');

  it('names newer forms for what they are', () => {
    const folding = refold('deployment:D-1');
    folding.add(first.text);
    folding.add(sealedText({ ...second, format: VOCABULARY + 1, event }));

    expect(folding.differs(kept)).toBe(
      `it holds forms of vocabulary ${VOCABULARY + 1}, and this version of Countersign knows those up to ${VOCABULARY}: let a newer one compare it`,
    );
  });

  it('still finds fault with an unknown event that claims to be of this version', () => {
    const folding = refold('deployment:D-1');
    folding.add(first.text);
    folding.add(sealedText({ ...second, event }));

    expect(folding.differs(kept)).toBe(
      'it cannot be rebuilt: The event "traffic-moved" cannot happen to a deployment in state "requested".',
    );
  });

  it('misses nothing where nothing is folded', () => {
    const folding = refold('installation');
    const note = { stream: 'installation', event: { type: 'program-started', version: '9' }, by: BOT } as const;
    folding.add(sealedText({ ...seal(EMPTY, { ...note, at: second.at }, 1).entry, format: VOCABULARY + 1 }));

    expect(folding.differs(undefined)).toBeUndefined();
  });
});

function failureOf(work: () => unknown): PortFailure | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof PortFailure) return error;
    throw error;
  }
  return undefined;
}
