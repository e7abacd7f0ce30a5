import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/domain/refusal.ts';
import { plain } from '../../src/domain/text.ts';
import type { FormSpec, Reply } from '../../src/ports/chat.ts';
import { LONG_OPTION, takingCatalog } from './taking.ts';
import { codesOf, findings, runLines, told, type World, wordsIn, world } from './world.ts';

const here = (): World => world({}, takingCatalog());
const missing = refusal('missing-input', '"region" must be handed in here.', 'Add `--input region=eu|us`.');
const noReason = refusal('missing-reason', 'It needs a reason.', 'Say why.');

function formIn(reply: Reply): FormSpec {
  if (reply.kind !== 'form') throw new Error(`no form: ${JSON.stringify(reply)}`);
  return reply.form;
}

describe('the form', () => {
  it('asks for what the service takes once service and environment are chosen', async () => {
    const { inbox } = here();

    expect(await inbox.form({ service: 'web' })).not.toHaveProperty('inputs');
    expect((await inbox.form({ service: 'web', environment: 'staging' })).inputs).toHaveLength(1);
    expect((await inbox.form({ service: 'web', environment: 'production' })).inputs).toEqual([
      {
        name: 'region',
        title: 'Region',
        type: 'enum',
        options: ['eu', 'us', LONG_OPTION],
        required: true,
        hasDefault: false,
      },
      {
        name: 'dry-run',
        title: 'dry-run',
        type: 'boolean',
        options: [],
        value: 'false',
        required: false,
        hasDefault: true,
      },
      {
        name: 'ticket',
        title: 'ticket',
        type: 'text',
        options: [],
        required: false,
        hasDefault: false,
        pattern: '[A-Z]+-\\d+',
        hint: 'Of the form [A-Z]+-\\d+, e.g. OPS-7',
      },
    ]);
  });

  it('keeps what was filled in where it can be shown, and no other service’s choice', async () => {
    const { inbox } = here();
    const filled = { 'input-region': 'us', 'input-dry-run': 'true', 'input-ticket': 'no ticket' };
    const values = async (where: Record<string, string>) =>
      Object.fromEntries(
        ((await inbox.form({ ...where, ...filled })).inputs ?? []).map(({ name, value }) => [name, value]),
      );

    expect(await values({ service: 'web', environment: 'production' })).toEqual({
      region: 'us',
      'dry-run': 'true',
      ticket: 'no ticket',
    });
    expect(await values({ service: 'shop', environment: 'staging' })).toEqual({ region: undefined });
  });

  it('becomes the request with what was filled in', async () => {
    const { say, calls } = here();
    const fields = { service: 'web', environment: 'production', reason: 'Sale' };
    await say({ kind: 'form', fields: { ...fields, 'input-region': 'us', 'input-ticket': ' ' } });

    expect(calls.at(-1)?.args).toEqual([{ ...fields, inputs: { region: 'us' } }]);
  });

  it('says at each field what is wrong with it, and asks for nothing', async () => {
    const { say, calls } = here();
    const fields = { service: 'web', environment: 'production', 'input-ticket': 'seven', 'input-colour': 'red' };

    expect(await say({ kind: 'form', fields })).toEqual({
      kind: 'mend',
      errors: {
        'input-region': 'Choose one.',
        'input-ticket':
          '"seven" is no value for "ticket". At most 200 characters on one line, of the form [A-Z]+-\\d+.',
        'input-colour': 'Nothing called "colour" can be handed in here. It takes: region, dry-run, ticket.',
      },
    });
    expect(calls).toEqual([]);
  });
});

describe('a typed request', () => {
  it('without what must be handed in opens the form with the rest filled in', async () => {
    const { say, script } = here();
    script.answer = { kind: 'refused', refusals: [missing, noReason] };
    const form = formIn(await say('web@v2 production --input ticket=OPS-7'));

    expect(form).toMatchObject({ service: 'web', environment: 'production', ref: 'v2' });
    expect(form.inputs?.find(({ name }) => name === 'ticket')?.value).toBe('OPS-7');
    expect(form.alerts.slice(0, 2)).toEqual(['"region" must be handed in here.', 'It needs a reason. Say why.']);
  });

  it('without an environment is refused with what it could be, since no form holds what was handed in', async () => {
    const reply = await here().say('web --input region=eu');

    expect(codesOf(reply)).toEqual(['missing-environment']);
    expect(runLines(told(reply).buttons)).toEqual([
      'web --input region=eu staging',
      'web --input region=eu production',
    ]);
  });

  it.each([
    'web production --at "tomorrow 9:00"',
    'web production --override "the calendar is wrong"',
    'hotfix web production it burns --incident https://incidents.example.com/7',
  ])('is refused in words where the form would lose what was said: %s', async (line) => {
    const { say, script } = here();
    script.answer = { kind: 'refused', refusals: [missing] };

    expect(codesOf(await say(line))).toEqual(['missing-input']);
  });

  it('is refused in words where something else is the matter as well', async () => {
    const { say, script } = here();
    const locked = refusal('target-locked', 'It is locked.', 'Wait.');
    script.answer = { kind: 'refused', refusals: [missing, locked] };

    expect(codesOf(await say('web production'))).toEqual(['missing-input', 'target-locked']);
  });
});

describe('what a service takes', () => {
  it('stands in services and envs', async () => {
    const { say } = here();

    expect(wordsIn(told(await say('services')))).toContain(' · takes ticket, region, dry-run');
    expect(plainSections(await say('envs web'))).toEqual([
      expect.stringMatching(/staging.* · takes ticket=OPS-7$/),
      expect.stringMatching(
        /production.* · takes region=eu\|us.* \(required\), dry-run=true\|false \(else false\), ticket=OPS-7$/,
      ),
    ]);
  });

  it('stands in a preview with what would be handed in, and its button hands it in', async () => {
    const { say, script } = here();
    script.preview = { ...findings, kind: 'seen', refusals: [] };
    const card = told(await say('web production --input region=us --input ticket=OPS-7 --dry-run'));

    expect(card.facts.map(({ label, value }) => `${label}: ${plain(value)}`)).toEqual(
      expect.arrayContaining([
        'Region: us',
        'dry-run: no',
        'ticket: OPS-7',
        expect.stringMatching(/^Takes: region=eu\|us/),
      ]),
    );
    expect(runLines(card.buttons)).toEqual(['run web production --input region=us --input ticket=OPS-7']);
  });

  it('does not keep a preview of what is scheduled from being shown, and asked for', async () => {
    const { say, script, calls } = here();
    script.preview = { ...findings, kind: 'seen', refusals: [] };
    const card = told(await say('web staging --at "tomorrow 9:00" --dry-run'));

    const [line = ''] = runLines(card.buttons);
    await say(line);

    expect(plain(card.title)).toContain('Preview');
    expect(calls.at(-1)?.args).toMatchObject([{ environment: 'staging', scheduledFor: '2026-11-21T09:00:00.000Z' }]);
  });
});

function plainSections(reply: Reply): readonly string[] {
  return told(reply).sections.flatMap(({ items }) => items.map(plain));
}
