import { ANNA, BEN, DANA, type DemoPerson } from './people.ts';

/** One change of a file: a new file, or a piece of text that is replaced (and must be there). */
export type Edit =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly from: string; readonly to: string };

/** What happens next in the repository of the demo. */
export type Moment =
  | { readonly kind: 'commit'; readonly by: DemoPerson; readonly message: string; readonly edits: readonly Edit[] }
  | { readonly kind: 'branch'; readonly name: string; readonly from: string }
  | { readonly kind: 'switch'; readonly name: string }
  | { readonly kind: 'merge'; readonly by: DemoPerson; readonly branch: string; readonly message: string }
  | { readonly kind: 'tag'; readonly by: DemoPerson; readonly name: string };

/** The first commit's edits are the files of `template/`. */
export const HISTORY: readonly Moment[] = [
  { kind: 'commit', by: ANNA, message: 'Open the shop with four products', edits: [] },
  {
    kind: 'commit',
    by: BEN,
    message: 'Round prices to whole cents',
    edits: [
      {
        path: 'src/prices.mjs',
        from: '/** A price in words',
        to: '/** Half a cent and more is a whole one. */\nexport function rounded(cents) {\n  return Math.round(cents);\n}\n\n/** A price in words',
      },
      { path: 'test/prices.test.mjs', from: 'import { inWords }', to: 'import { inWords, rounded }' },
      {
        path: 'test/prices.test.mjs',
        from: "test('prices are shown",
        to: "test('prices are rounded to whole cents', () => {\n  assert.equal(rounded(99.5), 100);\n  assert.equal(rounded(99.4), 99);\n});\n\ntest('prices are shown",
      },
    ],
  },
  {
    kind: 'commit',
    by: ANNA,
    message: 'Name the commit at the foot of the page',
    edits: [
      {
        path: 'src/page.mjs',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: text of a file
        from: 'version ${safe(build.version)}</footer>',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: text of a file
        to: 'version ${safe(build.version)}, commit <code>${safe(build.sha.slice(0, 7))}</code></footer>',
      },
    ],
  },
  { kind: 'tag', by: ANNA, name: 'v1.0.0' },
  {
    kind: 'commit',
    by: BEN,
    message: `Prepare discounts\n\nNothing reads the new table yet, so the former version runs beside it.\n\nCo-authored-by: ${DANA.name} <${DANA.email}>`,
    edits: [
      {
        path: 'migrations/002_discounts.sql',
        text: 'create table discounts (\n  product text not null references products (id),\n  percent integer not null check (percent between 1 and 90)\n);\n',
      },
    ],
  },
  { kind: 'branch', name: 'autumn', from: 'main' },
  {
    kind: 'commit',
    by: BEN,
    message: 'Autumn colours',
    edits: [
      { path: 'config/shop.json', from: '"Summer"', to: '"Autumn"' },
      { path: 'config/shop.json', from: '#0f766e', to: '#b45309' },
      { path: 'config/shop.json', from: '#ecfdf5', to: '#fffbeb' },
      { path: 'package.json', from: '"1.0.0"', to: '"1.1.0"' },
    ],
  },
  { kind: 'switch', name: 'main' },
  { kind: 'merge', by: ANNA, branch: 'autumn', message: "Merge branch 'autumn'" },
  { kind: 'tag', by: ANNA, name: 'v1.1.0' },
  {
    kind: 'commit',
    by: BEN,
    message: 'Say when furniture arrives',
    edits: [
      {
        path: 'src/page.mjs',
        from: '</p>\n</article>',
        to: '</p>\n  <p class="note">At your door in three days</p>\n</article>',
      },
    ],
  },
  {
    kind: 'commit',
    by: BEN,
    message: 'Sell a reading chair',
    edits: [
      {
        path: 'src/products.mjs',
        from: '\n];',
        to: "\n  { id: 'chair', name: 'Reading chair', cents: 38900, shape: 'M28 12h10v40h36v10H28zM28 62h8v26h-8zM66 62h8v26h-8zM38 40h36v12H38z' },\n];",
      },
    ],
  },
  {
    kind: 'commit',
    by: BEN,
    message: 'Winter colours, version 1.2.0',
    edits: [
      { path: 'config/shop.json', from: '"Autumn"', to: '"Winter"' },
      { path: 'config/shop.json', from: '#b45309', to: '#4338ca' },
      { path: 'config/shop.json', from: '#fffbeb', to: '#eef2ff' },
      { path: 'package.json', from: '"1.1.0"', to: '"1.2.0"' },
    ],
  },
  { kind: 'branch', name: 'feature/broken-tests', from: 'main' },
  {
    kind: 'commit',
    by: BEN,
    message: "Round prices down, in the customer's favour",
    edits: [{ path: 'src/prices.mjs', from: 'Math.round(cents)', to: 'Math.floor(cents)' }],
  },
  { kind: 'branch', name: 'feature/broken-health', from: 'main' },
  {
    kind: 'commit',
    by: BEN,
    message: 'Ask the stock service before opening',
    edits: [
      {
        path: 'src/health.mjs',
        from: "  return { ok: true, words: 'open' };",
        to: "  const stock = process.env.STOCK_URL;\n  if (stock === undefined) return { ok: false, words: 'the stock service is not configured' };\n  return { ok: (await fetch(stock)).ok, words: 'asked the stock service' };",
      },
    ],
  },
  { kind: 'branch', name: 'hotfix/price', from: 'main' },
  {
    kind: 'commit',
    by: ANNA,
    message: 'Correct the price of the oak table',
    edits: [{ path: 'src/products.mjs', from: 'cents: 64900', to: 'cents: 69900' }],
  },
  { kind: 'switch', name: 'main' },
];
