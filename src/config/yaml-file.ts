import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Path, Problem } from './problem.ts';

/** A YAML file as it was read. */
export interface YamlFile {
  /** Its content as plain values; absent when not even that could be made out. */
  readonly value: unknown;
  /** Faults of the YAML itself. */
  readonly problems: readonly YamlProblem[];
  /** Where the first fault stands after which the content cannot be trusted; absent when all of it can. */
  readonly brokenAt?: number;
  /** Where a problem stands in the text. */
  positionOf(problem: Pick<Problem, 'path' | 'at'>): Position;
}

/** `offset` counts characters from 0; line and column count from 1. */
interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

interface YamlProblem extends Position {
  readonly message: string;
  readonly remedy: string;
}

const WORDS: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  DUPLICATE_KEY: ['This key stands here twice', 'Keep one of the two.'],
  TAB_AS_INDENT: ['A tab is used for indentation', 'Indent with spaces only.'],
  BAD_INDENT: ['The indentation does not fit', 'Align this line with its neighbours, and close what was opened above.'],
  MISSING_CHAR: [
    'Something that was opened is not closed',
    'Look for a missing quote, bracket or colon here or just above.',
  ],
  MULTIPLE_DOCS: ['The file holds several documents', 'Remove the line `---` and keep one.'],
  TAG_RESOLVE_FAILED: ['This tag is unknown', 'Remove the word that begins with an exclamation mark.'],
};

/** The content stays what its author meant in spite of these. */
const HARMLESS: readonly string[] = ['DUPLICATE_KEY', 'TAB_AS_INDENT', 'TAG_RESOLVE_FAILED'];

export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { offset, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const found = [...document.errors, ...document.warnings];
  const problems = found.map(({ code, message, pos }) => {
    const [words, remedy] = WORDS[code] ?? [
      message,
      'Look at the indentation, colons, quotes and brackets here and just above.',
    ];
    return { ...at(pos[0]), message: words, remedy };
  });
  const broken = found.filter(({ code }) => !HARMLESS.includes(code)).map(({ pos }) => pos[0]);
  const content = contentOf(document, at);
  return {
    value: content.value,
    problems: [...problems, ...content.problems],
    ...(broken.length === 0 ? {} : { brokenAt: Math.min(...broken) }),
    positionOf: (problem) => at(offsetOf(document, problem)),
  };
}

function contentOf(document: Document, at: (offset: number) => Position): { value: unknown; problems: YamlProblem[] } {
  const problems: YamlProblem[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      const remedy = 'Put the value in quotes if it begins with an asterisk, or define the anchor above.';
      problems.push({ ...at(alias.range?.[0] ?? 0), message: 'This refers to an anchor that is not there', remedy });
    },
  });
  if (problems.length > 0) return { value: undefined, problems };
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), problems };
  } catch {
    const message = 'The file refers to its own anchors too often';
    return { value: undefined, problems: [{ ...at(0), message, remedy: 'Write repeated parts out.' }] };
  }
}

/** The key for unknown keys, the value for wrong ones, and the nearest thing above for what is missing. */
function offsetOf(document: Document, { path, at }: Pick<Problem, 'path' | 'at'>): number {
  const wanted = at === 'missing' ? path.slice(0, -1) : path;
  let node: unknown = document.contents;
  let key = startOf(node);
  for (const segment of wanted) {
    const next = childOf(resolved(node, document), segment);
    if (next === undefined) return at === 'value' && isCollection(node) ? startOf(node) : key;
    node = next.value;
    key = next.key ?? startOf(node);
  }
  if (at === 'key' || at === 'missing') return key;
  return isScalar(node) && node.value === null ? key : startOf(node, key);
}

function childOf(node: unknown, segment: Path[number]): { readonly key?: number; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(segment)];
    return value === undefined ? undefined : { value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(segment));
  return pair === undefined ? undefined : { key: startOf(pair.key), value: pair.value };
}

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function startOf(node: unknown, otherwise = 0): number {
  return (node as Node | null | undefined)?.range?.[0] ?? otherwise;
}
