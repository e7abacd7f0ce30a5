import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMPUTED, clockUsesOf, importsOf, sourceFiles } from './support/import-scanner.ts';
import { belongsTo, forbiddenArrows, homeless, ROOMS, roomOf, SDK_HOMES, strangers } from './support/rooms.ts';

const files = sourceFiles(join(import.meta.dirname, '..'), ['src', 'commands', 'adapters', 'bin']);

describe('the house', () => {
  it('has source files to look at', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.flatMap((file) => importsOf(file.text)).length).toBeGreaterThan(0);
  });

  it('keeps every source file in a room of the table', () => {
    expect(files.filter((file) => roomOf(file.path) === undefined).map((file) => file.path)).toEqual([]);
  });
});

describe('arrows between rooms only run downwards', () => {
  it.each(Object.entries(ROOMS))('%s imports nothing but itself and [%s]', (room) => {
    expect(forbiddenArrows(room, files)).toEqual([]);
  });
});

describe('an SDK stays in its home', () => {
  it.each(Object.entries(SDK_HOMES))('%s is imported only in %s', (sdk, homes) => {
    expect(homeless(sdk, homes, files)).toEqual([]);
  });
});

describe('the core stays pure', () => {
  it('src/domain imports no package but node:crypto and canonicalize', () => {
    const allowed = ['node:crypto', 'canonicalize'];

    expect(strangers('src/domain', files, (name) => allowed.includes(name))).toEqual([]);
  });

  it.each(['src/domain', 'src/gates', 'src/engine'])('%s does not import zod', (room) => {
    expect(strangers(room, files, (name) => !belongsTo('zod', name))).toEqual([]);
  });

  it.each(['src/domain', 'src/gates', 'src/engine'])('%s reads no clock and sets no timer', (room) => {
    const inside = files.filter((file) => roomOf(file.path) === room);

    expect(inside.flatMap((file) => clockUsesOf(file.text).map((use) => `${file.path} -> ${use}`))).toEqual([]);
  });
});

describe('the scanner', () => {
  it.each([
    ['import', "import { a } from './a.ts';", './a.ts'],
    ['import of everything', "import * as a from './a.ts';", './a.ts'],
    ['import over several lines', "import {\n  a,\n  b,\n} from './a.ts';", './a.ts'],
    ['side-effect import', "import './a.ts';", './a.ts'],
    ['import type', "import type { A } from './a.ts';", './a.ts'],
    ['inline type import', "import { type A } from './a.ts';", './a.ts'],
    ['type query', "let a: import('./a.ts').A;", './a.ts'],
    ['import with attributes', "import a from './a.json' with { type: 'json' };", './a.json'],
    ['export from', "export { a } from './a.ts';", './a.ts'],
    ['export type from', "export type { A } from './a.ts';", './a.ts'],
    ['export of everything', "export * from './a.ts';", './a.ts'],
    ['dynamic import', "const a = await import('./a.ts');", './a.ts'],
    ['dynamic import in a template', 'const a = await import(`./a.ts`);', './a.ts'],
    ['require', "const a = require('./a.ts');", './a.ts'],
    ['import equals', "import a = require('./a.ts');", './a.ts'],
    ['computed dynamic import', 'await import(name);', COMPUTED],
  ])('sees: %s', (_form, text, target) => {
    expect(importsOf(text)).toEqual([target]);
  });

  it('sees no import in comments, strings and local exports', () => {
    const text = "// import './a.ts'\n/* import './b.ts' */\nexport const c = \"import './c.ts'\";\nexport { c as d };";

    expect(importsOf(text)).toEqual([]);
  });

  it.each([
    ['const a = Date.now();', 'Date.now'],
    ["const a = Date['now']();", 'Date.now'],
    ['const a = new Date();', 'new Date()'],
    ['const a = new Date;', 'new Date()'],
    ['const a = Date();', 'Date()'],
    ['setTimeout(() => {}, 1);', 'setTimeout'],
    ['globalThis.setInterval(() => {}, 1);', 'setInterval'],
    ["import { setTimeout } from 'node:timers/promises';", 'setTimeout'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text under test is itself a template
    ['const a = `at ${Date.now()}`;', 'Date.now'],
  ])('sees the clock in: %s', (text, use) => {
    expect(clockUsesOf(text)).toEqual([use]);
  });

  it('lets a given moment be turned into a date', () => {
    expect(clockUsesOf('const a = new Date(moment); // not Date.now()')).toEqual([]);
  });
});

describe('the table', () => {
  it.each([
    ['src/domain/a.ts', '../ports/b.ts', 'src/ports/b.ts'],
    ['src/ports/a.ts', '../engine/b.ts', 'src/engine/b.ts'],
    ['src/engine/a.ts', '../store/b.ts', 'src/store/b.ts'],
    ['src/store/a.ts', '../log.ts', 'src/log.ts'],
    ['commands/a.ts', '../adapters/index.ts', 'adapters/index.ts'],
    ['adapters/chat/slack/a.ts', '../teams/b.ts', 'adapters/chat/teams/b.ts'],
    ['adapters/chat/slack/a.ts', '../../../src/engine/b.ts', 'src/engine/b.ts'],
    ['adapters/shared/a.ts', '../chat/slack/b.ts', 'adapters/chat/slack/b.ts'],
    ['adapters/index.ts', '../src/engine/b.ts', 'src/engine/b.ts'],
    ['src/log.ts', './config/load.ts', 'src/config/load.ts'],
    ['src/domain/a.ts', '../../test/b.ts', 'test/b.ts'],
    ['src/domain/a.ts', '#b', '#b'],
  ])('refuses %s -> %s', (path, specifier, target) => {
    const file = { path, text: `import type { B } from '${specifier}';` };

    expect(forbiddenArrows(roomOf(path) ?? '', [file])).toEqual([`${path} -> ${target}`]);
  });

  it.each([
    ['src/engine/a.ts', '../gates/b.ts'],
    ['adapters/chat/slack/a.ts', './render/b.ts'],
    ['adapters/chat/slack/a.ts', '../../shared/b.ts'],
    ['adapters/index.ts', './chat/slack/index.ts'],
    ['bin/a.ts', '../src/store/b.ts'],
  ])('allows %s -> %s', (path, specifier) => {
    const file = { path, text: `export * from '${specifier}';` };

    expect(forbiddenArrows(roomOf(path) ?? '', [file])).toEqual([]);
  });

  it('refuses an SDK outside its home, and a path inside that SDK too', () => {
    const text = "import '@slack/types'; import 'drizzle-orm/sqlite-core';";
    const outside = [{ path: 'commands/a.ts', text }];

    expect(homeless('@slack/*', ['adapters/chat/slack'], outside)).toEqual(['commands/a.ts -> @slack/types']);
    expect(homeless('drizzle-orm', ['src/store'], outside)).toEqual(['commands/a.ts -> drizzle-orm/sqlite-core']);
    expect(homeless('@slack/*', ['commands'], outside)).toEqual([]);
  });

  it('refuses a package that the room may not have', () => {
    const file = { path: 'src/domain/a.ts', text: "import { readFileSync } from 'node:fs'; import 'node:crypto';" };

    expect(strangers('src/domain', [file], (name) => name === 'node:crypto')).toEqual(['src/domain/a.ts -> node:fs']);
  });

  it('knows no room for a file that lies beside the rooms', () => {
    expect(['src/stray.ts', 'src/new/a.ts', 'adapters/stray.ts', 'test/a.ts'].map(roomOf)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
