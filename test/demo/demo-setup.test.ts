import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { localPipeline } from '../../adapters/pipeline/local/index.ts';
import { gitSource } from '../../adapters/source/git/index.ts';
import { demoConfiguration } from '../../bin/demo/configuration.ts';
import { prepareDemo } from '../../bin/demo/setup.ts';
import { configurationSchema } from '../../src/config/schema.ts';
import { type DemoBench, demoBench } from './demo-bench.ts';

let bench: DemoBench;

beforeAll(async () => {
  bench = await demoBench();
});

afterAll(() => bench.end());

const handsOf = async (base: string | undefined, head: string) => {
  const set = await bench.source.changes(
    bench.setup.repository,
    base === undefined ? undefined : await bench.shaOf(base),
    await bench.shaOf(head),
  );
  const hands = set.commits.flatMap((commit) => commit.hands.map(({ role, account }) => `${role} ${account.name}`));
  return { set, hands: new Set(hands) };
};

describe('the history of the demo', () => {
  it('has a good branch, two broken ones, a hotfix and two versions', async () => {
    const names = (await bench.source.refs(bench.setup.repository, '', 20)).map(({ kind, name }) => `${kind} ${name}`);

    expect(names.sort()).toEqual([
      'branch feature/broken-health',
      'branch feature/broken-tests',
      'branch hotfix/price',
      'branch main',
      'tag v1.0.0',
      'tag v1.1.0',
    ]);
  });

  it('has a co-author, a merger, a migration and configuration up to the first release after the opening', async () => {
    const { set, hands } = await handsOf('v1.0.0', 'v1.1.0');

    expect(hands).toEqual(new Set(['author Ben Okafor', 'co-author Dana Ito', 'merger Anna Lind']));
    expect(set.files.map((file) => file.path)).toEqual([
      'config/shop.json',
      'migrations/002_discounts.sql',
      'package.json',
    ]);
  });

  it("has nothing but Ben's work since then", async () => {
    expect((await handsOf('v1.1.0', 'main')).hands).toEqual(new Set(['author Ben Okafor']));
  });

  it('never has a hand of Cleo in it, so that somebody may countersign the very first deployment', async () => {
    const { set, hands } = await handsOf(undefined, 'main');

    expect(set.commits).toHaveLength(9);
    expect([...hands].join()).not.toContain('Cleo');
  });

  it('is the same wherever it is made', async () => {
    const folder = join(bench.home, 'second');
    await prepareDemo({ folder });

    const ref = await bench.source.resolve(join(folder, 'shop'), 'main');

    expect(ref?.sha).toBe(await bench.shaOf('main'));
  });
});

describe('preparing the demo', () => {
  it('takes a demo that is there as it is', async () => {
    writeFileSync(join(bench.setup.repository, 'note.txt'), 'mine');

    const again = await prepareDemo({ folder: bench.folder, ports: { staging: 1, production: 2 } });

    expect(again).toEqual(bench.setup);
    expect(readdirSync(bench.setup.repository)).toContain('note.txt');
  });

  it('leaves a folder alone that holds something else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
    mkdirSync(join(folder, 'thesis'));

    await expect(prepareDemo({ folder })).rejects.toThrow(/is no demo/);

    expect(readdirSync(folder)).toEqual(['thesis']);
    rmSync(folder, { recursive: true });
  });
});

describe('the configuration of the demo', () => {
  it('is one that the program takes', () => {
    const schema = configurationSchema({ chats: [], sources: [gitSource], pipelines: [localPipeline] });

    const configuration = schema.parse(parse(demoConfiguration(bench.setup)));

    expect(localPipeline.settings.parse({ command: [...bench.setup.command] })).toMatchObject({
      command: bench.setup.command,
    });
    expect(configuration.people.map(({ id }) => id)).toEqual(['anna', 'ben', 'cleo', 'dana', 'sam']);
    expect(configuration.services['shop']?.pipeline).toEqual({ provider: 'local', command: bench.setup.command });
    expect(configuration.environments['production']).toMatchObject({
      customerFacing: true,
      approval: { rules: [{ group: 'platform', count: 1 }] },
    });
    expect(configuration.announce.map(({ audience }) => audience)).toEqual(['engineering', 'line', 'broadcast']);
  });
});
