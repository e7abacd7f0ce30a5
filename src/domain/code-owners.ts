import type { Ownership } from './deployment.ts';

/** One line of a CODEOWNERS file: a pattern of paths and whose they are. No owners: nobody's. */
export interface OwnersRule {
  readonly pattern: string;
  readonly owners: readonly string[];
}

const OWNERS = 'owners ';

/** The id of the group of these owners; it is part of what an approval binds. */
export function ownersGroup(owners: readonly string[]): string {
  return `${OWNERS}${owners.join(' ')}`;
}

/** A group as it is called in a sentence: `@platform`, or `the code owners @anna and @acme/web`. */
export function groupWords(id: string): string {
  return ownersIn(id) ?? `@${id}`;
}

/** The same where it is only named: `platform`. */
export function groupName(id: string): string {
  return ownersIn(id) ?? id;
}

/** A configured group may bear such a name, but never one with an owner in it. */
function ownersIn(id: string): string | undefined {
  const owners = id.startsWith(OWNERS) ? id.slice(OWNERS.length).split(' ') : [];
  if (owners.length === 0 || !owners.every((owner) => ANY_OWNER.test(owner))) return undefined;
  const [last = '', ...others] = owners.toReversed();
  return `the code owners ${others.length === 0 ? last : `${others.toReversed().join(', ')} and ${last}`}`;
}

/** An owner as any code host names one; groups of GitLab lie at any depth, and roles of it have two signs in front. */
const ANY_OWNER = /^(?:@{1,2}[\w.-]+(?:\/[\w.-]+)*|[^@\s]+@[^@\s]+)$/;

/** Where GitHub looks for the file; the first one found counts. Source: docs.github.com, "About code owners", location. */
export const OWNERS_PATHS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'] as const;

const OWNER = /^(?:@[\w.-]+(?:\/[\w.-]+)?|[^@\s]+@[^@\s]+)$/;

/**
 * The lines of a CODEOWNERS file, in their order. Pure, total. As GitHub does, a line that is no valid one is passed over: one with
 * an owner that is neither `@login`, `@org/team` nor an e-mail address, or a pattern with `!`, `[ ]` or an escaped `#` in front.
 * Source: docs.github.com, "About code owners", CODEOWNERS syntax.
 */
export function ownersRules(text: string): readonly OwnersRule[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const words = wordsOf(line);
    const [pattern, ...owners] = words;
    if (pattern === undefined || !isPattern(pattern) || !owners.every((owner) => OWNER.test(owner))) return [];
    return [{ pattern, owners }];
  });
}

/** The words of a line without its comment; a space behind a backslash belongs to the pattern. */
function wordsOf(line: string): readonly string[] {
  const words = line.trim().match(/(?:\\.|[^\s\\])+/g) ?? [];
  const comment = words.findIndex((word) => word.startsWith('#'));
  return (comment === -1 ? words : words.slice(0, comment)).map((word, at) =>
    at === 0 ? word.replaceAll('\\ ', ' ') : word,
  );
}

/** The forms of .gitignore that GitHub names as not working in CODEOWNERS. */
function isPattern(pattern: string): boolean {
  return !pattern.startsWith('!') && !pattern.startsWith('\\#') && !/[[\]]/.test(pattern);
}

/** Whose a path is: the last pattern that fits decides. Nothing: no pattern fits, or one without owners does. */
export function ownersOf(rules: readonly OwnersRule[], path: string): readonly string[] {
  return rules.findLast(({ pattern }) => fits(pattern, path))?.owners ?? [];
}

/** Does a pattern fit a path (without a slash in front)? The rules are those of .gitignore (git-scm.com/docs/gitignore). */
export function fits(pattern: string, path: string): boolean {
  return regexOf(pattern).test(path);
}

function regexOf(pattern: string): RegExp {
  const folder = pattern.endsWith('/');
  const bare = pattern.replace(/^\//, '').replace(/\/$/, '');
  // A slash at the beginning or in the middle ties a pattern to the root; without one it fits at any depth.
  const anchored = pattern.startsWith('/') || bare.includes('/');
  const segments = bare === '' ? [] : bare.split('/');
  const last = segments.at(-1) ?? '';
  // `docs/*` fits files right there and not those further down; every other pattern that fits a folder fits all that is in it.
  const shallow = last === '*' && segments.length > 1;
  const below = folder ? '/.+' : shallow || last === '**' ? '' : '(?:/.*)?';
  return new RegExp(`^${anchored ? '' : '(?:.*/)?'}${body(segments)}${below}$`, 's');
}

/** `**` between slashes stands for any number of folders; at the end for everything in one; `*` and `?` stay within a name. */
function body(segments: readonly string[]): string {
  return segments
    .map((segment, at) => {
      const ends = at === segments.length - 1;
      if (segment === '**') return ends ? '.+' : '(?:.*/)?';
      return `${nameRegex(segment)}${ends ? '' : '/'}`;
    })
    .join('');
}

function nameRegex(segment: string): string {
  return segment.replace(/\*+|\?|\\?[\s\S]/g, (part) => {
    if (part.startsWith('*')) return '[^/]*';
    if (part === '?') return '[^/]';
    return part.replace(/^\\(?=.)/s, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
}

/**
 * Who must be asked for these files: one entry for each different set of owners, in a stable order.
 * @param paths all changed files; nothing: not all of them are known, so whoever owns anything is asked
 */
export function ownershipOf(rules: readonly OwnersRule[], paths: readonly string[] | undefined): readonly Ownership[] {
  return ownershipBy(
    paths === undefined
      ? rules.map(({ owners, pattern }) => ({ owners, example: pattern }))
      : paths.map((path) => ({ owners: ownersOf(rules, path), example: path })),
  );
}

/** A file, or a pattern that stands for some, and whose it is. */
export interface OwnedPath {
  readonly owners: readonly string[];
  readonly example: string;
}

/** One entry for each different set of owners, in a stable order. */
export function ownershipBy(owned: readonly OwnedPath[]): readonly Ownership[] {
  const found = new Map<string, Ownership>();
  for (const { owners, example } of owned) {
    const set = [...new Set(owners)].sort();
    if (set.length === 0) continue;
    const key = set.join(' ');
    const former = found.get(key);
    found.set(key, former === undefined ? { owners: set, files: 1, example } : { ...former, files: former.files + 1 });
  }
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
}
