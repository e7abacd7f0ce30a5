import { expect, it } from 'vitest';
import type { Catalog } from '../../src/domain/catalog.ts';
import type { RollupQuery } from '../../src/domain/rollup.ts';
import { plain } from '../../src/domain/text.ts';
import { catalog, codesOf, service, told, wordsIn, world } from './world.ts';

const known: Catalog = {
  ...catalog,
  services: {
    web: { ...service('web', ['site'], ['staging', 'production']), team: 'Shop' },
    shop: { ...service('shop', [], ['staging', 'production']), team: 'Shop' },
    status: service('status', [], ['staging']),
  },
};

function asking(use = known) {
  const made = world({}, use);
  const queries: RollupQuery[] = [];
  made.shelf.rollups = async (query) => {
    queries.push(query);
    return [];
  };
  return { ...made, queries };
}

it.each([
  ['dora', {}, 'every service, last 30 days', 'days=30'],
  ['dora web', { services: ['web'] }, 'web, last 30 days', 'days=30&service=web'],
  ['dora --team shop', { services: ['web', 'shop'] }, 'the team Shop, last 30 days', 'days=30&team=Shop'],
  [
    'dora prod 7 --team Shop',
    { services: ['web', 'shop'], environment: 'production' },
    'the team Shop in production, last 7 days',
    'days=7&team=Shop&environment=production',
  ],
  ['dora site --team=shop', { services: ['web'] }, 'web, last 30 days', 'days=30&service=web&team=Shop'],
] as const)('%s asks for %j', async (line, filter, title, page) => {
  const { say, queries } = asking();

  const said = told(await say(line));

  const [asked] = queries;
  const { from: _from, until: _until, ...wanted } = asked ?? { from: '', until: '' };
  expect(wanted).toEqual(filter);
  expect(plain(said.title)).toBe(`Delivery of ${title}`);
  expect(said.links.map(({ url }) => url)).toEqual([`https://deploy.example.com/dora?${page}`]);
});

it.each([
  ['dora --team nobody', known, 'No service names the team \\"nobody\\".', 'Known: Shop.'],
  ['dora --team nobody', catalog, 'No service names the team \\"nobody\\".', 'An operator can name it'],
  ['dora status --team shop', known, 'status is not built by Shop.', 'Its services: web, shop.'],
  ['dora --team', known, '--team has no words behind it.', '--team shop'],
])('%s asks for nothing and says why', async (line, use, sentence, next) => {
  const { say, queries } = asking(use);

  const reply = await say(line);

  expect(codesOf(reply)).toEqual(['bad-arguments']);
  expect(wordsIn(told(reply))).toContain(sentence);
  expect(wordsIn(told(reply))).toContain(next);
  expect(queries).toEqual([]);
});
