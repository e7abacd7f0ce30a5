import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEMO_ENVIRONMENTS, type DemoEnvironment, DemoRecord, demoPlaces, readRecord, writeRecord } from './places.ts';
import { makeRepository } from './repository.ts';

const PIPELINE = fileURLToPath(new URL('./pipeline.ts', import.meta.url));
const DEFAULT_PORTS: DemoRecord['ports'] = { staging: 4411, production: 4412 };

/** A demo that is there: a real repository, and two environments on loopback. */
export interface DemoSetup {
  readonly folder: string;
  readonly repository: string;
  /** Program and arguments that deploy the worktree they are run in. */
  readonly command: readonly string[];
  readonly environments: Readonly<Record<DemoEnvironment, { readonly port: number; readonly url: string }>>;
}

/**
 * Makes the demo in `folder`, or takes the one that is there as it is, with its ports. Throws when the folder holds something else,
 * or when git is missing.
 */
export async function prepareDemo(wish: {
  readonly folder: string;
  readonly ports?: DemoRecord['ports'];
}): Promise<DemoSetup> {
  const folder = resolve(wish.folder);
  const places = demoPlaces(folder);
  if (!existsSync(places.record)) make(folder, { ports: wish.ports ?? DEFAULT_PORTS });
  return demoSetup(folder);
}

/** The demo in a folder. Throws when there is none. */
export function demoSetup(folder: string): DemoSetup {
  const places = demoPlaces(folder);
  const record = readRecord(places.record, DemoRecord);
  if (record === undefined) throw new Error(`There is no demo in "${folder}". Remove the folder, and it is made anew.`);
  const environment = (name: DemoEnvironment) => {
    const port = record.ports[name];
    return { port, url: `http://127.0.0.1:${port}` };
  };
  return {
    folder,
    repository: places.repository,
    command: [process.execPath, PIPELINE, folder],
    environments: { staging: environment('staging'), production: environment('production') },
  };
}

/** In a folder beside it first, so that a half-made demo is never taken for a whole one. */
function make(folder: string, record: DemoRecord): void {
  if (existsSync(folder))
    throw new Error(`"${folder}" is there already and is no demo. Move it away, or choose another folder.`);
  const draft = `${folder}.new-${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  try {
    const places = demoPlaces(draft);
    makeRepository(places.repository);
    for (const environment of DEMO_ENVIRONMENTS) mkdirSync(places.releases(environment), { recursive: true });
    writeRecord(places.record, record);
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
