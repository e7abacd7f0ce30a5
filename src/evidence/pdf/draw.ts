import type { Block } from '../../domain/evidence-block.ts';
import { bodyWidth, MARGINS, room } from './page.ts';
import { FAINT, NUMBERED, type Pen, type Style } from './pen.ts';
import { drawTable } from './table.ts';

const BODY: Style = { size: 9 };
const LABEL: Style = { size: 9, color: FAINT };
const HEADINGS = {
  1: { size: 17, bold: true },
  2: { size: 12, bold: true },
  3: { size: 9.5, bold: true },
} as const satisfies Record<1 | 2 | 3, Style>;
/** Before a heading, and what must be free for it and a little below it; in points. */
const BEFORE = { 1: 0, 2: 12, 3: 6 } as const;
const TOGETHER = { 1: 90, 2: 70, 3: 44 } as const;

export function drawBlock(pen: Pen, block: Block): void {
  switch (block.kind) {
    case 'heading':
      heading(pen, block.level, block.text);
      return;
    case 'paragraph':
      paragraph(pen, block.text);
      return;
    case 'facts':
      facts(pen, block.facts);
      return;
    case 'list':
      list(pen, block.items);
      return;
    case 'table':
      drawTable(pen, block.head, block.rows);
  }
}

/** Why numbers stand where people typed signs. */
export function drawFootnote(pen: Pen): void {
  room(pen.pdf, 30);
  pen.take({ size: 7.5, color: FAINT });
  pen.write(NUMBERED, MARGINS.left, pen.pdf.y + 6, { width: bodyWidth(pen.pdf) });
}

function heading(pen: Pen, level: 1 | 2 | 3, text: string): void {
  const { pdf } = pen;
  room(pdf, TOGETHER[level] + BEFORE[level]);
  const y = pdf.y > MARGINS.top ? pdf.y + BEFORE[level] : pdf.y;
  pen.take(HEADINGS[level]);
  pen.write(pen.printable(text), MARGINS.left, y, { width: bodyWidth(pdf) });
  pdf.y += level === 3 ? 1 : 4;
}

function paragraph(pen: Pen, text: string): void {
  pen.take(BODY);
  pen.write(pen.printable(text), MARGINS.left, pen.pdf.y, { width: bodyWidth(pen.pdf), lineGap: 1 });
  pen.pdf.y += 4;
}

/** Names in one column, what is said of them in another. */
function facts(pen: Pen, all: readonly (readonly [string, string])[]): void {
  const { pdf } = pen;
  pen.take(LABEL);
  const names = all.map(([name]) => pen.printable(name));
  const widest = Math.max(0, ...names.map((name) => pdf.widthOfString(name)));
  const column = Math.min(Math.max(widest + 14, 90), bodyWidth(pdf) * 0.35);
  const width = bodyWidth(pdf) - column;
  for (const [index, [, value]] of all.entries()) {
    const text = pen.printable(value);
    pen.take(BODY);
    const height = pdf.heightOfString(text, { width });
    room(pdf, Math.min(height, 120));
    const top = pdf.y;
    pen.take(LABEL);
    pen.write(names[index] ?? '', MARGINS.left, top, { width: column - 8 });
    const below = pdf.y;
    pen.take(BODY);
    pen.write(text, MARGINS.left + column, top, { width });
    pdf.y = Math.max(pdf.y, pdf.y < top ? pdf.y : below) + 2;
  }
  pdf.x = MARGINS.left;
  pdf.y += 4;
}

function list(pen: Pen, items: readonly string[]): void {
  const { pdf } = pen;
  for (const item of items) {
    pen.take(BODY);
    room(pdf, pdf.currentLineHeight(true));
    const top = pdf.y;
    pen.write('-', MARGINS.left + 2, top, { lineBreak: false });
    pen.write(pen.printable(item), MARGINS.left + 12, top, { width: bodyWidth(pdf) - 12 });
    pdf.y += 2;
  }
  pdf.x = MARGINS.left;
  pdf.y += 4;
}
