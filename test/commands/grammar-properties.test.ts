import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { parse } from '../../commands/shared/parse.ts';
import { print } from '../../commands/shared/print.ts';
import type { Args, CommandSpec, Slot } from '../../commands/shared/spec.ts';
import { isSpoken } from '../../commands/shared/spoken.ts';
import { tidy } from '../../commands/shared/words.ts';
import { AUDIENCES } from '../../src/domain/catalog.ts';
import { catalog } from './world.ts';

const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map(tidy)
  .filter((text) => text !== '');
const awkward = fc
  .array(
    fc.constantFrom(
      '"',
      "'",
      '“',
      '”',
      '’',
      '\\',
      '--',
      '—',
      ' ',
      'reason',
      'to',
      '@',
      '=',
      'D-1',
      '42',
      'web',
      '\u00A0',
      '🚀',
    ),
    {
      minLength: 1,
      maxLength: 25,
    },
  )
  .map((parts) => tidy(parts.join('')))
  .filter((text) => text !== '');
const reason = fc.oneof(words, awkward);
const ref = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/@=-]{0,30}$/);
const inputName = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/);
const id = fc.integer({ min: 1, max: 999_999_999 }).map((number) => `D-${number}`);

function argumentFor(slot: Slot): fc.Arbitrary<Args> {
  switch (slot.kind) {
    case 'service':
    case 'service-ref': {
      const ids = [...Object.keys(catalog.services), ...(slot.every === true ? ['*'] : [])];
      const service = fc.constantFrom(...ids);
      if (slot.kind === 'service') return service.map((value) => ({ service: value }));
      return fc
        .tuple(service, fc.option(ref, { nil: undefined }))
        .map(([value, at]) => ({ service: value, ...(at === undefined ? {} : { ref: at }) }));
    }
    case 'service-refs': {
      const one = fc.record(
        { service: fc.constantFrom(...Object.keys(catalog.services)), ref },
        { requiredKeys: ['service'], noNullPrototype: true },
      );
      return fc.array(one, { minLength: 1, maxLength: 4 }).map((services) => ({ services }));
    }
    case 'environment':
      return fc.constantFrom('staging', ...(slot.every === true ? ['*'] : [])).map((environment) => ({ environment }));
    case 'scope':
      return fc.constantFrom('*', 'environment/staging', 'service/web').map((scope) => ({ scope }));
    case 'deployment':
      return fc
        .oneof(
          id,
          id.map((typed) => typed.replace('D', 'T')),
        )
        .map((deployment) => ({ deployment }));
    case 'words':
      return reason.map((text) => ({ [slot.field]: text }));
    case 'word':
      return reason.map((text) => ({ [slot.field]: text }));
    case 'count':
      return fc.integer({ min: 1, max: slot.max ?? 1 }).map((count) => ({ count }));
    case 'mode':
      return fc.constantFrom(...AUDIENCES).map((mode) => ({ mode }));
    case 'to':
      return fc
        .oneof(
          id,
          ref.filter((text) => !/^#?d?-?\d+$/i.test(text)),
        )
        .map((to) => ({ to }));
  }
}

/** A command of this spec with any arguments that it can have. */
function commandOf(spec: CommandSpec): fc.Arbitrary<{ spec: CommandSpec; args: Args }> {
  const flags = spec.flags.map(({ field }) =>
    fc.option(
      isSpoken(field)
        ? reason.map((text): Args => ({ [field]: text }))
        : field === 'forMs'
          ? fc.integer({ min: 1, max: 40_000 }).map((minutes): Args => ({ forMs: minutes * 60_000 }))
          : field === 'inputs'
            ? fc
                .dictionary(inputName, reason, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
                .map((inputs): Args => ({ inputs }))
            : fc.constant<Args>({ [field]: true }),
      { nil: {} },
    ),
  );
  const forms = spec.forms.map((form) =>
    fc
      .tuple(
        ...form.map((slot) => (slot.needed ? argumentFor(slot) : fc.option(argumentFor(slot), { nil: {} }))),
        ...flags,
      )
      .map((parts): Args => Object.assign({}, ...parts)),
  );
  return fc.oneof(...forms).map((args) => ({ spec, args }));
}

describe('the grammar', () => {
  it.each(commands.map((spec) => [spec.name, spec] as const))('reads back what it prints: %s', (_name, spec) => {
    fc.assert(
      fc.property(commandOf(spec), ({ args }) => {
        const line = print(spec, args);

        expect(parse(line, { commands, catalog }), line).toEqual({ kind: 'command', spec, args });
      }),
      { numRuns: 300 },
    );
  });

  it('gives an answer to any text, and no refusal without code, sentence and next step', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc
        .array(
          fc.constantFrom(
            'web',
            'production',
            'status',
            '--reason',
            '—yes',
            '"',
            "'",
            '@',
            'to',
            'D-1',
            '*',
            'mode:',
            '\\',
            '=',
            'lock',
            '--input',
            'a="',
          ),
          { maxLength: 12 },
        )
        .map((parts) => parts.join(' ')),
    );

    fc.assert(
      fc.property(anything, (text) => {
        const parsed = parse(text, { commands, catalog });

        if (parsed.kind !== 'refused') return;
        expect(parsed.refusals.length).toBeGreaterThan(0);
        for (const { code, sentence, next } of parsed.refusals) {
          expect(code).not.toBe('');
          expect(sentence).toMatch(/\S.*[.?!]$/su);
          expect(next).toMatch(/\S.*[.?!]$/su);
        }
        expect(parsed.suggestions.length).toBeLessThanOrEqual(3);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same whatever the letters’ case of verbs, services and environments', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('web production', 'status shop staging', 'lock web prod why', 'rollback site stage'),
        fc.array(fc.boolean(), { maxLength: 30 }),
        (line, upper) => {
          const end = line.startsWith('lock') ? line.lastIndexOf(' ') : line.length;
          const mixed = [...line]
            .map((letter, at) => (upper[at] === true && at < end ? letter.toUpperCase() : letter))
            .join('');

          expect(parse(mixed, { commands, catalog })).toEqual(parse(line, { commands, catalog }));
        },
      ),
    );
  });
});
