import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, sourceFiles } from '../support/import-scanner.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const security = textOf('SECURITY.md');

interface Locked {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}
const locked: Readonly<Record<string, Locked>> = JSON.parse(textOf('package-lock.json')).packages;

/** Where Node finds `name` from the package at `from`, as a key of the lock file. */
function found(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (path in locked || folder === '') return path in locked ? path : undefined;
  }
}

function asked(path: string): readonly string[] {
  const { dependencies, optionalDependencies } = locked[path] ?? {};
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  return names.flatMap((name) => found(path, name) ?? []);
}

/** The packages, with everything that they need. */
function treeOf(names: readonly string[]): ReadonlySet<string> {
  const tree = new Set<string>();
  const todo = names.flatMap((name) => found('', name) ?? []);
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (tree.has(path)) continue;
    tree.add(path);
    todo.push(...asked(path));
  }
  return tree;
}

const direct = Object.keys(locked['']?.dependencies ?? {});
const others = treeOf(direct.filter((name) => name !== 'botbuilder'));
const botbuilder = treeOf(['botbuilder']);
const alone = [...botbuilder].filter((path) => !others.has(path));
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
const majorOf = (path: string) => Number(locked[path]?.version.split('.')[0]);

describe('what SECURITY.md says of botbuilder', () => {
  it('names each package that it asks for, with its major version', () => {
    const [, table = ''] = /<!-- botbuilder -->([\s\S]*?)<!-- \/botbuilder -->/.exec(security) ?? [];
    const written = [...table.matchAll(/`([^`]+)` (\d+)/g)].map(([, name, major]) => `${name} ${major}`);
    const own = [...botbuilder].filter((path) => /^bot(builder|framework)/.test(nameOf(path)));
    const installed = [...own, ...own.flatMap(asked)].map((path) => `${nameOf(path)} ${majorOf(path)}`);

    expect(written.sort()).toEqual([...new Set(installed)].sort());
  });

  it('counts the packages that are there for its sake alone', () => {
    expect(security).toContain(`\n${alone.length} packages are installed for its sake alone.`);
  });

  it('holds: none of them runs a script when it is installed', () => {
    expect(alone.length).toBeGreaterThan(0);
    expect(alone.filter((path) => locked[path]?.hasInstallScript === true)).toEqual([]);
  });

  it('holds: one file uses it', () => {
    const users = sourceFiles(ROOT, ['src', 'commands', 'adapters', 'bin']).filter(({ text }) =>
      importsOf(text).some((name) => /^(bot(builder|framework)|@azure\/)/.test(name)),
    );

    expect(users.map(({ path }) => path).filter((path) => path !== 'adapters/chat/teams/bot.ts')).toEqual([]);
  });

  it('holds: it is not loaded for the programme without Teams', () => {
    const script = `
      await import('./bin/program.ts');
      const { default: Module } = await import('node:module');
      const loaded = Object.keys(Module._cache);
      console.log(loaded.length > 0, loaded.filter((file) => /node_modules.bot(builder|framework)/.test(file)).length);`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, encoding: 'utf8' });

    expect(said.trim()).toBe('true 0');
  });
});

describe('uuid', () => {
  it('is nowhere a version with CVE-2026-41907, which all before 11.1.1 have', () => {
    const versions = Object.keys(locked).flatMap((path) =>
      nameOf(path) === 'uuid' ? [locked[path]?.version ?? ''] : [],
    );
    const parts = (version: string) => version.split('.').map(Number);
    const isOld = (version: string) => {
      const [major = 0, minor = 0, patch = 0] = parts(version);
      return major * 1e6 + minor * 1e3 + patch < 11_001_001;
    };

    expect(versions.length).toBeGreaterThan(0);
    expect(versions.filter(isOld)).toEqual([]);
    expect(JSON.parse(textOf('package.json')).overrides.uuid).toMatch(/^\^11\.1\.1$/);
  });
});

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
