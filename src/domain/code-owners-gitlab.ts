import { type OwnedPath, ownershipBy } from './code-owners.ts';
import type { Ownership } from './deployment.ts';

/** Where GitLab looks for the file; the first one found counts. Source: docs.gitlab.com/user/project/codeowners, "`CODEOWNERS` file". */
export const GITLAB_OWNERS_PATHS = ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'] as const;

interface Rule {
  readonly pattern: string;
  readonly owners: readonly string[];
  /** `!pattern`: whatever fits is nobody's in its section, whatever comes behind. */
  readonly excludes: boolean;
}

interface Section {
  readonly rules: Rule[];
  optional: boolean;
}

const HEADING = /^(\^)?\[([^\]]+)\](?:\[\d*\])?(?=\s|$)(.*)$/;
/** A user, a group at any depth, a role of the project (`@@maintainer`) or an address. */
const OWNER = /^(?:@{1,2}[\w.-]+(?:\/[\w.-]+)*|[^@\s]+@[^@\s]+)$/;

/**
 * Who must be asked for these files by a file of GitLab's form. Pure, total. Each section is asked for itself, by its last pattern that
 * fits; an optional one not at all. How many of a section must approve is not heeded: one of them does.
 * Source: docs.gitlab.com/user/project/codeowners/reference.
 * @param paths all changed files; nothing: not all of them are known, so whoever owns anything is asked
 */
export function gitlabOwnership(text: string, paths: readonly string[] | undefined): readonly Ownership[] {
  const required = sectionsOf(text).filter(({ optional }) => !optional);
  const owned = required.flatMap(({ rules }): readonly OwnedPath[] =>
    paths === undefined
      ? rules.map(({ owners, pattern }) => ({ owners, example: pattern }))
      : paths.map((path) => ({ owners: ownersIn(rules, path), example: path })),
  );
  return ownershipBy(owned);
}

function sectionsOf(text: string): readonly Section[] {
  const sections = new Map<string, Section>([['', { rules: [], optional: false }]]);
  let current = '';
  let byDefault: readonly string[] = [];
  for (const line of text.split(/\r?\n/).map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const heading = HEADING.exec(line);
    if (heading === null) {
      sections.get(current)?.rules.push(ruleOf(line, byDefault));
      continue;
    }
    const [, caret, name = '', rest = ''] = heading;
    current = name.trim().toLowerCase();
    byDefault = ownersAmong(rest.split(/\s+/));
    const known = sections.get(current);
    // Of two sections of one name, the one that is required decides.
    if (known === undefined) sections.set(current, { rules: [], optional: caret !== undefined });
    else known.optional &&= caret !== undefined;
  }
  return [...sections.values()];
}

function ruleOf(line: string, byDefault: readonly string[]): Rule {
  const [first = '', ...rest] = line.match(/(?:\\.|[^\s\\])+/g) ?? [];
  const excludes = first.startsWith('!');
  const pattern = first.slice(excludes ? 1 : 0).replace(/\\([ #])/g, '$1');
  const own = ownersAmong(rest);
  return { pattern, excludes, owners: excludes ? [] : own.length > 0 ? own : byDefault };
}

/** Comments behind an entry do not hide owners. A role cannot be asked who has it, so it stands only where nobody else does. */
function ownersAmong(words: readonly string[]): readonly string[] {
  const owners = words.filter((word) => OWNER.test(word));
  const others = owners.filter((owner) => !owner.startsWith('@@'));
  return others.length > 0 ? others : owners;
}

function ownersIn(rules: readonly Rule[], path: string): readonly string[] {
  const fitting = rules.filter(({ pattern }) => fits(pattern, path));
  return fitting.some(({ excludes }) => excludes) ? [] : (fitting.at(-1)?.owners ?? []);
}

/** Patterns are those of Ruby's `File.fnmatch` with paths and dot files; without a slash in front they fit at any depth. */
function fits(pattern: string, path: string): boolean {
  const whole = `${pattern.startsWith('/') ? '' : '/**/'}${pattern}${pattern.endsWith('/') ? '**/*' : ''}`;
  const segments = whole.split('/').slice(1);
  const body = segments.map((segment, at) => {
    const last = at === segments.length - 1;
    return segment === '**' && !last ? '(?:[^/]+/)*' : `${nameRegex(segment)}${last ? '' : '/'}`;
  });
  return new RegExp(`^${body.join('')}$`, 's').test(path);
}

function nameRegex(segment: string): string {
  return segment.replace(/\*+|\?|[\s\S]/g, (part) => {
    if (part.startsWith('*')) return '[^/]*';
    return part === '?' ? '[^/]' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
}
