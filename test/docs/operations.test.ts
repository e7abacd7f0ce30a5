import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LEASE_MS } from '../../src/engine/lease.ts';
import { healthRoutes } from '../../src/http/health.ts';
import { EXAMPLES, faultsOf, ROOT, SLOW_MS, textOf } from './examples.ts';
import { registered } from './registered.ts';

const text = textOf('docs', 'operations.md');

const standard = (name: string) => /^countersign_(process|nodejs)_/.test(name);

/** A line of each of the programme's own metrics. */
async function metricsTable(): Promise<string> {
  const own = (await registered()).filter(({ name }) => !standard(name));
  const rows = own.map(({ name, type, labels, help }) => {
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`;
  });
  return ['| metric | type | labels | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

describe('docs/operations.md', () => {
  it('has a line for every metric: what is expected here belongs between the marks', async () => {
    const [, written = ''] = /<!-- metrics -->([\s\S]*?)<!-- \/metrics -->/.exec(text) ?? [];

    expect(written.trim()).toBe(await metricsTable());
  });

  it('speaks of no metric that there is not', async () => {
    const known = new Set((await registered()).flatMap(({ name, series }) => [name, ...series]));
    const named = text.match(/(?<=`)countersign_\w+[a-z](?=`)/g) ?? [];

    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect(named.filter(standard).length).toBeGreaterThan(3);
  });

  it.each(['docs/operations.md', 'README.md', 'CHANGELOG.md'])('leads only to files that there are (%s)', (file) => {
    const links = [...textOf(file).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    const own = links.filter((link) => !/^[a-z]+:/.test(link));

    expect(own.filter((link) => !existsSync(join(ROOT, dirname(file), link)))).toEqual([]);
  });

  it('leads to every example', () => {
    const all = readdirSync(EXAMPLES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    // Belong to the example of the same name.
    const names = all
      .map(({ name }) => name)
      .filter((name) => !/\.dockerignore$|^countersign-verify\.service$/.test(name));

    expect(names.filter((name) => !text.includes(`${name})`))).toEqual([]);
  });

  it('shows command lines that there are', { timeout: SLOW_MS }, async () => {
    const lines = [...text.matchAll(/^npm run countersign -- (.*)$/gm)].map(([, line = '']) => line);

    expect(lines.length).toBeGreaterThan(2);
    expect((await Promise.all(lines.map(faultsOf))).flat()).toEqual([]);
  });

  it('speaks of addresses and times as they are', () => {
    for (const { path } of healthRoutes(() => ({ ready: true, detail: '' }))) expect(text).toContain(`**\`${path}\`**`);
    const [, connections] =
      /^const MOST_CONNECTIONS = (\d+);$/m.exec(textOf('src', 'store', 'postgres', 'pool.ts')) ?? [];
    expect(text).toContain(`at most ${LEASE_MS / 1000} s`);
    expect(text).toContain(`at most ${connections} connections`);
  });
});
