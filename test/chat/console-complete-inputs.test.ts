import { expect, it } from 'vitest';
import { complete } from '../../adapters/chat/console/complete.ts';
import { LONG_OPTION, takingCatalog } from '../commands/taking.ts';

async function offered(line: string): Promise<readonly string[]> {
  const known = { catalog: takingCatalog(), deployments: async () => [], refs: async () => [] };
  return (await complete(line, known)).map(({ value }) => value);
}

it.each([
  ['web production --i', ['--input']],
  ['shop production --i', []],
  ['web to prod --input ', ['region=', 'dry-run=', 'ticket=']],
  ['web staging --input ', ['ticket=']],
  ['web production --input re', ['region=']],
  ['web production --input region=eu --input ', ['dry-run=', 'ticket=']],
  ['web production --input region=', ['region=eu', 'region=us', `region=${LONG_OPTION}`]],
  ['web production --input region=u', ['region=us']],
  ['web production --input dry-run=', ['dry-run=true', 'dry-run=false']],
  ['web production --input ticket=', []],
  ['web production --input nothing=', []],
  ['run web production --input dry-run=t', ['dry-run=true']],
  ['hotfix web production --', ['--input']],
  ['hotfix web production --input re', ['region=']],
])('completes inputs: %s', async (line, values) => {
  expect(await offered(line)).toEqual(values);
});
