import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InputSpecs, inputValue, readInputs, specsIn } from '../../src/domain/inputs.ts';

const SPECS: InputSpecs = {
  region: { type: 'enum', options: ['eu', 'us'], required: true },
  'dry-run': { type: 'boolean', required: false, byDefault: 'false' },
  ticket: { type: 'text', pattern: '[A-Z]+-\\d+', required: false, environments: ['production'] },
};

describe('what people hand in', () => {
  const READ: readonly [Record<string, string>, Record<string, string>][] = [
    [{ region: 'eu' }, { 'dry-run': 'false', region: 'eu' }],
    [
      { ticket: ' OPS-7 ', region: 'us', 'dry-run': 'YES' },
      { 'dry-run': 'true', region: 'us', ticket: 'OPS-7' },
    ],
    [
      { region: 'eu', ticket: '', 'dry-run': '' },
      { 'dry-run': 'false', region: 'eu' },
    ],
  ];
  it.each(READ)('takes %j', (given, inputs) => {
    expect(readInputs(SPECS, given)).toEqual({ kind: 'read', inputs });
  });

  const REFUSED: readonly [Record<string, string>, string[]][] = [
    [{}, ['region missing-input']],
    [{ region: 'EU' }, ['region bad-input']],
    [{ region: 'eu', 'dry-run': 'perhaps' }, ['dry-run bad-input']],
    [{ region: 'eu', ticket: 'xOPS-7' }, ['ticket bad-input']],
    [{ region: 'eu', ticket: 'OPS-7\nrm' }, ['ticket bad-input']],
    [{ region: 'eu', colour: 'red' }, ['colour unknown-input']],
    [{ region: 'eu', constructor: 'x' }, ['constructor unknown-input']],
    [{ colour: 'red', ticket: '1' }, ['colour unknown-input', 'region missing-input', 'ticket bad-input']],
  ];
  it.each(REFUSED)('refuses %j and says all that is wrong', (given, codes) => {
    const read = readInputs(SPECS, given);

    expect(read.kind === 'refused' && read.refusals.map(({ name, refusal }) => `${name} ${refusal.code}`)).toEqual(
      codes,
    );
  });

  it('asks in an environment only for what is asked for there', () => {
    expect(Object.keys(specsIn(SPECS, 'staging'))).toEqual(['region', 'dry-run']);
    expect(Object.keys(specsIn(SPECS, 'production'))).toEqual(['region', 'dry-run', 'ticket']);
  });

  it('never hands on a line break, and what it took it takes again as it is', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(texts, (text) => {
        const value = inputValue({ type: 'text', required: false }, text);
        expect(value === undefined || (!/[\p{Cc}]/u.test(value) && value.length <= 200)).toBe(true);
        if (value !== undefined) expect(inputValue({ type: 'text', required: false }, value)).toBe(value);
      }),
    );
  });
});
