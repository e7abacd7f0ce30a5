import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/config/load.ts';
import { type ConfigurationWatch, type LoadedWhole, watchConfiguration } from '../../src/config/watch.ts';
import { until } from '../support/until.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { changed, GOOD, parts } from './parts.ts';

interface Seen {
  readonly taken: LoadedWhole[];
  readonly refused: (readonly Fault[])[];
  readonly errors: Readonly<Record<string, unknown>>[];
}

let folder: string;
let file: string;
let clock: HandClock;
let seen: Seen;
let watch: ConfigurationWatch;
let superseded: boolean;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countersign-watch-'));
  file = join(folder, 'countersign.yaml');
  writeFileSync(file, GOOD);
  clock = handClock();
  superseded = false;
  seen = { taken: [], refused: [], errors: [] };
  watch = open((loaded) => void seen.taken.push(loaded));
});

afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true });
});

function open(taken: (loaded: LoadedWhole) => void): ConfigurationWatch {
  const quiet = () => {};
  return watchConfiguration({
    file,
    saved: { text: GOOD, at: statSync(file).mtimeMs },
    superseded: () => superseded,
    parts,
    clock,
    log: { debug: quiet, info: quiet, warn: quiet, error: (fields) => void seen.errors.push(fields) },
    changed: taken,
    refused: (faults) => void seen.refused.push(faults),
  });
}

/** Something happens in the folder and is looked at; returns after another look, which somebody asked for. */
async function noticed(happens: () => void): Promise<void> {
  happens();
  await until('the folder to be noticed', () => clock.waiting() > 0);
  clock.pass(200);
  await watch.look();
}

describe('a configuration that changes', () => {
  it('is taken once its file has been left alone', async () => {
    writeFileSync(file, changed('Web shop', 'Shop'));
    await until('the change to be noticed', () => clock.waiting() > 0);
    const before = seen.taken.length;
    clock.pass(200);

    const loaded = await until('the change to be taken', () => seen.taken[0]);

    expect(before).toBe(0);
    expect(loaded.catalog.services['web']?.title).toBe('Shop');
  });

  it('is seen when an editor puts another file in its place', async () => {
    writeFileSync(join(folder, 'new'), changed('Web shop', 'Shop'));
    await until('the new file to be noticed', () => clock.waiting() > 0);
    renameSync(join(folder, 'new'), file);
    await until('the change to be taken', () => {
      clock.pass(200);
      return seen.taken[0];
    });

    expect(seen.taken).toHaveLength(1);
  });

  it('is refused with every fault, and the former one stays', async () => {
    writeFileSync(file, changed('Web shop', '[]', changed('type: git', 'type: gti')));
    await watch.look();

    expect(seen.taken).toEqual([]);
    expect(seen.refused[0]?.map(({ path }) => path)).toEqual(['sources.here.type', 'services.web.title']);
    expect(seen.errors).toHaveLength(1);
    expect(seen.errors[0]?.['faults']).toHaveLength(2);
  });

  it('is spoken of once, however often it is looked at', async () => {
    writeFileSync(file, changed('type: git', 'type: gti'));
    await Promise.all([watch.look(), watch.look()]);
    await watch.look();

    expect(seen.refused).toHaveLength(1);
  });

  it('counts as unchanged when it only was written again', async () => {
    writeFileSync(file, GOOD);
    await watch.look();

    expect([...seen.taken, ...seen.refused, ...seen.errors]).toEqual([]);
  });

  it('is taken without a change when others have put another one in its place, and somebody asks', async () => {
    superseded = true;
    await watch.look();

    expect(seen.taken.map(({ saved }) => saved?.text)).toEqual([GOOD]);
  });

  it('is taken without a change when others have put another one in its place, and it is saved again', async () => {
    superseded = true;
    await noticed(() => writeFileSync(join(folder, 'another.yaml'), 'other: file'));
    const before = seen.taken.length;
    await noticed(() => utimesSync(file, new Date(), new Date(Date.now() + 5000)));

    // Each time the second look was asked for, and takes it.
    expect([before, seen.taken.length]).toEqual([1, 3]);
  });

  it('does not count as saved again by what was saved before the others came', async () => {
    await noticed(() => utimesSync(file, new Date(), new Date(Date.now() + 5000)));
    superseded = true;
    await noticed(() => writeFileSync(join(folder, 'another.yaml'), 'other: file'));

    expect(seen.taken).toHaveLength(1);
  });

  it('can come back to what it was before a faulty version', async () => {
    writeFileSync(file, 'nonsense');
    await watch.look();
    writeFileSync(file, GOOD);
    await watch.look();

    expect(seen.refused).toHaveLength(1);
    expect(seen.taken).toHaveLength(1);
  });

  it('that vanishes or cannot be used is logged, and watching goes on', async () => {
    watch.close();
    let fails = true;
    watch = open((loaded) => {
      if (fails) throw new Error('not now');
      seen.taken.push(loaded);
    });
    rmSync(file);
    await watch.look();
    writeFileSync(file, changed('Web shop', 'Shop'));
    await watch.look();
    fails = false;
    writeFileSync(file, changed('Web shop', 'Market'));
    await watch.look();

    expect(seen.errors).toHaveLength(2);
    expect(seen.taken).toHaveLength(1);
  });

  it('is not looked at any more after closing', async () => {
    writeFileSync(file, changed('Web shop', 'Shop'));
    await until('the change to be noticed', () => clock.waiting() > 0);
    watch.close();
    await watch.look();

    expect(clock.waiting()).toBe(0);
    expect(seen.taken).toEqual([]);
  });
});
