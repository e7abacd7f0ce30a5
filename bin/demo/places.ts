import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const DEMO_ENVIRONMENTS = ['staging', 'production'] as const;
export type DemoEnvironment = (typeof DEMO_ENVIRONMENTS)[number];

const Port = z.int().min(1).max(65_535);

/** What belongs to this demo (`demo.json`). Without this file there is no demo, and its processes end. */
export const DemoRecord = z.object({ ports: z.object({ staging: Port, production: Port }) });
export type DemoRecord = z.infer<typeof DemoRecord>;

const Mark = z.object({ pid: z.int().positive(), birth: z.string() });

/** A process that serves a port: a version of the shop, or the front of an environment. */
export const Serving = Mark.extend({ port: Port });
export type Serving = z.infer<typeof Serving>;

/** Which version visitors of an environment see (`live.json`). */
export const Live = Serving.extend({ release: z.string(), sha: z.string(), version: z.string() });
export type Live = z.infer<typeof Live>;

/** Where the demo keeps what. */
export function demoPlaces(folder: string) {
  const of = (environment: DemoEnvironment) => join(folder, 'environments', environment);
  return {
    record: join(folder, 'demo.json'),
    repository: join(folder, 'shop'),
    environment: of,
    releases: (environment: DemoEnvironment) => join(of(environment), 'releases'),
    live: (environment: DemoEnvironment) => join(of(environment), 'live.json'),
    front: (environment: DemoEnvironment) => join(of(environment), 'front.json'),
    running: (release: string) => join(release, 'running.json'),
  };
}

export function isDemoEnvironment(name: string | undefined): name is DemoEnvironment {
  return DEMO_ENVIRONMENTS.some((environment) => environment === name);
}

/** A record of ours; nothing when it is not there or cannot be read. */
export function readRecord<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Writes in one piece, so that a reader sees the former record or the new one. */
export function writeRecord(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value)}\n`);
  renameSync(draft, path);
}
