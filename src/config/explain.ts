import type { z } from 'zod';
import { suggestion } from './nearest.ts';
import { type Path, type Problem, valueAt } from './problem.ts';
import type { SchemaGuide } from './schema-guide.ts';

type Issue = z.core.$ZodIssue;

interface Frame {
  readonly content: unknown;
  readonly guide: SchemaGuide;
}

/** A schema's issue in the words of the file, with what to do about it. No value of the file is repeated. */
export function explain(issue: Issue, frame: Frame): readonly Problem[] {
  const path = pathOf(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey([...path, key], key, frame));
    case 'invalid_type':
      return [wrongType(path, issue.expected, frame)];
    case 'invalid_value':
      return [wrongValue(path, issue.values, frame)];
    case 'invalid_union':
      return wrongForm(path, issue, frame);
    case 'invalid_key':
      return issue.issues.map((inner) => ({ ...sentences(inner.message, path, frame), path, at: 'key' as const }));
    case 'too_small':
      return [{ path, at: 'value', ...bounds(issue.message, 'at least', issue.minimum, issue.origin, frame, path) }];
    case 'too_big':
      return [{ path, at: 'value', ...bounds(issue.message, 'at most', issue.maximum, issue.origin, frame, path) }];
    default:
      return [{ ...sentences(issue.message, path, frame), ...missingOr(path, frame) }];
  }
}

/** A refinement that speaks of a key that is not there stands at the key's mapping. */
function missingOr(path: Path, { content }: Frame): Pick<Problem, 'path' | 'at'> {
  return { path, at: valueAt(content, path) === undefined ? 'missing' : 'value' };
}

function unknownKey(path: Path, key: string, { guide }: Frame): Problem {
  const known = guide.keysAt(path.slice(0, -1));
  const remedy = suggestion(key, known, 'Remove it.');
  return { path, at: 'key', message: 'This key is unknown', remedy };
}

const QUOTE = 'Put the value in quotes.';

function wrongType(path: Path, expected: string, frame: Frame): Problem {
  const value = valueAt(frame.content, path);
  const meaning = frame.guide.meaningOf(path);
  const remedy = meaning === undefined ? undefined : `It means: ${meaning}`;
  if (value === undefined) {
    const name = String(path.at(-1) ?? '');
    return { path, at: 'missing', message: `"${name}" is missing`, remedy: remedy ?? `Add the key "${name}".` };
  }
  if (value === null) {
    return { path, at: 'value', message: 'This is empty', remedy: 'Give it a value, or remove the key.' };
  }
  const message = `This should be ${wordFor(expected)}, not ${wordFor(kindOf(value))}`;
  const quoted = expected === 'string' && typeof value !== 'object' ? QUOTE : undefined;
  return { path, at: 'value', message, remedy: quoted ?? remedy ?? `Write ${wordFor(expected)} here.` };
}

function wrongValue(path: Path, values: readonly unknown[], frame: Frame): Problem {
  const value = valueAt(frame.content, path);
  if (value === undefined || value === null) return wrongType(path, 'string', frame);
  const known = values.map(String);
  const remedy = suggestion(typeof value === 'string' ? value : '', known, 'Remove it.');
  return { path, at: 'value', message: `This is not one of: ${known.join(', ')}`, remedy };
}

/** Of several allowed forms the one that fits best is spoken of. */
function wrongForm(path: Path, issue: Extract<Issue, { code: 'invalid_union' }>, frame: Frame): readonly Problem[] {
  const forms = issue.errors.filter(
    (inner) => !inner.some((one) => one.code === 'invalid_type' && one.path.length === 0),
  );
  const best = [...forms].sort((one, other) => misfit(one) - misfit(other))[0];
  if (best !== undefined) {
    return best.flatMap((inner) => explain({ ...inner, path: [...issue.path, ...inner.path] } as Issue, frame));
  }
  const kinds = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' ? [wordFor(inner.expected)] : []));
  const problem = wrongType(path, 'value', frame);
  if (problem.at === 'missing' || kinds.length === 0) return [problem];
  const value = valueAt(frame.content, path);
  const message = `This should be ${[...new Set(kinds)].join(' or ')}, not ${wordFor(kindOf(value))}`;
  const unquoted = kinds.includes(wordFor('string')) && typeof value !== 'object';
  return [{ ...problem, message, ...(unquoted ? { remedy: QUOTE } : {}) }];
}

/** An unknown key speaks most against a form; then the number of faults. */
function misfit(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 3 * issue.keys.length : 1), 0);
}

function bounds(
  message: string,
  word: 'at least' | 'at most',
  bound: number | bigint,
  origin: string,
  frame: Frame,
  path: Path,
): Pick<Problem, 'message' | 'remedy'> {
  if (!/^Too (small|big)/.test(message)) return sentences(message, path, frame);
  const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };
  return { message: 'This is out of bounds', remedy: `Use ${word} ${bound}${units[origin] ?? ''}.` };
}

/**
 * A message of two sentences, or of two halves around a colon, is cause and remedy; to a single one, what the schema says of the
 * place is the remedy. One that begins in lower case speaks of its key.
 */
function sentences(message: string, path: Path, { guide }: Frame): Problem {
  const whole = /^[a-z]/.test(message) ? `"${path.at(-1) ?? 'the file'}" ${message}` : message;
  const [cause = whole, ...rest] = whole.split(/(?<=[.!?])\s+(?=[A-Z"`])|:\s+/);
  const meaning = guide.meaningOf(path);
  const fallback = meaning === undefined ? 'Mend the value here.' : `It means: ${meaning}`;
  const remedy = rest.length > 0 ? capital(whole.slice(cause.length).replace(/^:?\s+/, '')) : fallback;
  return {
    path,
    at: 'value',
    message: cause.replace(/\.$/, ''),
    remedy: /[.!?]$/.test(remedy) ? remedy : `${remedy}.`,
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function pathOf(path: readonly PropertyKey[]): Path {
  return path.map((segment) => (typeof segment === 'number' ? segment : String(segment)));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'empty',
};

function wordFor(kind: string): string {
  return KINDS[kind] ?? `a ${kind}`;
}
