import type { Row, Spread } from './measure.ts';

const HEAD = ['name', 'ours p50', 'ours p99', 'baseline p50', 'baseline p99', 'ratio', 'aim', 'met?'];

/** The rows as one table in Markdown, with the notes below it. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const notes = rows.flatMap(({ name, note }) => (note === undefined ? [] : [`- ${name}: ${note}`]));
  return [lines[0], rule, ...lines.slice(1), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

function cellsOf(row: Row): readonly string[] {
  const { name, unit, ours, baseline, ratio, aim, met } = row;
  return [
    name,
    ...both(ours, unit),
    ...(baseline === undefined ? ['', ''] : both(baseline, unit)),
    ratio === undefined ? '' : ratio.toFixed(2),
    aim,
    met ? 'yes' : 'NO',
  ];
}

function both({ p50, p99 }: Spread, unit: string): readonly string[] {
  return [p50, p99].map((value) => `${rounded(value)} ${unit}`);
}

function rounded(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}
