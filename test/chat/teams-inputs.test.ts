import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formCard, readForm } from '../../adapters/chat/teams/form.ts';
import type { CardElement } from '../../adapters/chat/teams/wire.ts';
import type { FormSpec } from '../../src/ports/chat.ts';
import { takingCatalog } from '../commands/taking.ts';
import { type World, world } from '../commands/world.ts';
import { type Hosted, hostTeams } from '../fakes/teams/hosted.ts';
import { inputsOf } from '../fakes/teams/views.ts';
import { until } from '../support/until.ts';

/** The real commands behind a real adapter. */
let commands: World;
let hosted: Hosted;
beforeEach(async () => {
  commands = world({}, takingCatalog());
  hosted = await hostTeams(commands.inbox);
});
afterEach(async () => {
  expect(hosted.fake.world.violations).toEqual([]);
  await hosted.close();
});

async function opened(): Promise<void> {
  await hosted.fake.say('anna', 'deploys', '');
  const invitation = await until('the invitation', () => hosted.fake.privately('anna')[0]);
  await hosted.fake.press('anna', invitation, 'Open Form');
}

function inputs(): readonly Readonly<Record<string, unknown>>[] {
  const card = hosted.fake.dialogs('anna')[0]?.card ?? {};
  return inputsOf(card).filter(({ id }) => String(id).startsWith('input-'));
}

const WISH = { service: 'web', environment: 'production', reason: 'Sale' };

describe('inputs in the dialog of Teams', () => {
  it('are shown before anything is asked for, and handed over then', async () => {
    await opened();
    await hosted.fake.fill('anna', WISH);
    const shown = inputs();
    const asked = commands.calls.length;
    await hosted.fake.fill('anna', { 'input-region': 'us', 'input-dry-run': 'true', 'input-ticket': 'OPS-7' });

    expect(asked).toBe(0);
    expect(shown).toMatchObject([
      { type: 'Input.ChoiceSet', id: 'input-region', label: 'Region', isRequired: true, choices: { length: 3 } },
      { type: 'Input.Toggle', id: 'input-dry-run', title: 'dry-run', value: 'false' },
      {
        type: 'Input.Text',
        id: 'input-ticket',
        regex: '^(?:[A-Z]+-\\d+)$',
        placeholder: expect.stringContaining('OPS-7'),
      },
    ]);
    expect(commands.calls.at(-1)?.args).toEqual([
      { ...WISH, inputs: { region: 'us', 'dry-run': 'true', ticket: 'OPS-7' } },
    ]);
    expect(hosted.fake.dialogs('anna')).toEqual([]);
  });

  it('are shown anew where another target was chosen, and keep what was filled in', async () => {
    await opened();
    await hosted.fake.fill('anna', { ...WISH, environment: 'staging' });
    const first = inputs().map(({ id }) => id);
    await hosted.fake.fill('anna', { environment: 'production', 'input-ticket': 'OPS-7' });

    expect(first).toEqual(['input-ticket']);
    expect(inputs().map(({ id, value }) => [id, value])).toEqual([
      ['input-region', undefined],
      ['input-dry-run', 'false'],
      ['input-ticket', 'OPS-7'],
    ]);
    expect(commands.calls).toEqual([]);
  });

  it('say above their fields what does not fit, and stay', async () => {
    await opened();
    await hosted.fake.fill('anna', WISH);
    await hosted.fake.fill('anna', { 'input-region': 'us', 'input-ticket': 'seven' });
    const card = JSON.stringify(hosted.fake.dialogs('anna')[0]?.card);

    expect(card).toMatch(/seven.* is no value for .*"id":"input-ticket"/);
    expect(inputs().map(({ value }) => value)).toEqual(['us', 'false', 'seven']);
    expect(commands.calls).toEqual([]);
  });
});

describe('a form with more choices than a card has room for', () => {
  const options = Array.from({ length: 100 }, (_, index) => `choice number ${index} of a hundred`);
  const many: FormSpec = {
    service: 'web',
    environment: 'production',
    services: [{ value: 'web', label: 'web' }],
    environments: [{ value: 'production', label: 'production' }],
    reasonRequired: false,
    alerts: [],
    inputs: Array.from({ length: 20 }, (_, index) => ({
      name: `choice-${index}`,
      title: `Choice ${index}`,
      type: 'enum' as const,
      options,
      value: options[3] ?? '',
      required: true,
      hasDefault: false,
    })),
  };

  it('has them written out, and keeps within 24 KB', () => {
    const card = formCard(many);
    const written = card.body.filter((one: CardElement) => String(one['id']).startsWith('input-'));

    expect(JSON.stringify(card).length * 2).toBeLessThanOrEqual(24 * 1024);
    expect(written.map(({ type, value }) => [type, value])).toEqual(Array(20).fill(['Input.Text', options[3]]));
  });

  it('is read back with what is of use only, and says for which target it asked', () => {
    const data = { csForm: { asked: 'web/production' }, service: 'web', 'input-a': 'x', 'input-b': ' ', 'input-c': 7 };

    expect(readForm(data)).toMatchObject({ fields: { service: 'web', 'input-a': 'x' }, asked: 'web/production' });
    expect(readForm(data)?.fields).not.toHaveProperty('input-b');
  });
});
