import assert from 'node:assert/strict';
import { test } from 'node:test';
import { products } from '../src/products.mjs';
import { start } from '../src/server.mjs';

const build = { version: '0.0.0', sha: 'f'.repeat(40) };

test('the page shows every product', async () => {
  const shop = await start({ port: 0, environment: 'test', build });
  const text = await (await fetch(`http://127.0.0.1:${shop.port}/`)).text();
  shop.close();
  for (const { name } of products) assert.ok(text.includes(name), `${name} is missing`);
});

test('the shop serves three hundred visitors', async () => {
  const shop = await start({ port: 0, environment: 'test', build });
  const visits = Array.from({ length: 300 }, () => fetch(`http://127.0.0.1:${shop.port}/products`));
  const statuses = await Promise.all(visits.map(async (visit) => (await visit).status));
  shop.close();
  assert.deepEqual(new Set(statuses), new Set([200]));
});
