import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultsOf, ROOT, runTool, SLOW_MS, textOf, tool } from './examples.ts';

const UNITS = ['countersign.service', 'countersign@.service', 'countersign-verify.service', 'countersign-verify.timer'];
const analyze = tool('/usr/bin/systemd-analyze');

const folder = mkdtempSync(join(tmpdir(), 'countersign-units-'));
afterAll(() => rmSync(folder, { recursive: true }));

function unit(name: string): string {
  return textOf('docs', 'examples', 'systemd', name);
}

function setting(name: string, key: string): string | undefined {
  return new RegExp(`^${key}=(.*)$`, 'm').exec(unit(name))?.[1];
}

describe('the systemd units', () => {
  it.each(UNITS.filter((name) => name.endsWith('.service')))(
    '%s starts what there is, with options that there are',
    { timeout: SLOW_MS },
    async (name) => {
      const line = setting(name, 'ExecStart') ?? '';

      const [, subcommand = ''] = /bin\/countersign\.ts (.*)$/.exec(line) ?? [];

      expect(line).toMatch(/^\/opt\/countersign\/node_modules\/\.bin\/node bin\/countersign\.ts /);
      expect(await faultsOf(subcommand)).toEqual([]);
    },
  );

  it('give each of several instances a port and a folder of its own', () => {
    expect(setting('countersign@.service', 'ExecStart')).toMatch(/--data \/var\/lib\/countersign-%i --port %i$/);
    expect(setting('countersign@.service', 'StateDirectory')).toBe('countersign-%i');
  });

  it('leave the commands of the local provider alone where there is one instance, and nothing behind where there are several', () => {
    expect(setting('countersign.service', 'KillMode')).toBe('process');
    expect(setting('countersign@.service', 'KillMode')).toBe('mixed');
  });

  it('wait longer for the end than the web server does', () => {
    const [, grace = ''] = /GRACE_MS = ([\d_]+);/.exec(textOf('src', 'http', 'server.ts')) ?? [];

    for (const name of ['countersign.service', 'countersign@.service'])
      expect(Number(setting(name, 'TimeoutStopSec')) * 1000).toBeGreaterThan(3 * Number(grace.replaceAll('_', '')));
  });
});

describe.skipIf(analyze === undefined)('systemd itself (skipped where there is no systemd-analyze)', () => {
  it.each(UNITS)('finds nothing wrong with %s', async (name) => {
    const home = join(folder, name);
    mkdirSync(home);
    // Only where the programme lies differs from a real machine; a timer is looked at together with its service.
    for (const one of UNITS)
      writeFileSync(join(home, one.replace('@.', '@4401.')), unit(one).replaceAll('/opt/countersign', ROOT));

    const { ok, text } = await runTool(analyze ?? '', ['verify', '--man=no', name.replace('@.', '@4401.')], home);

    expect(ok, text).toBe(true);
    expect(text.split('\n').filter((line) => line.includes('countersign'))).toEqual([]);
  });
});
