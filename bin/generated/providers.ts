import type { Abilities, PipelineAdapter } from '../../adapters/shared/adapter.ts';

type Column = readonly [string, keyof Abilities];

const OVERVIEW: readonly Column[] = [
  ['follows by', 'follows'],
  ['log', 'logs'],
  ['own way back', 'rollsBack'],
  ['inputs', 'inputs'],
  ['waits', 'waits'],
  ['artifacts', 'artifacts'],
];

const DETAILS: readonly Column[] = [
  ['Starts', 'starts'],
  ['Finds a run again by', 'findsBy'],
  ['Commit', 'commit'],
  ['Stops', 'stops'],
  ['Log', 'logs'],
  ['Way back', 'rollsBack'],
  ['Inputs', 'inputs'],
  ['Waits for a person', 'waits'],
  ['Artifacts', 'artifacts'],
  ['Login', 'login'],
  ['To know', 'limits'],
];

/** What each kind of provider can and cannot do, in Markdown: one table of all. */
export function providersTable(adapters: Iterable<PipelineAdapter>): string {
  const rows = byTitle(adapters).map(({ type, abilities }) => {
    const cells = OVERVIEW.map(([, key]) =>
      key === 'follows' ? abilities[key] : abilities[key] === undefined ? '–' : '✓',
    );
    return `| ${[`${abilities.title} (\`${type}\`)`, ...cells].map(cell).join(' | ')} |`;
  });
  const heads = ['provider', ...OVERVIEW.map(([title]) => title)];
  return [`| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...rows].join('\n');
}

/** The same in words, a list for each. */
export function providersDetails(adapters: Iterable<PipelineAdapter>): string {
  return byTitle(adapters)
    .map(({ abilities }) => details(abilities))
    .join('\n\n');
}

function byTitle(adapters: Iterable<PipelineAdapter>): readonly PipelineAdapter[] {
  return [...adapters].toSorted((one, other) => one.abilities.title.localeCompare(other.abilities.title));
}

function details(abilities: Abilities): string {
  const lines = DETAILS.map(([title, key]) => `- ${title}: ${abilities[key] ?? 'none'}.`);
  return [`## ${abilities.title}`, '', ...lines].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
