import type { z } from 'zod';
import { isWithin, type Path, pathText, valueAt } from './problem.ts';

/** What a schema made of some content. */
export interface Settled<Value> {
  /** Everything the schema objects to. */
  readonly issues: readonly z.core.$ZodIssue[];
  /** The content without what the schema objects to; absent when nothing is left of it. */
  readonly value?: Value;
  /** What was left out to get there, by its place in the whole content. */
  readonly pruned: readonly Path[];
  /** The place in the whole content of what stands at a place of `value`: lists became shorter. */
  origin(path: Path): Path;
}

/** More rounds than the configuration is deep: each takes away the faulty parts, or the nearest thing around them. */
const ROUNDS = 16;

/** Checks content against a schema, and saves what can be saved, so that further checks can speak in the same breath. */
export function settle<Schema extends z.ZodType>(schema: Schema, content: unknown): Settled<z.output<Schema>> {
  const knife = pruner(content);
  const first = schema.safeParse(content);
  const issues = first.success ? [] : first.error.issues;
  let result = first;
  for (let round = 0; round < ROUNDS && !result.success; round += 1) {
    if (!knife.cut(faultyParts(result.error.issues))) break;
    result = schema.safeParse(knife.rest);
  }
  return { issues, pruned: knife.pruned, origin: knife.origin, ...(result.success ? { value: result.data } : {}) };
}

function faultyParts(issues: readonly z.core.$ZodIssue[]): readonly Path[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
    return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  });
}

function pruner(content: unknown) {
  const rest: unknown = structuredClone(content);
  const pruned: Path[] = [];
  const gone = new Map<string, number[]>();

  function origin(path: Path): Path {
    const found: (string | number)[] = [];
    for (const segment of path) {
      const missing = gone.get(pathText(found)) ?? [];
      found.push(typeof segment === 'number' ? shifted(segment, missing) : segment);
    }
    return found;
  }

  /** False when the whole content would have to go. */
  function cut(faulty: readonly Path[]): boolean {
    const parts = outermost(faulty.map((path) => existing(rest, path)));
    if (parts.some((path) => path.length === 0)) return false;
    const places = parts.map((path) => ({ path, from: origin(path) }));
    for (const { path, from } of places.sort((one, other) => lastFirst(one.path, other.path))) {
      pruned.push(from);
      if (takeAway(rest, path)) {
        const list = pathText(from.slice(0, -1));
        gone.set(
          list,
          [...(gone.get(list) ?? []), Number(from.at(-1))].sort((one, other) => one - other),
        );
      }
    }
    return true;
  }

  return { rest, pruned, origin, cut };
}

/** Where a list's entry stood before the entries at `missing` (ascending) were taken out. */
function shifted(index: number, missing: readonly number[]): number {
  let place = index;
  for (const one of missing) if (one <= place) place += 1;
  return place;
}

/** The path itself, or, where nothing stands, the nearest thing around it. */
function existing(content: unknown, path: Path): Path {
  let here = path;
  while (here.length > 0 && valueAt(content, here) === undefined) here = here.slice(0, -1);
  return here;
}

function outermost(paths: readonly Path[]): readonly Path[] {
  const single = [...new Map(paths.map((path) => [pathText(path), path])).values()];
  return single.filter((path) => !single.some((other) => other !== path && isWithin(path, other)));
}

/** Later list positions first, so that taking one away does not move the next. */
function lastFirst(one: Path, other: Path): number {
  for (const [index, segment] of one.entries()) {
    const theirs = other[index];
    if (typeof segment === 'number' && typeof theirs === 'number' && segment !== theirs) return theirs - segment;
  }
  return 0;
}

/** True when it was an entry of a list. */
function takeAway(content: unknown, path: Path): boolean {
  const around = valueAt(content, path.slice(0, -1));
  const last = path.at(-1);
  if (Array.isArray(around)) {
    around.splice(Number(last), 1);
    return true;
  }
  delete (around as Record<string, unknown>)[String(last)];
  return false;
}
