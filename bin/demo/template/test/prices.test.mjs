import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords } from '../src/prices.mjs';

test('prices are shown in euros and cents', () => {
  assert.equal(inWords(64900), '€ 649.00');
  assert.equal(inWords(5), '€ 0.05');
});
