import { afterEach, describe, expect, it } from 'vitest';
import { LONG_OPTION, takingCatalog } from '../commands/taking.ts';
import { world } from '../commands/world.ts';
import { type Hosted, hostSlack } from '../fakes/slack/hosted.ts';
import { records } from '../fakes/slack/world.ts';
import { until } from '../support/until.ts';

let hosted: Hosted | undefined;
afterEach(async () => {
  await hosted?.close();
  hosted = undefined;
});

/** The real commands behind a real adapter; the form is open before Anna. */
async function opened(line = '') {
  const { inbox, calls } = world({}, takingCatalog());
  hosted = await hostSlack(inbox, { mode: 'socket' });
  const { fake } = hosted;
  await fake.command('U1', 'C1', line);
  const dialog = await until('the form', () => fake.dialogs('U1')[0]);
  const fields = () =>
    records(dialog.view['blocks']).map((block) => String(block['block_id']).replace(/-[0-9a-f]{8}$/, ''));
  const choose = async (field: string, value: string) => {
    const before = fake.calls('views.update').length;
    await fake.choose(dialog.id, field, value);
    await until('the form anew', () => fake.calls('views.update').length > before);
  };
  return { fake, dialog, calls, fields, choose };
}

const INPUTS = ['cs-input-region', 'cs-input-dry-run', 'cs-input-ticket'];

describe('inputs in the modal of Slack', () => {
  it('are shown for service and environment, and keep what was filled in when these change', async () => {
    const { fields, choose, fake, dialog, calls } = await opened();
    await choose('service', 'web');
    expect(fields().filter((one) => one.startsWith('cs-input'))).toEqual([]);

    await choose('environment', 'staging');
    expect(fields()).toEqual(expect.arrayContaining(['cs-input-ticket']));
    await fake.choose(dialog.id, 'input-ticket', 'OPS-7');
    await choose('environment', 'production');
    expect(fields()).toEqual(expect.arrayContaining(INPUTS));
    await fake.submit(dialog.id, { 'input-region': 'us', 'input-dry-run': 'true', reason: 'Sale' });

    const inputs = { region: 'us', 'dry-run': 'true', ticket: 'OPS-7' };
    expect((await until('the request', () => calls.at(-1)))?.args).toEqual([
      { service: 'web', environment: 'production', reason: 'Sale', inputs },
    ]);
    expect(dialog.open).toBe(false);
  });

  it('are a select, two buttons and a line, each with what holds at first', async () => {
    const { choose, dialog } = await opened('web');
    await choose('environment', 'production');
    const blocks = records(dialog.view['blocks']).filter((one) => String(one['block_id']).startsWith('cs-input-'));

    expect(blocks).toMatchObject([
      { optional: false, label: { text: 'Region' }, element: { type: 'static_select', options: { length: 3 } } },
      {
        optional: true,
        element: {
          type: 'radio_buttons',
          options: [{ value: 'true' }, { value: 'false' }],
          initial_option: { value: 'false' },
        },
      },
      { optional: true, hint: { text: 'Of the form [A-Z]+-\\d+, e.g. OPS-7' }, element: { type: 'plain_text_input' } },
    ]);
  });

  it('say at their fields what does not fit, and stay open', async () => {
    const { choose, fake, dialog, calls } = await opened();
    await choose('service', 'web');
    await choose('environment', 'production');
    await fake.submit(dialog.id, { 'input-region': 'eu', 'input-ticket': 'seven', reason: 'Sale' });

    const shown = Object.entries(dialog.errors).map(([block, fault]) => [block.replace(/-[0-9a-f]{8}$/, ''), fault]);
    expect(shown).toEqual([['cs-input-ticket', expect.stringContaining('of the form [A-Z]+-\\d+')]]);
    expect([dialog.open, calls]).toEqual([true, []]);
  });

  it('hand over an option that is longer than Slack allows', async () => {
    const { choose, fake, dialog, calls } = await opened();
    await choose('service', 'web');
    await choose('environment', 'production');
    const region = records(dialog.view['blocks']).find((block) =>
      String(block['block_id']).startsWith('cs-input-region'),
    );
    const options = records((region?.['element'] as { options?: unknown })?.options);
    await fake.submit(dialog.id, { 'input-region': String(options[2]?.['value']), reason: 'Sale' });

    expect((await until('the request', () => calls.at(-1)))?.args).toMatchObject([
      { inputs: { region: LONG_OPTION, 'dry-run': 'false' } },
    ]);
  });
});
