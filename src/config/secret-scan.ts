import type { Path, Problem } from './problem.ts';

/** How tokens and keys of the systems around us begin. */
const TOKEN = /\b(xox[a-z]-|xapp-|gh[opsur]_|github_pat_|glpat-|AKIA[0-9A-Z]{12})|-----BEGIN [A-Z ]*PRIVATE KEY/;
const LOGIN_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]+:[^\s/@]+@/i;

const SECRET_NAME = /(token|secret|passw(or)?d|passphrase|private_?key|api_?key|credentials?)$/i;
const REFERENCE = /^(env|file):\S/;

/** Parts of the file in which keys are settings of an outside system, so that their names tell a secret. */
const OUTSIDE: readonly string[] = ['chats', 'sources', 'providers'];

/** Secrets that stand in the file themselves instead of being referred to. The messages never repeat a value. */
export function plainSecrets(content: unknown): readonly Problem[] {
  return [...leavesOf(content, [])].flatMap(([path, text]) => {
    const message = faultOf(path, text);
    return message === undefined ? [] : [{ path, at: 'value' as const, message, remedy: remedyFor(path) }];
  });
}

function faultOf(path: Path, text: string): string | undefined {
  if (TOKEN.test(text)) return 'A token or key stands here in plain text';
  if (LOGIN_IN_URL.test(text)) return 'A password stands in this address';
  const named = SECRET_NAME.test(String(path.at(-1))) && OUTSIDE.includes(String(path[0]));
  return named && !REFERENCE.test(text) ? 'A secret must be referred to, not written here' : undefined;
}

function remedyFor(path: Path): string {
  const name = path
    .filter((segment) => typeof segment === 'string')
    .slice(-2)
    .join('_');
  const variable = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
  const move = `Put it into an environment variable or file and write env:${variable} or file:<path> here.`;
  return `${move} If the file was ever shared, replace the secret as well.`;
}

function* leavesOf(value: unknown, path: Path): Generator<readonly [Path, string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* leavesOf(item, [...path, index]);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* leavesOf(item, [...path, key]);
  }
}
