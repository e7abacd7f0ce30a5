import PDFDocument from 'pdfkit';
import type { Block } from '../../domain/evidence-block.ts';
import type { PdfFont } from '../../ports/print.ts';
import { drawBlock, drawFootnote } from './draw.ts';
import { addPage, footers } from './page.ts';
import { type Pdf, type Pen, penOn } from './pen.ts';

export { checkFont } from './pen.ts';

/** What stands on a document beside its text. */
export interface PdfCover {
  readonly title: string;
  /** Name of the installation. */
  readonly author: string;
  /** On the foot of every page. */
  readonly footer: string;
  /** Moment of the evidence itself, so that the same evidence is always the same file. */
  readonly at: Date;
}

/** With more columns a table needs the long side of the paper. */
const PORTRAIT_COLUMNS = 7;

/**
 * Blocks as a printed document (A4), written while they come: each group begins a page. Nothing of the text is markup to a PDF; signs that
 * its font does not have are shown by their number (`U+4E2D`), so that no two names look the same.
 */
export async function* evidencePdf(
  cover: PdfCover,
  groups: AsyncIterable<readonly Block[]> | Iterable<readonly Block[]>,
  font?: PdfFont,
): AsyncGenerator<Uint8Array> {
  const pdf = new PDFDocument({
    autoFirstPage: false,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: cover.title,
      Author: cover.author,
      Creator: 'Countersign',
      Producer: 'Countersign',
      CreationDate: cover.at,
      ModDate: cover.at,
    },
  });
  const pen = penOn(pdf, font);
  const close = footers(pen, cover.footer);
  for await (const blocks of groups) {
    drawGroup(pen, blocks);
    yield* written(pdf);
  }
  close();
  pdf.end();
  for await (const piece of pdf) yield piece as Uint8Array;
}

/** What is there is taken before more is made. */
function* written(pdf: Pdf): Generator<Uint8Array> {
  for (let piece = pdf.read(); piece !== null; piece = pdf.read()) yield piece as Uint8Array;
}

function drawGroup(pen: Pen, blocks: readonly Block[]): void {
  const { pdf } = pen;
  const wide = blocks.some((block) => block.kind === 'table' && block.head.length > PORTRAIT_COLUMNS);
  addPage(pdf, wide ? 'landscape' : 'portrait');
  pen.replaced();
  let chapter: PDFKit.PDFOutline | undefined;
  for (const block of blocks) {
    drawBlock(pen, block);
    if (block.kind !== 'heading' || block.level === 3) continue;
    if (block.level === 1) chapter = pdf.outline.addItem(block.text);
    else chapter?.addItem(block.text);
  }
  if (pen.replaced()) drawFootnote(pen);
}
