import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

/** Stands for an `import(...)` whose target is computed, so that nobody can read where it goes. */
export const COMPUTED = '(computed at run time)';

export type SourceFile = { readonly path: string; readonly text: string };

type SyntaxNode = { readonly type: string; readonly [field: string]: unknown };

/** Every module that `text` names: import, export from, import type, side-effect import, `import()`, `require()`. */
export function importsOf(text: string): readonly string[] {
  const found = new Set<string>();
  for (const node of nodesOf(text)) {
    const target = targetOf(node);
    if (target !== undefined) found.add(literal(target) ?? COMPUTED);
  }
  return [...found];
}

/** Every place where `text` reads the wall clock or sets a timer, as it would be written. */
export function clockUsesOf(text: string): readonly string[] {
  const found = new Set<string>();
  for (const node of nodesOf(text)) {
    const use = clockUse(node);
    if (use !== undefined) found.add(use);
  }
  return [...found];
}

/** The TypeScript files below `folders`, their paths written from `root` with forward slashes. */
export function sourceFiles(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.filter((folder) => existsSync(join(root, folder))).flatMap((folder) => filesBelow(root, folder));
}

function filesBelow(root: string, folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function targetOf(node: SyntaxNode): unknown {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return node['source'];
    case 'ExportNamedDeclaration':
      return node['source'] ?? undefined;
    case 'TSExternalModuleReference':
      return node['expression'];
    case 'CallExpression':
      return isIdentifier(node['callee'], 'require') ? first(node['arguments']) : undefined;
    default:
      return undefined;
  }
}

function clockUse(node: SyntaxNode): string | undefined {
  if (node.type === 'Identifier' && (node['name'] === 'setTimeout' || node['name'] === 'setInterval')) {
    return node['name'];
  }
  if (node.type === 'MemberExpression' && isIdentifier(node['object'], 'Date') && names(node['property'], 'now')) {
    return 'Date.now';
  }
  const bare = first(node['arguments']) === undefined && isIdentifier(node['callee'], 'Date');
  if (node.type === 'NewExpression' && bare) return 'new Date()';
  if (node.type === 'CallExpression' && isIdentifier(node['callee'], 'Date')) return 'Date()';
  return undefined;
}

function* nodesOf(text: string): Generator<SyntaxNode> {
  const waiting: unknown[] = [parseAst(text, { lang: 'ts' })];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) waiting.push(...next);
    else if (isNode(next)) {
      yield next;
      waiting.push(...Object.values(next));
    }
  }
}

function literal(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type !== 'TemplateLiteral' || first(node['expressions']) !== undefined) return undefined;
  const piece = first(node['quasis']);
  const value = isNode(piece) ? piece['value'] : undefined;
  return typeof value === 'object' && value !== null && 'cooked' in value ? String(value.cooked) : undefined;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function isIdentifier(value: unknown, name: string): boolean {
  return isNode(value) && value.type === 'Identifier' && value['name'] === name;
}

function names(property: unknown, name: string): boolean {
  return isIdentifier(property, name) || literal(property) === name;
}

function first(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}
