import PDFDocument from 'pdfkit';
import type { Block } from '../domain/evidence-block.ts';

type Pdf = InstanceType<typeof PDFDocument>;

const MARGIN = 48;
const SIZES = { 1: 18, 2: 13, 3: 10.5 } as const;
const BODY = 9;
const CELL = 7.5;

/**
 * Blocks as a printed document (A4), written while they come. Nothing of the text is markup to a PDF; signs that its fonts do not have
 * are shown by their number (`U+4E2D`), so that no two names look the same.
 */
export async function* evidencePdf(
  title: string,
  groups: AsyncIterable<readonly Block[]> | Iterable<readonly Block[]>,
  madeAt: Date,
): AsyncGenerator<Uint8Array> {
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    info: { Title: printable(title), Producer: 'Countersign', CreationDate: madeAt, ModDate: madeAt },
  });
  const failed: { error?: unknown } = {};
  void fill(pdf, groups).catch((error: unknown) => {
    failed.error = error;
    pdf.end();
  });
  for await (const piece of pdf) yield piece as Uint8Array;
  if ('error' in failed) throw failed.error;
}

async function fill(pdf: Pdf, groups: AsyncIterable<readonly Block[]> | Iterable<readonly Block[]>): Promise<void> {
  let first = true;
  for await (const blocks of groups) {
    if (!first) pdf.addPage();
    first = false;
    for (const block of blocks) draw(pdf, block);
    // The reader takes what is there before more is made.
    while (!pdf.destroyed && pdf.readableLength > pdf.readableHighWaterMark)
      await new Promise<void>((resolve) => setImmediate(resolve));
  }
  pdf.end();
}

function draw(pdf: Pdf, block: Block): void {
  switch (block.kind) {
    case 'heading':
      pdf.moveDown(block.level === 1 ? 0 : 0.8);
      pdf.font('Helvetica-Bold').fontSize(SIZES[block.level]).text(printable(block.text)).moveDown(0.3);
      return;
    case 'paragraph':
      pdf.font('Helvetica').fontSize(BODY).text(printable(block.text)).moveDown(0.4);
      return;
    case 'facts':
      for (const [name, value] of block.facts) {
        pdf
          .font('Helvetica-Bold')
          .fontSize(BODY)
          .text(`${printable(name)}: `, { continued: true });
        pdf.font('Helvetica').text(printable(value));
      }
      return;
    case 'list':
      pdf.font('Helvetica').fontSize(BODY);
      for (const item of block.items) pdf.text(`- ${printable(item)}`, { indent: 8 });
      return;
    case 'table':
      table(pdf, block.head, block.rows);
  }
}

/** Columns of one width; a row that does not fit begins a page, under the heads again. */
function table(pdf: Pdf, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const width = (pdf.page.width - 2 * MARGIN) / head.length;
  const line = (cells: readonly string[], font: string) => {
    pdf.font(font).fontSize(CELL);
    const texts = cells.map((cell) => clipped(printable(cell)));
    const height = Math.max(...texts.map((text) => pdf.heightOfString(text, { width: width - 6 })));
    if (pdf.y + height > pdf.page.height - MARGIN) {
      pdf.addPage();
      if (cells !== head) line(head, 'Helvetica-Bold');
      pdf.font(font).fontSize(CELL);
    }
    const top = pdf.y;
    for (const [index, text] of texts.entries()) pdf.text(text, MARGIN + index * width, top, { width: width - 6 });
    pdf.x = MARGIN;
    pdf.y = top + height + 3;
  };
  line(head, 'Helvetica-Bold');
  for (const row of rows) line(row, 'Helvetica');
  pdf.moveDown(0.4);
}

/** A cell that would fill a page is cut; JSON holds all of it. */
const LONGEST = 600;

function clipped(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}

/** The fonts that every reader has know Windows-1252 only. Source: ISO 32000-1, annex D. */
const WESTERN = /[^\x20-\x7e\u00a0-\u00ff\u20ac\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026]/gu;

function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/→/gu, '->')
    .replace(WESTERN, (sign) => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}
