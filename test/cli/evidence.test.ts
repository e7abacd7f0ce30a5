import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEvidenceCommand } from '../../bin/commands/evidence.ts';
import { printFont } from '../../bin/print.ts';
import { deployed, openWorld, type World } from '../engine/world.ts';
import { heard } from './cli-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-evidence-'));
let world: World;
beforeAll(async () => {
  world = await openWorld();
  await deployed(world);
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

async function evidence(...line: readonly string[]) {
  const { said, io } = heard();
  const program = new Command('countersign').exitOverride();
  program.configureOutput({ writeOut: io.out, writeErr: io.err });
  const openStore = async () => ({ ...world.store, close: async () => {} });
  addEvidenceCommand(program, { openStore, print: async () => ({ installation: 'Acme' }) }, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  await program.parseAsync(['evidence', ...line], { from: 'user' }).catch(() => {
    said.code = 99;
  });
  return said;
}

const EVER = ['--from', '2000-01-01', '--to', '2100-01-01'];

describe('the evidence of one deployment', () => {
  it.each(['D-1', 'd-1', '1'])('is found by %s', async (name) => {
    const { code, out } = await evidence(name);

    expect(code).toBe(0);
    expect(out).toMatch(/^# D-1: web to production\n/);
  });

  it('is written as JSON', async () => {
    const { out } = await evidence('D-1', '--format', 'json');

    expect(JSON.parse(out)).toMatchObject({ schema: 'countersign-evidence-1', deployment: 'D-1', state: 'succeeded' });
  });

  it('is the same PDF however often it is made, and says whose it is', async () => {
    const [one, two] = [join(folder, 'one.pdf'), join(folder, 'two.pdf')];
    expect((await evidence('D-1', '--format', 'pdf', '--out', one)).code).toBe(0);
    await evidence('D-1', '--format', 'pdf', '--out', two);

    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
    const text = readFileSync(one, 'latin1');
    expect(text).toContain('(Acme)');
    expect(text).toContain('(Evidence of D-1: web to production)');
    expect(text).toContain('/Outlines');
  });

  it('is not printed to a terminal as PDF', async () => {
    expect(await evidence('D-1', '--format', 'pdf')).toMatchObject({
      code: 2,
      err: 'A PDF is not for the terminal. Name a file with --out.\n',
    });
  });

  it('is missing for a number that nobody gave', async () => {
    expect(await evidence('D-77')).toMatchObject({ code: 1, err: expect.stringContaining('no deployment "D-77"') });
  });

  it('leaves nothing behind when the file cannot be written', async () => {
    const { code, err } = await evidence('D-1', '--out', join(folder, 'nowhere', 'x.md'));

    expect(code).toBe(2);
    expect(err).toContain('ENOENT');
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('the evidence of a period', () => {
  it('counts what it found', async () => {
    const { code, out, err } = await evidence(...EVER);

    expect(code).toBe(0);
    expect(out).toContain('# Evidence of deployments');
    expect(err).toBe('1 deployment, 0 of them with exceptions.\n');
  });

  it('is narrowed to a service and an environment', async () => {
    expect((await evidence(...EVER, '--environment', 'staging')).err).toMatch(/^0 deployments/);
    expect((await evidence(...EVER, '--service', 'web', '--environment', 'production')).err).toMatch(/^1 deployment,/);
  });

  it.each([[['--from', '2026-01-01']], [['--from', '2026-02-01', '--to', '2026-01-01']], [[]]])(
    'needs two moments, the earlier one first: %j',
    async (line) => {
      expect(await evidence(...line)).toMatchObject({ code: 1, err: expect.stringContaining('the earlier one first') });
    },
  );

  it('does not take a word for a day, or an unknown form', async () => {
    expect((await evidence('--from', 'yesterday', '--to', '2026-01-01')).code).toBe(99);
    expect((await evidence('D-1', '--format', 'docx')).code).toBe(99);
  });
});

describe('the font of printed evidence', () => {
  it('is none unless the configuration names one', async () => {
    expect(await printFont(undefined, folder)).toEqual({});
  });

  it('must be there and be a font', async () => {
    await expect(printFont({ font: 'absent.ttf' }, folder)).rejects.toThrow('Correct `evidence.font`');
    const noFont = new URL('../../package.json', import.meta.url).pathname;
    await expect(printFont({ font: noFont }, folder)).rejects.toThrow('no TrueType or OpenType font');
  });
});
