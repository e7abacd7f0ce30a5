import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sentenceOf } from '../../src/domain/tell/entries.ts';
import { DEPLOYMENTS } from '../fakes/console-deployments.ts';
import { type Built, builtConsole } from '../support/console-under-test.ts';

let built: Built;
beforeEach(async () => {
  built = await builtConsole();
  const known = DEPLOYMENTS.find(({ state }) => state === 'running');
  if (known === undefined) throw new Error('Nothing runs in the samples.');
  built.world.put({ ...known, id: 'D-2000', number: 2000, state: 'shifting' as never, needs: 3 });
});
afterEach(() => built.chat.stop());

async function page(path: string): Promise<string> {
  const response = await built.get(path);
  expect(response.status).toBe(200);
  return response.text();
}

describe('the pages, while a newer version is rolled out', () => {
  it('show a deployment in a state that only it knows, and no button', async () => {
    const shown = await page('/deployments/D-2000');

    expect(shown).toContain('Only a newer version of Countersign knows the state &quot;shifting&quot;.');
    expect(shown).not.toContain('value="cancel"');
  });

  it.each(['/deployments', '/deployments?state=open', '/targets'])('%s lists it', async (path) => {
    const shown = await page(path);

    expect(shown).toContain('>D-2000</a>');
    expect(shown).toContain('</svg>shifting</span>');
  });

  it('tell of an event that only it can read', () => {
    expect(sentenceOf({ type: 'traffic-moved' } as never)).toBe(
      'Only a newer version of Countersign can tell what "traffic-moved" means',
    );
  });
});
