import { describe, expect, it } from 'vitest';
import { changed, GOOD, loadWhole } from './parts.ts';

const FULL = `${changed(
  '    customerFacing: true\n',
  `    customerFacing: true
    after: [{ environment: staging, bake: 30m }]
    regions: [eu]
    review: 3d
    approval:
      further: [{ when: { migrations: true }, rules: [{ group: platform, count: 2 }] }]
      escalations: [{ after: 20m, to: duty }]
      breakGlass: [anna]
    access: { deploy: [platform] }
`,
)
  .replace('groups:\n', 'groups:\n  duty: { rotation: [anna, ben], from: 2026-01-05T09:00Z, turn: 1w }\n')
  .replace('    title: Web shop\n', "    title: Web shop\n    team: Shop\n    flags: { migration: ['db/**'] }\n")}
timeZone: Europe/Zurich
calendar:
  freezes: [{ title: Christmas, from: 2026-12-20, until: 2027-01-04, rule: FREQ=YEARLY }]
announce: [{ place: 'console:#a', audience: digest }]
audit: { checkpoints: { key: env:KEY } }
`;

describe('the version of a catalog', () => {
  const version = loadWhole(FULL).catalog.version;

  it.each([
    ['a further rule', 'count: 2', 'count: 1'],
    ['the condition of a further rule', 'migrations: true', 'first: true'],
    ['what counts as a migration where a rule asks for it', "['db/**']", "['sql/**']"],
    ['an escalation', 'after: 20m', 'after: 21m'],
    ['who may break the glass', 'breakGlass: [anna]', 'breakGlass: [ben]'],
    ['owners of code', 'breakGlass: [anna]', 'breakGlass: [anna]\n      codeOwners: true'],
    ['a right', 'deploy: [platform]', "deploy: '*'"],
    ['a bake', 'bake: 30m', 'bake: 31m'],
    ['a region', 'regions: [eu]', 'regions: [us]'],
    ['the time of a review', 'review: 3d', 'review: 4d'],
    ['a turn', 'turn: 1w', 'turn: 2w'],
    ['the end of a freeze', '2027-01-04', '2027-01-05'],
    ['how a freeze comes again', 'FREQ=YEARLY', 'FREQ=MONTHLY'],
    ['the clocks that a freeze goes by', 'Europe/Zurich', 'Asia/Tokyo'],
  ])('changes with %s', (_what, from, to) => {
    expect(loadWhole(changed(from, to, FULL)).catalog.version).not.toBe(version);
  });

  it.each([
    ['the title of a freeze', 'title: Christmas', 'title: Holidays'],
    ['a team', 'team: Shop', 'team: Till'],
    ['who hears of it', 'audience: digest', 'audience: line'],
    ['checkpoints', 'key: env:KEY', 'key: env:OTHER'],
  ])('stays with %s', (_what, from, to) => {
    expect(loadWhole(changed(from, to, FULL)).catalog.version).toBe(version);
  });

  it('stays with what counts as a migration where no rule asks for it', () => {
    const text = changed('    title: Web shop\n', "    title: Web shop\n    flags: { migration: ['db/**'] }\n");

    expect(loadWhole(text).catalog.version).toBe(loadWhole(GOOD).catalog.version);
  });

  it('is still what it was for a file of the versions before', () => {
    expect(loadWhole(GOOD).catalog.version).toBe('5173f7aa9492869d78a2dee10878caec86fc259b984a5f3223476e3e92fccd45');
  });
});
