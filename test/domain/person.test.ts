import { describe, expect, it } from 'vitest';
import { systemWords } from '../../src/domain/links.ts';
import { accountKey } from '../../src/domain/person.ts';

const UUID = '0a1B2c3D-aaaa-4BBB-8ccc-1234567890AB';

describe('an account', () => {
  it.each([
    ['email', 'Anna@Example.com', 'anna@example.com', true],
    ['github', 'Anna', 'anna', true],
    ['gitlab', 'Anna', 'anna', true],
    ['teams', UUID, UUID.toLowerCase(), true],
    ['another', UUID, UUID.toUpperCase(), true],
    ['slack', 'U1A', 'u1a', false],
    ['teams', '29:1AbC', '29:1abc', false],
    ['console', 'Anna', 'anna', false],
  ])('of %s: %s and %s are the same: %s', (system, one, other, same) => {
    expect(accountKey({ system, id: one }) === accountKey({ system, id: other })).toBe(same);
  });

  it.each([
    ['slack', 'Slack'],
    ['teams', 'Teams'],
    ['github', 'GitHub'],
    ['email', 'e-mail'],
    ['another', 'Another'],
  ])('of %s is called one of %s', (system, words) => {
    expect(systemWords(system)).toBe(words);
  });
});
