import { posix } from 'node:path';
import { COMPUTED, importsOf, type SourceFile } from './import-scanner.ts';

/** What a room may import besides itself: room names; `adapters/*` stands for every adapter, `*` for the whole house. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/ports': ['src/domain'],
  'src/gates': ['src/domain', 'src/ports'],
  'src/calendar': ['src/domain', 'src/ports'],
  'src/evidence': ['src/domain', 'src/ports'],
  'src/engine': ['src/domain', 'src/ports', 'src/gates', 'src/calendar'],
  'src/store': ['src/domain', 'src/ports'],
  'src/config': ['src/domain', 'src/ports', 'src/calendar'],
  'src/log': ['src/domain', 'src/ports'],
  'src/system': ['src/domain', 'src/ports'],
  'src/http': ['src/domain', 'src/ports'],
  commands: ['src/domain', 'src/ports', 'src/engine', 'src/calendar', 'src/evidence'],
  'adapters/shared': ['src/domain', 'src/ports'],
  'adapters/*': ['src/domain', 'src/ports', 'src/calendar', 'src/evidence', 'adapters/shared'],
  'adapters/index': ['src/domain', 'src/ports', 'adapters/shared', 'adapters/*'],
  bin: ['*'],
};

/** Where an SDK lives: no other folder may import it. */
export const SDK_HOMES: Readonly<Record<string, readonly string[]>> = {
  '@slack/*': ['adapters/chat/slack'],
  botbuilder: ['adapters/chat/teams'],
  '@octokit/*': ['adapters/shared/github', 'adapters/source/github', 'adapters/pipeline/github-actions'],
  undici: ['adapters/shared/http'],
  'drizzle-orm': ['src/store'],
  'better-sqlite3': ['src/store'],
  pg: ['src/store'],
  'graphile-worker': ['src/store'],
  commander: ['bin'],
  pdfkit: ['src/evidence'],
  'rrule-temporal': ['src/calendar'],
  'temporal-polyfill': ['src/calendar'],
  'ical.js': ['src/calendar'],
  '@aws-sdk/*': ['adapters/archive', 'adapters/pipeline/app-runner'],
};

/** The row of ROOMS that holds `path`; undefined for a path that lies in no room. */
export function roomOf(path: string): string | undefined {
  if (path === 'adapters/index.ts') return 'adapters/index';
  if (path === 'src/log.ts') return 'src/log';
  if (path.startsWith('bin/')) return 'bin';
  if (path.startsWith('commands/')) return 'commands';
  if (path.startsWith('adapters/shared/')) return 'adapters/shared';
  if (adapterOf(path) !== undefined) return 'adapters/*';
  const [top, room, file] = path.split('/');
  const name = `${top}/${room}`;
  return top === 'src' && file !== undefined && Object.hasOwn(ROOMS, name) ? name : undefined;
}

/** The arrows out of `room` that the table does not allow. */
export function forbiddenArrows(room: string, files: readonly SourceFile[]): readonly string[] {
  return arrows(files, (from, to) => roomOf(from) === room && !isPackage(to) && !mayImport(from, resolved(from, to)));
}

/** The files outside `homes` that import the package `sdk` (`@scope/*` for a whole scope). */
export function homeless(sdk: string, homes: readonly string[], files: readonly SourceFile[]): readonly string[] {
  return arrows(files, (from, to) => belongsTo(sdk, to) && !homes.some((home) => isInside(home, from)));
}

/** The packages imported by files of `room` that `allowed` refuses. */
export function strangers(
  room: string,
  files: readonly SourceFile[],
  allowed: (name: string) => boolean,
): readonly string[] {
  return arrows(files, (from, to) => roomOf(from) === room && isPackage(to) && !allowed(to));
}

/** `name` is the package `sdk` itself or a path inside it. */
export function belongsTo(sdk: string, name: string): boolean {
  if (sdk.endsWith('/*')) return name.startsWith(sdk.slice(0, -1));
  return name === sdk || name.startsWith(`${sdk}/`);
}

function arrows(files: readonly SourceFile[], isWrong: (from: string, to: string) => boolean): readonly string[] {
  const found: string[] = [];
  for (const { path, text } of files) {
    for (const to of importsOf(text)) {
      if (isWrong(path, to)) found.push(`${path} -> ${isPackage(to) ? to : resolved(path, to)}`);
    }
  }
  return found;
}

function mayImport(from: string, to: string): boolean {
  const [home, target] = [roomOf(from), roomOf(to)];
  const allowed = home === undefined ? [] : (ROOMS[home] ?? []);
  if (allowed.includes('*')) return to !== COMPUTED;
  if (home === undefined || target === undefined) return false;
  if (home === 'adapters/*' && target === 'adapters/*') return adapterOf(from) === adapterOf(to);
  return home === target || allowed.includes(target);
}

/** `adapters/<kind>/<id>`, whether the adapter is a folder or one file. */
function adapterOf(path: string): string | undefined {
  const [top, kind, id] = path.split('/');
  if (top !== 'adapters' || kind === undefined || id === undefined || kind === 'shared') return undefined;
  return `adapters/${kind}/${id.replace(/\.ts$/, '')}`;
}

function isPackage(to: string): boolean {
  return to !== COMPUTED && !/^[./#]|^file:/.test(to);
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`) || path === `${folder}.ts`;
}

function resolved(from: string, to: string): string {
  return to.startsWith('.') ? posix.join(posix.dirname(from), to) : to;
}
