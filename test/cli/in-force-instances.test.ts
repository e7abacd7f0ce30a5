import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_SERVER, type OwnDatabase, ownDatabase, TEST_SERVER } from '../support/postgres.ts';
import { type Running, startProgram } from '../support/program.ts';
import { until } from '../support/until.ts';

/** Starting a process and its answer take their time on a busy machine, in milliseconds. */
const PATIENCE_MS = 15_000;

let home: string;
let running: Running[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countersign-in-force-'));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.kill()));
  rmSync(home, { recursive: true, force: true });
});

function settings(count: number, more = ''): string {
  return `
sources: { here: { type: git, folder: ${JSON.stringify(home)} } }
providers: { machine: { type: local, repositories: ${JSON.stringify(home)} } }
people:
  - { id: anna, name: Anna, accounts: { console: anna } }
  - { id: ben, name: Ben, accounts: { console: ben } }
  - { id: cleo, name: Cleo, accounts: { console: cleo } }
groups: { all: { people: [anna, ben, cleo] } }
approval: { rules: [{ group: all, count: ${count} }] }
environments: { production: {} }
services:
  web: { repository: { source: here, name: web }, pipeline: { provider: machine, command: 'true' }, environments: [production] }
${more}`;
}

interface Instance {
  readonly program: Running;
  readonly file: string;
}

/** A machine with a file of its own, saved a minute ago unless it is there already. */
function written(name: string, text: string): string {
  mkdirSync(join(home, name), { recursive: true });
  const file = join(home, name, 'countersign.yaml');
  writeFileSync(file, text);
  const before = Date.now() / 1000 - 60;
  utimesSync(file, before, before);
  return file;
}

async function started(file: string): Promise<Instance> {
  const data = join(home, 'data');
  const program = await startProgram({ data, more: ['--config', file, '--log-level', 'error'] });
  running.push(program);
  return { program, file };
}

async function detailOf({ program }: Instance): Promise<string> {
  const { detail } = (await (await fetch(`${program.url}/readyz`)).json()) as { readonly detail: string };
  return detail;
}

async function versionOf(instance: Instance): Promise<string> {
  return /configuration ([0-9a-f]{12}), version/.exec(await detailOf(instance))?.[1] ?? 'none';
}

async function turnsTo(instance: Instance, version: string): Promise<void> {
  await until(`configuration ${version}`, async () => (await versionOf(instance)) === version, PATIENCE_MS);
}

async function turnsFrom(instance: Instance, version: string): Promise<string> {
  const found = async () => {
    const present = await versionOf(instance);
    return present !== version && present;
  };
  return until('another configuration', found, PATIENCE_MS);
}

describe('one instance on a file of its own', () => {
  it('takes a changed file while it runs, and an older one after a restart', async () => {
    const instance = await started(written('one', settings(1)));
    const one = await versionOf(instance);
    writeFileSync(instance.file, settings(2));
    const two = await turnsFrom(instance, one);
    await instance.program.stop();
    const again = await started(written('one', settings(1)));

    expect(two).not.toBe(one);
    expect(await detailOf(again)).toMatch(new RegExp(`^configuration ${one}, version [^;]+$`));
  }, 60_000);
});

describe.skipIf(TEST_SERVER === undefined)(`two instances on a server (skipped where ${NO_SERVER})`, () => {
  let database: OwnDatabase;
  let more: string;
  beforeEach(async () => {
    database = await ownDatabase(TEST_SERVER ?? '');
    more = `database: ${database.url}`;
  });
  afterEach(async () => {
    await Promise.all(running.map((one) => one.kill()));
    await database.drop();
  });

  async function takenTimes(): Promise<number> {
    const [row] = await database.query("select count(*)::int as times from events where type = 'configured'");
    return Number(row?.['times']);
  }

  it('agree, whoever changes a file, sends a signal or starts anew with an old one', async () => {
    const first = await started(written('one', settings(1, more)));
    const second = await started(written('two', settings(1, `# on the second machine\n${more}`)));
    const one = await versionOf(first);
    await turnsTo(second, one);
    expect(await takenTimes()).toBe(1);

    writeFileSync(first.file, settings(2, more));
    const two = await turnsFrom(first, one);
    await turnsTo(second, two);
    expect(await detailOf(second)).toContain('the configuration file of this instance is not the one in force');
    expect(await detailOf(first)).not.toContain(';');

    second.program.process.kill('SIGHUP');
    await turnsTo(second, one);
    await turnsTo(first, one);
    expect(await takenTimes()).toBe(3);

    await first.program.stop();
    const again = await started(first.file);
    expect(await versionOf(again)).toBe(one);
    expect(await detailOf(again)).toContain('the configuration file of this instance is not the one in force');
    expect(await takenTimes()).toBe(3);

    const now = new Date();
    utimesSync(first.file, now, now);
    await turnsTo(again, two);
    await turnsTo(second, two);
    expect(await takenTimes()).toBe(4);
  }, 120_000);
});
