import { describe, expect, it } from 'vitest';
import { faultText } from '../../src/config/load.ts';
import { changed, faultsOf, GOOD, loadWhole } from './parts.ts';

const freeze = (rule: string, more = '') =>
  `${GOOD}calendar: { freezes: [{ title: Stop, from: 2026-11-20T18:00, for: 4h, rule: "${rule}"${more} }] }\n`;

describe('a rule of recurrence', () => {
  it.each([
    ['FREQ=OFTEN', 'rule-unreadable'],
    ['FREQ=SECONDLY', 'rule-unreadable'],
    ['FREQ=WEEKLY;BYDAY=XX', 'rule-unreadable'],
    ['FREQ=WEEKLY;BYDAY=FR,', 'rule-unreadable'],
    ['FREQ=DAILY;BYMONTH=13', 'rule-unreadable'],
    ['FREQ=DAILY;BYHOUR=25', 'rule-unreadable'],
    ['FREQ=MONTHLY;BYMONTHDAY=-32', 'rule-unreadable'],
    ['FREQ=WEEKLY;INTERVAL=x', 'rule-unreadable'],
    ['FREQ=WEEKLY;INTERVAL=0', 'rule-unreadable'],
    ['FREQ=DAILY;COUNT=0', 'rule-unreadable'],
    ['FREQ=DAILY;EVERY=3', 'rule-unreadable'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20300101', 'rule-unreadable'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'rule-unreadable'],
    ['FREQ=WEEKLY;UNTIL=tomorrow', 'rule-unreadable'],
    ['FREQ=WEEKLY;UNTIL=20271399', 'rule-unreadable'],
    ['FREQ=WEEKLY;UNTIL=20200101', 'rule-over-before'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'rule-never'],
    ['FREQ=MONTHLY;BYDAY=6MO', 'rule-never'],
  ])('%s is refused as %s, at its own line, with what to do', (rule, code) => {
    const faults = faultsOf(freeze(rule));

    expect(faults).toMatchObject([{ path: 'calendar.freezes[0].rule', line: 28, code }]);
    for (const fault of faults) expect(faultText('file', fault)).toMatch(/: [^.]+\. .+\. \[rule-[a-z-]+\]$/);
  });

  it.each([
    'FREQ=WEEKLY;BYDAY=FR',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=MONTHLY;BYDAY=-1FR',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24',
    'FREQ=DAILY;UNTIL=20301231',
    'FREQ=DAILY;UNTIL=20301231T120000Z',
    'FREQ=DAILY;COUNT=3',
    'FREQ=HOURLY;INTERVAL=6',
  ])('%s is good', (rule) => {
    expect(faultsOf(freeze(rule, ', timeZone: Europe/Zurich'))).toEqual([]);
  });

  it('is looked at among the hours, too', () => {
    const text = `${GOOD}calendar: { hours: [{ title: Day, from: 2026-01-05T08:00, for: 10h, rule: FREQ=DAILY;BYMONTH=0 }] }\n`;
    expect(faultsOf(text)).toMatchObject([{ path: 'calendar.hours[0].rule', code: 'rule-unreadable' }]);
  });
});

describe('a service that takes away every rule', () => {
  const everywhere = changed(
    '    environments: [staging, production]\n',
    '    environments: [staging, production]\n    approval: { rules: [] }\n',
  );

  it('is refused where customers are concerned and a wider place asks', () => {
    const faults = faultsOf(everywhere);

    expect(faults).toMatchObject([{ path: 'services.web.approval.rules', code: 'rules-taken-away' }]);
    expect(faults[0]?.message).toContain('also in "production", which customers use');
    expect(faults[0]?.remedy).toContain('services.web.environments');
  });

  it('is nobody’s business where customers are not concerned, or nobody asked before', () => {
    expect(faultsOf(changed('    customerFacing: true\n', '', everywhere))).toEqual([]);
    expect(faultsOf(changed('  rules: [{ group: platform }]', '  rules: []', everywhere))).toEqual([]);
  });

  it('may say so of the target itself, with a warning', () => {
    const text = changed(
      '    environments: [staging, production]\n',
      '    environments:\n      staging: {}\n      production: { approval: { rules: [] } }\n',
    );

    expect(loadWhole(text).warnings).toMatchObject([{ path: 'services.web.environments' }]);
  });

  it('may do so where the target asks again', () => {
    const own = 'production: { approval: { rules: [{ group: platform }] } }';
    const text = changed(
      'environments: [staging, production]\n',
      `environments:\n      staging: {}\n      ${own}\n`,
      everywhere,
    );

    expect(faultsOf(text)).toEqual([]);
  });
});
