import type { Catalog } from '../../src/domain/catalog.ts';
import { type Scope, scopeKey, scopeOf } from '../../src/domain/lock.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { type Fault, splitOnce, unknownEnvironment, unknownService } from './faults.ts';
import { findEnvironment, findService, nearest } from './names.ts';
import type { Slot } from './spec.ts';
import type { Word } from './words.ts';

/** What is wider than a target: `everything`, `environment/production`, `region/eu`, `service/web`. */
export const SCOPE = {
  field: 'scope',
  kind: 'scope',
  needed: true,
  label: 'everything|environment/…|region/…|service/…',
} as const satisfies Slot;

/** Is this word a scope wider than a target? A service may be called `everything`; `*` always means everything. */
export function isWide(catalog: Catalog, { text, quoted }: Word): boolean {
  if (quoted) return false;
  if (text === '*') return true;
  if (findService(catalog, text) !== undefined) return false;
  return text.toLowerCase() === 'everything' || /^(?:environment|env|region|service)\//i.test(text);
}

/** The key of the scope that a word names, or what is wrong with it. */
export function scopeValue(catalog: Catalog, word: Word): { readonly scope: string } | Fault {
  const key = (scope: Scope) => ({ scope: scopeKey(scope) });
  if (word.text === '*' || word.text.toLowerCase() === 'everything') return key({ kind: 'everything' });
  const [kind, name = ''] = splitOnce(word.text, '/');
  const start = word.start + kind.length + 1;
  const behind: Word = { ...word, text: name, start: Math.min(start, word.end) };
  switch (kind.toLowerCase()) {
    case 'environment':
    case 'env': {
      const found = findEnvironment(catalog, name);
      return found === undefined
        ? unknownEnvironment(catalog, undefined, behind)
        : key({ kind: 'environment', environment: found.id });
    }
    case 'service': {
      const found = findService(catalog, name);
      return found === undefined ? unknownService(catalog, name, behind) : key({ kind: 'service', service: found.id });
    }
    case 'region': {
      const known = regionsOf(catalog);
      const region = known.find((one) => one.toLowerCase() === name.toLowerCase());
      if (region !== undefined) return key({ kind: 'region', region });
      const next = known.length === 0 ? 'No target names a region.' : `Known: ${known.join(', ')}.`;
      return {
        refusal: refusal('unknown-scope', `No target names the region "${name}".`, next),
        span: behind,
        candidates: nearest(
          name,
          known.map((id) => ({ id, aliases: [] })),
        ),
      };
    }
    default:
      return {
        refusal: refusal(
          'unknown-scope',
          `"${word.text}" is nothing that can be locked.`,
          'Name a service and an environment, or `everything`, `environment/…`, `region/…`, `service/…`.',
        ),
      };
  }
}

function regionsOf({ services }: Catalog): readonly string[] {
  const all = Object.values(services).flatMap(({ targets }) =>
    Object.values(targets).flatMap(({ regions = [] }) => regions),
  );
  return [...new Set(all)].sort();
}

/** What a line of either form speaks of. */
export function scopeSaid(args: {
  readonly scope?: string | undefined;
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}): Scope {
  const { scope, service, environment } = args;
  const wide = scope === undefined ? undefined : scopeOf(scope);
  if (wide !== undefined) return wide;
  if (service === undefined || environment === undefined) throw new RangeError('A line names no scope: a bug of ours.');
  return { kind: 'target', service, environment };
}
