import { readInputs } from '../domain/inputs.ts';
import { ALLOW, type Gate } from './gate.ts';

/** What was handed in must still be what the configuration takes. A rollback hands on what was handed in then. */
export const inputsFit: Gate = {
  id: 'inputs-fit',
  moments: ['request', 'plan', 'renewal', 'dispatch'],
  check({ kind, settings, inputs = {} }) {
    if (kind === 'rollback') return ALLOW;
    const read = readInputs(settings.inputs ?? {}, inputs);
    const [first] = read.kind === 'refused' ? read.refusals : [];
    return first === undefined ? ALLOW : { kind: 'refuse', refusal: first.refusal };
  },
};
