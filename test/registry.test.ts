import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const kinds = [...new Set(['chat', 'pipeline', 'source', ...foldersOf('adapters')])].filter(
  (kind) => kind !== 'shared',
);

describe('adapters/index.ts', () => {
  it.each(kinds)('lists exactly the folders of adapters/%s', async (kind) => {
    const name = registryName(kind);
    const registry = (await load('adapters/index.ts'))[name];

    expect(registry, `adapters/index.ts must export "${name}", a Map keyed by folder name`).toBeInstanceOf(Map);
    expect([...(registry as ReadonlyMap<string, unknown>).keys()].sort()).toEqual(foldersOf(`adapters/${kind}`));
  });
});

describe('commands/index.ts', () => {
  it('lists exactly the files of commands/', async () => {
    const { commands } = await load('commands/index.ts');

    expect(commands, 'commands/index.ts must export "commands", a list').toBeInstanceOf(Array);
    expect((commands as readonly { readonly name: string }[]).map((command) => command.name).sort()).toEqual(
      filesOf('commands'),
    );
  });
});

/** By a path put together at run time, so that a missing index fails this test with a sentence and nothing else. */
async function load(path: string): Promise<Record<string, unknown>> {
  const file = join(root, path);
  expect(existsSync(file), `${path} is missing`).toBe(true);
  return import(/* @vite-ignore */ file);
}

function registryName(kind: string): string {
  return `${kind.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())}Adapters`;
}

function foldersOf(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function filesOf(folder: string): readonly string[] {
  return entriesOf(folder)
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'index.ts')
    .map((entry) => entry.name.slice(0, -'.ts'.length))
    .sort();
}

function entriesOf(folder: string) {
  const path = join(root, folder);
  return existsSync(path) ? readdirSync(path, { withFileTypes: true }) : [];
}
