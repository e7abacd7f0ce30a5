import { addPage, bodyEnd, bodyWidth, type Layout, MARGINS } from './page.ts';
import { FAINT, type Pen, type Style } from './pen.ts';

const CELL: Style = { size: 7.5 };
const HEAD: Style = { size: 7, bold: true, color: FAINT };
/** Between the text of a cell and its edge, in points. */
const PAD = { x: 4, y: 3 } as const;
/** A cell that would fill a page is cut; JSON holds all of it. */
const LONGEST = 600;
/** So many rows say how wide the columns are. */
const MEASURED = 400;
/** Wider than this, in points, no column has to be for the sake of one word. */
const WORD = 96;
/** A cell of so few signs is better not broken. */
const SHORT = 24;
/** More than this, in points, no column wishes for. */
const WIDEST = 260;

/** A table with heads on every page; a row is never torn apart. */
export function drawTable(pen: Pen, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const { pdf } = pen;
  const heads = head.map((cell) => pen.printable(cell));
  const widths = columnWidths(pen, heads, rows);
  const line = (cells: readonly string[], style: Style) => {
    pen.take(style);
    const tallest = bodyEnd(pdf) - MARGINS.top - 40;
    const height = Math.min(heightOf(pen, cells, widths), tallest);
    if (pdf.y + height > bodyEnd(pdf)) {
      addPage(pdf, pdf.page.layout as Layout);
      if (style !== HEAD) line(heads, HEAD);
    }
    if (style === HEAD) shade(pen, height);
    pen.take(style);
    drawRow(pen, cells, widths, height);
  };
  // Heads without a row below them would be lost at the foot of a page.
  if (pdf.y + 40 > bodyEnd(pdf)) addPage(pdf, pdf.page.layout as Layout);
  line(heads, HEAD);
  for (const row of rows)
    line(
      row.map((cell) => clipped(pen.printable(cell))),
      CELL,
    );
  pdf.x = MARGINS.left;
  pdf.y += 6;
}

function drawRow(pen: Pen, cells: readonly string[], widths: readonly number[], height: number): void {
  const { pdf } = pen;
  const top = pdf.y;
  let x: number = MARGINS.left;
  for (const [index, text] of cells.entries()) {
    const width = widths[index] ?? 0;
    if (text !== '') {
      const inner = { width: width - 2 * PAD.x, height: height - PAD.y, ellipsis: true } as const;
      pen.write(text, x + PAD.x, top + PAD.y, inner);
    }
    x += width;
  }
  pdf.x = MARGINS.left;
  pdf.y = top + height;
  pdf.save().lineWidth(0.4).strokeColor('#d0d7de');
  pdf.moveTo(MARGINS.left, pdf.y).lineTo(x, pdf.y).stroke().restore();
}

function shade({ pdf }: Pen, height: number): void {
  pdf.save().rect(MARGINS.left, pdf.y, bodyWidth(pdf), height).fill('#f0f3f6').restore();
}

function heightOf({ pdf }: Pen, cells: readonly string[], widths: readonly number[]): number {
  const line = pdf.currentLineHeight(true);
  let tallest = line;
  for (const [index, text] of cells.entries()) {
    const width = (widths[index] ?? 0) - 2 * PAD.x;
    if (text !== '' && pdf.widthOfString(text) > width)
      tallest = Math.max(tallest, pdf.heightOfString(text, { width }));
  }
  return tallest + 2 * PAD.y;
}

interface Column {
  /** What its longest word needs, in points. */
  readonly word: number;
  /** What its longest short cell needs to stand on one line: a moment, a name. */
  readonly short: number;
  readonly wish: number;
}

/** Columns get what they need; what is left goes to those that have more to say. */
function columnWidths(pen: Pen, heads: readonly string[], rows: readonly (readonly string[])[]): readonly number[] {
  const all = bodyWidth(pen.pdf);
  const columns = heads.map((head, index) => measured(pen, head, rows, index));
  const sum = (of: (column: Column) => number) => columns.reduce((total, column) => total + of(column), 0);
  const least = sum(({ short }) => short) <= all ? ({ short }: Column) => short : ({ word }: Column) => word;
  const needed = sum(least);
  if (needed >= all) return columns.map((column) => (least(column) / needed) * all);
  const more = ({ wish }: Column) => wish;
  return columns.map((column) => least(column) + (more(column) / sum(more)) * (all - needed));
}

function measured(pen: Pen, head: string, rows: readonly (readonly string[])[], index: number): Column {
  const { pdf } = pen;
  pen.take(HEAD);
  let word = longestWord(pen, head);
  let short = word;
  let wish = 0;
  pen.take(CELL);
  for (const row of rows.slice(0, MEASURED)) {
    const text = clipped(pen.printable(row[index] ?? ''));
    const width = pdf.widthOfString(text);
    word = Math.max(word, longestWord(pen, text));
    if (text.length <= SHORT) short = Math.max(short, width);
    wish = Math.max(wish, Math.min(width, WIDEST));
  }
  // A point more than was measured: widths are rounded while lines are broken.
  const padded = (width: number) => Math.min(width, WORD) + 2 * PAD.x + 1;
  const least = { word: padded(word), short: padded(Math.max(word, short)) };
  // Only what goes beyond the least wishes for more; nobody is left with nothing.
  return { ...least, wish: Math.max(1, wish - least.short) };
}

function longestWord({ pdf }: Pen, text: string): number {
  return text.split(/[ -]/).reduce((longest, word) => Math.max(longest, word === '' ? 0 : pdf.widthOfString(word)), 0);
}

function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}
