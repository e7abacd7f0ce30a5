import type { z } from 'zod';
import type { Catalog } from '../domain/catalog.ts';
import { catalogOf } from './catalog.ts';
import { crossChecks } from './checks.ts';
import { explain } from './explain.ts';
import { configurationJsonSchema } from './json-schema.ts';
import { pipelinesOf } from './pipelines.ts';
import { isWithin, type Path, type Problem, pathText } from './problem.ts';
import { type Configuration, type ConfigurationParts, configurationSchema } from './schema.ts';
import { schemaGuide } from './schema-guide.ts';
import { plainSecrets } from './secret-scan.ts';
import { settle } from './settle.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** Something that is the matter with a configuration file. Lines and columns count from 1; no value of the file is repeated. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  /** e.g. `services.web.environments[0]`. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
  /** For machines; not every fault has one. */
  readonly code?: string;
}

export type Loaded =
  | {
      readonly ok: true;
      readonly file: string;
      readonly configuration: Configuration;
      readonly catalog: Catalog;
      /** Allowed, but seldom meant. */
      readonly warnings: readonly Fault[];
    }
  | { readonly ok: false; readonly file: string; readonly faults: readonly Fault[] };

/** Reads a configuration. Every fault there is comes at once, in the order of the file. Never throws for what the file says. */
export function loadConfiguration(text: string, fileName: string, parts: ConfigurationParts): Loaded {
  const file = readYaml(text);
  const syntax = file.problems.map(({ line, column, message, remedy }) => ({
    line,
    column,
    path: '(file)',
    message,
    remedy,
  }));
  if (!isMapping(file.value)) return refused(fileName, syntax.length > 0 ? syntax : [noMapping()]);
  const found = examine(file.value, parts, file.brokenAt !== undefined);
  const faults = located(file, found.faults);
  if (syntax.length + faults.length > 0 || found.whole === undefined) return refused(fileName, [...syntax, ...faults]);
  return { ok: true, file: fileName, ...found.whole, warnings: sorted(located(file, found.warnings)) };
}

/** `countersign.yaml:12:5 services.web: what is the matter. What to do. [code]` */
export function faultText(file: string, fault: Fault): string {
  const code = fault.code === undefined ? '' : ` [${fault.code}]`;
  return `${file}:${fault.line}:${fault.column} ${fault.path}: ${fault.message}. ${fault.remedy}${code}`;
}

interface Examined {
  readonly faults: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly whole?: { readonly configuration: Configuration; readonly catalog: Catalog };
}

/** @param broken the YAML breaks off somewhere: nothing can be said of names that one part defines and another uses */
function examine(content: object, parts: ConfigurationParts, broken: boolean): Examined {
  const guide = schemaGuide(configurationJsonSchema(parts), content);
  const settled = settle(configurationSchema(parts), content);
  const secrets = plainSecrets(content);
  const own = plainest(settled.issues).flatMap((issue) => explain(issue, { content, guide }));
  const { value: configuration } = settled;
  if (configuration === undefined || broken) return { faults: joined(secrets, own), warnings: [] };
  const isPruned = (path: Path) => settled.pruned.some((one) => isWithin(one, path));
  const checked = crossChecks({ configuration, content, parts, isPruned });
  const pipelines = pipelinesOf({ configuration, content, guide, parts });
  const across = [...checked.faults, ...pipelines.problems].map((one) => ({ ...one, path: settled.origin(one.path) }));
  const faults = joined(secrets, [...own, ...across.filter(({ path }) => !isPruned(path))]);
  if (faults.length > 0) return { faults, warnings: [] };
  const catalog = catalogOf(configuration, pipelines.uses);
  return { faults, warnings: checked.warnings, whole: { configuration, catalog } };
}

/** Whatever else a schema has against a value of the wrong type only confuses. */
function plainest(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const wrong = new Set(issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => path.join('\n')));
  return issues.filter(({ code, path }) => code === 'invalid_type' || !wrong.has(path.join('\n')));
}

/** Of a secret in plain text nothing else is said: its own remedy mends whatever the schema has against it. */
function joined(secrets: readonly Problem[], others: readonly Problem[]): readonly Problem[] {
  const told = new Set(secrets.map(({ path }) => pathText(path)));
  return [...secrets, ...others.filter(({ path }) => !told.has(pathText(path)))];
}

/** In a file whose YAML breaks off, what stands after the break may be misread, and what seems to be missing may stand there. */
function located(file: YamlFile, problems: readonly Problem[]): readonly Fault[] {
  const { brokenAt } = file;
  return problems.flatMap((problem) => {
    const { offset, line, column } = file.positionOf(problem);
    if (brokenAt !== undefined && (offset >= brokenAt || problem.at === 'missing')) return [];
    const { path, message, remedy, code } = problem;
    return [{ line, column, path: pathText(path), message, remedy, ...(code === undefined ? {} : { code }) }];
  });
}

function refused(file: string, faults: readonly Fault[]): Loaded {
  const single = new Map(faults.map((fault) => [JSON.stringify(fault), fault]));
  return { ok: false, file, faults: sorted([...single.values()]) };
}

function sorted(faults: readonly Fault[]): readonly Fault[] {
  return [...faults].sort((one, other) => one.line - other.line || one.column - other.column);
}

function isMapping(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function noMapping(): Fault {
  const remedy = 'Begin with countersign.example.yaml, and keep its keys at the left margin.';
  return { line: 1, column: 1, path: '(file)', message: 'The file holds no keys', remedy };
}
