import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { askCard } from '../../adapters/chat/teams/ask.ts';
import { readMemory } from '../../adapters/chat/teams/dialog-memory.ts';
import { formCard, formInvitation, type Mend, readForm } from '../../adapters/chat/teams/form.ts';
import { readPress } from '../../adapters/chat/teams/press.ts';
import type { AdaptiveCard, CardElement } from '../../adapters/chat/teams/wire.ts';
import type { Choice, FormSpec } from '../../src/ports/chat.ts';

const form: FormSpec = {
  services: [
    { value: 'api', label: 'api', hint: 'Public API' },
    { value: 'web', label: 'web', hint: 'Web shop' },
  ],
  environments: [
    { value: 'staging', label: 'staging', hint: 'Staging' },
    { value: 'production', label: 'production', hint: 'Live' },
  ],
  reasonRequired: false,
  alerts: [],
};
const prefilled: FormSpec = {
  ...form,
  service: 'web',
  environment: 'production',
  ref: 'feature/x',
  reason: 'Fix the basket',
  reasonRequired: true,
  alerts: ['web in production is locked by Ben: *wait* <at>all</at> [here](https://evil.example)'],
};
const longRef = `feature/${'very-long-'.repeat(24)}name`;
const many: FormSpec = { ...form, services: choices(100, 'ü'.repeat(75)) };
const mended: Mend = {
  errors: {
    service: 'There is no such service.',
    reason: 'Say why.',
    notify: 'No such channel.',
  },
  entered: { service: 'web', environment: 'staging', ref: 'feature/x', reason: 'line 1\nline 2' },
};

function choices(count: number, label: string): readonly Choice[] {
  return Array.from({ length: count }, (_, index) => ({
    value: `service-${index}-of-a-rather-long-name`,
    label,
    hint: label,
  }));
}

function inputs({ body }: AdaptiveCard): readonly CardElement[] {
  return body.filter(({ type }) => type.startsWith('Input.'));
}

function input(card: AdaptiveCard, id: string): CardElement | undefined {
  return card.body.find((one) => one['id'] === id);
}

/** What a client sends: the action's data, and the inputs' values over it. */
function sent(card: AdaptiveCard, filled: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const untouched = Object.fromEntries(inputs(card).map((one) => [String(one['id']), one['value'] ?? '']));
  return JSON.parse(JSON.stringify({ ...(card.actions?.[0]?.['data'] as object), ...untouched, ...filled }));
}

function fieldsOf(data: unknown) {
  return readForm(data)?.fields;
}

describe('the form', () => {
  it('has a list of all services, all environments, a search and an input for the ref, and a reason', () => {
    const card = formCard(form);

    expect(inputs(card).map(({ id, type }) => [id, type])).toEqual([
      ['service', 'Input.ChoiceSet'],
      ['environment', 'Input.ChoiceSet'],
      ['ref', 'Input.ChoiceSet'],
      ['ref-typed', 'Input.Text'],
      ['reason', 'Input.Text'],
    ]);
    expect(input(card, 'service')).toMatchObject({ style: 'filtered', isRequired: true });
    expect(input(card, 'service')).not.toHaveProperty('choices.data');
    expect(input(card, 'environment')).toMatchObject({ style: 'compact', isRequired: true });
    expect(input(card, 'reason')).not.toHaveProperty('isRequired');
    expect(card.actions).toMatchObject([{ type: 'Action.Submit', title: 'Request Deployment' }]);
  });

  it('searches with what the other inputs hold, and is never required where it searches', () => {
    const ref = input(formCard(prefilled), 'ref') ?? { type: '' };
    const service = input(formCard({ ...form, services: choices(100, 'web') }), 'service') ?? { type: '' };

    expect(ref['choices.data']).toEqual({ type: 'Data.Query', dataset: 'ref:web', associatedInputs: 'auto' });
    expect(service['choices.data']).toEqual({ type: 'Data.Query', dataset: 'service', associatedInputs: 'auto' });
    expect([ref, service].filter((one) => 'isRequired' in one)).toEqual([]);
  });

  it('shows what is known already, and the warnings above all', () => {
    const card = formCard(prefilled);

    expect(inputs(card).map(({ id, value }) => [id, value])).toEqual([
      ['service', 'web'],
      ['environment', 'production'],
      ['ref', undefined],
      ['ref-typed', 'feature/x'],
      ['reason', 'Fix the basket'],
    ]);
    expect(input(card, 'reason')).toMatchObject({ isRequired: true });
    expect(card.body[0]).toMatchObject({ type: 'Container', style: 'warning' });
    expect(JSON.stringify(card.body[0])).not.toMatch(/\*wait|<at>|\]\(/);
  });

  it('says what is wrong right above the field, and keeps what was entered', () => {
    const { body } = formCard(form, mended);

    expect(body.map((one) => one['id'] ?? [one['text'], one['color']])).toEqual([
      ['No such channel.', 'attention'],
      ['There is no such service.', 'attention'],
      'service',
      'environment',
      'ref',
      'ref-typed',
      ['Say why.', 'attention'],
      'reason',
    ]);
    expect(fieldsOf(sent(formCard(form, mended)))).toEqual(mended.entered);
  });

  it('keeps a reason that is too long whole, so that it can be shortened', () => {
    const reason = 'x'.repeat(700);

    const kept = input(formCard(form, { errors: { reason: 'Too long.' }, entered: { reason } }), 'reason');

    expect(kept).toMatchObject({ value: reason, maxLength: 700 });
  });

  it.each<[string, FormSpec, Mend | undefined]>([
    ['100 services of long names', many, undefined],
    ['as many, with faults and warnings', { ...many, alerts: Array(30).fill('✱"'.repeat(600)) }, mended],
    ['100 environments', { ...many, environments: choices(100, '環境'.repeat(40)) }, mended],
    [
      'quotes everywhere',
      { ...form, services: choices(99, '"'.repeat(300)), environments: choices(99, '\\'.repeat(300)) },
      { errors: { ref: '"'.repeat(9000) }, entered: { reason: '\n'.repeat(5000), ref: '"'.repeat(500) } },
    ],
    [
      'values nobody has',
      { ...form, services: choices(300, 'x').map((one) => ({ ...one, value: `${one.value}${'v'.repeat(400)}` })) },
      undefined,
    ],
  ])('keeps within 24 KB: %s', (_what, spec, mend) => {
    const card = formCard(spec, mend);

    expect(JSON.stringify(card).length * 2).toBeLessThanOrEqual(24 * 1024);
    expect(inputs(card).map(({ id }) => id)).toEqual(expect.arrayContaining(['service', 'environment', 'reason']));
  });

  it('lets the name be written where not all services are at hand', () => {
    const card = formCard({ ...many, service: 'web' });

    expect(input(card, 'service-typed')).toMatchObject({ type: 'Input.Text', value: 'web' });
    expect(fieldsOf(sent(card))).toEqual({ service: 'web' });
    expect(fieldsOf(sent(card, { service: 'service-7' }))).toEqual({ service: 'service-7' });
    expect(fieldsOf(sent(card, { service: 'service-7', 'service-typed': 'api' }))).toEqual({ service: 'api' });
  });

  it('offers no value that it would have to cut', () => {
    const card = formCard({ ...form, environments: [{ value: 'e'.repeat(501), label: 'e' }, ...form.environments] });

    expect(input(card, 'environment')).toMatchObject({ choices: [{ value: 'staging' }, { value: 'production' }] });
  });
});

describe('reading the form', () => {
  it.each<[string, FormSpec, Record<string, unknown>, Record<string, string>]>([
    ['untouched', form, {}, {}],
    [
      'all filled in',
      form,
      { service: 'api', environment: 'staging', ref: longRef, 'ref-typed': '', reason: 'Why not' },
      { service: 'api', environment: 'staging', ref: longRef, reason: 'Why not' },
    ],
    ['a ref that was written', form, { ref: 'main', 'ref-typed': '1a2b3c4' }, { ref: '1a2b3c4' }],
    [
      'a known ref that was left alone',
      prefilled,
      { reason: '' },
      { service: 'web', environment: 'production', ref: 'feature/x' },
    ],
    [
      'another ref found than the known one',
      prefilled,
      { ref: 'main', reason: '' },
      { service: 'web', environment: 'production', ref: 'main' },
    ],
    [
      'a known ref that was taken out',
      prefilled,
      { 'ref-typed': ' ', reason: '' },
      { service: 'web', environment: 'production' },
    ],
    [
      'nothing sent for empty inputs',
      form,
      { service: 'web', environment: null, ref: null, 'ref-typed': undefined },
      { service: 'web' },
    ],
  ])('%s', (_what, spec, filled, fields) => {
    expect(fieldsOf(sent(formCard(spec), filled))).toEqual(fields);
  });

  it('hands back what the dialog was to remember', () => {
    const memory = { message: '1700000000000', thread: '1690000000000', dialog: 'd1' };

    expect(readForm(sent(formCard(form, undefined, memory)))?.memory).toEqual(memory);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['words', 'csForm'],
    ['a list', [{ csForm: {} }]],
    ['a press', { cs: { verb: 'approve', value: 't' } }],
    ['another form', { service: 'web' }],
    ['a form that is no object', { csForm: 'yes', service: 'web' }],
    ['a number', { csForm: {}, service: 7 }],
    ['several values', { csForm: {}, environment: ['staging', 'production'] }],
    ['an object', { csForm: {}, 'ref-typed': { toString: 'x' } }],
    ['a huge text', { csForm: {}, reason: 'x'.repeat(1_000_000) }],
    ['a huge former value', { csForm: { shown: { ref: 'x'.repeat(2000) } } }],
  ])('takes no notice of %s', (_what, data) => {
    expect(readForm(data)).toBeUndefined();
  });

  it('takes only its own fields, and no memory that is not as it was written', () => {
    const data = JSON.parse(
      '{"csForm":{"shown":{"__proto__":{"ref":"evil"}}},"__proto__":{"service":"evil"},"constructor":"x","admin":"yes",' +
        '"csMemory":{"message":7,"thread":"t"},"reason":"ok"}',
    );

    expect(readForm(data)).toEqual({ fields: { reason: 'ok' }, memory: {} });
    expect(readMemory({ csMemory: { message: 'm', place: 'elsewhere' } })).toEqual({ message: 'm' });
  });
});

describe('the invitation to the form', () => {
  it('tells the line to write, and opens the form with what is known', () => {
    const { card, summary } = formInvitation(prefilled);

    const data = sent(card);
    expect(JSON.stringify(card.body)).toContain('deploy web@feature/x to production');
    expect(data).toMatchObject({ msteams: { type: 'task/fetch' } });
    expect(readPress(data)).toEqual({ verb: 'form', value: 'web' });
    expect(fieldsOf(data)).toEqual({
      service: 'web',
      environment: 'production',
      ref: 'feature/x',
      reason: 'Fix the basket',
    });
    expect(summary.length).toBeLessThanOrEqual(300);
  });

  it('says what is to be filled in where nothing is known', () => {
    const { card } = formInvitation(form);

    expect(JSON.stringify(card.body)).toContain('deploy ‹service› to ‹environment›');
    expect(readPress(sent(card))).toEqual({ verb: 'form', value: '' });
  });
});

describe('the question before a verb', () => {
  const ask = { title: 'Reject D-7', label: 'What should change?', submit: 'Reject', maxLength: 500, required: true };

  it('asks, and sends verb, value and words', () => {
    const card = askCard({ verb: 'reject', value: 'token.1', ask }, { message: 'm1' });

    const data = sent(card, { answer: 'The migration is <missing>' });
    expect(inputs(card)).toMatchObject([{ isMultiline: true, maxLength: 500, isRequired: true, label: ask.label }]);
    expect(card.actions).toMatchObject([{ title: 'Reject' }]);
    expect(data).not.toHaveProperty('msteams');
    expect(readPress(data)).toEqual({ verb: 'reject', value: 'token.1', answer: 'The migration is <missing>' });
    expect(readMemory(data)).toEqual({ message: 'm1' });
    expect(readForm(data)).toBeUndefined();
  });

  it.each<[string, Partial<typeof ask>, object]>([
    ['not required', { required: false }, { maxLength: 500 }],
    ['no length', { maxLength: 0 }, { maxLength: 1 }],
    ['a broken length', { maxLength: Number.NaN }, { maxLength: 1 }],
    ['less than nothing', { maxLength: -7.5 }, { maxLength: 1 }],
    ['far too much', { maxLength: 1e12 }, { maxLength: 3000 }],
    ['no words', { label: ' ', submit: '' }, { label: 'Your words' }],
  ])('keeps its shape: %s', (_what, changed, expected) => {
    const card = askCard({ verb: 'reject', value: 't', ask: { ...ask, label: 'x'.repeat(9000), ...changed } });

    expect(inputs(card)[0]).toMatchObject(expected);
    expect(JSON.stringify(card).length).toBeLessThan(1000);
  });
});

/** What Teams knows beyond schema 1.5, and older clients pass over: it is taken out before the rest is compared. */
const BEYOND = new Set(['choices.data', 'valueChangedAction']);

function within15(card: AdaptiveCard): unknown {
  return JSON.parse(JSON.stringify(card), (key, value: unknown) =>
    BEYOND.has(key) || (key === 'style' && value === 'filtered') ? undefined : value,
  );
}

describe("Microsoft's card schema 1.5", () => {
  const schema = [
    join(import.meta.dirname, '../fixtures/adaptive-card-1.5.schema.json'),
    join(import.meta.dirname, '../../../shared/specs/adaptivecards/adaptive-card-1.5.0.json'),
  ].find((path) => existsSync(path));
  const ask = { title: 't', label: 'l', submit: 's', maxLength: 9, required: true };

  it.skipIf(schema === undefined).each<[string, AdaptiveCard]>([
    ['the empty form', formCard(form)],
    ['the prefilled form', formCard(prefilled)],
    ['the mended form', formCard(form, mended)],
    ['the form of many services', formCard(many)],
    ['the form of nothing', formCard({ ...form, services: [], environments: [] })],
    ['the invitation', formInvitation(prefilled).card],
    ['the question', askCard({ verb: 'reject', value: 't', ask })],
  ])('takes %s (skipped where the schema is not there)', (_what, card) => {
    const { id: _id, $schema: _draft, ...rest } = JSON.parse(readFileSync(schema ?? '', 'utf8'));
    const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
    const validate = ajv.compile(rest);

    const fits = validate(within15(card));

    expect(ajv.errorsText(validate.errors)).toBe('No errors');
    expect(fits).toBe(true);
    expect(validate({ ...(within15(card) as object), body: [{ type: 'Input.Text' }] })).toBe(false);
  });
});
