import { FAINT, type Pdf, type Pen } from './pen.ts';

/** Margins in points; the lower one holds the footer. */
export const MARGINS = { top: 44, left: 46, right: 46, bottom: 56 } as const;
const FOOTER = 7.5;
/** Room for the number of all pages, in points. */
const TOTAL_WIDTH = 26;

export type Layout = 'portrait' | 'landscape';

/** Begins a page; everything until the next one is written on it and on those that follow it. */
export function addPage(pdf: Pdf, layout: Layout): void {
  pdf.addPage({ size: 'A4', layout, margins: MARGINS });
}

/** Width of what is written, in points. */
export function bodyWidth(pdf: Pdf): number {
  return pdf.page.width - MARGINS.left - MARGINS.right;
}

/** Where the body of a page ends. */
export function bodyEnd(pdf: Pdf): number {
  return pdf.page.height - MARGINS.bottom;
}

/** Begins another page of the same layout unless so much is free on this one. */
export function room(pdf: Pdf, height: number): void {
  if (pdf.y + height > bodyEnd(pdf) && pdf.y > MARGINS.top) addPage(pdf, pdf.page.layout as Layout);
}

/**
 * Puts a footer on every page that is added: the words, and "Page 3 of 8". The number of all pages is one small drawing that every page
 * shows and that is made at the end, so that no page has to be kept until then. Source: ISO 32000-1, 8.10 (form XObjects).
 * @returns to be called at the end
 */
export function footers(pen: Pen, words: string): () => void {
  const { pdf } = pen;
  let pages = 0;
  const font = pdf.ref({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica', Encoding: 'WinAnsiEncoding' });
  const total = pdf.ref({
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, -3, TOTAL_WIDTH, 10],
    Resources: { Font: { H: font } },
  });
  pdf.on('pageAdded', () => {
    pages += 1;
    const before = { x: pdf.x, y: pdf.y, style: pen.style };
    const { width, height } = pdf.page;
    const y = height - 36;
    pdf.save().lineWidth(0.5).strokeColor('#d0d7de');
    pdf
      .moveTo(MARGINS.left, y - 6)
      .lineTo(width - MARGINS.right, y - 6)
      .stroke()
      .restore();
    pen.take({ size: FOOTER, color: FAINT });
    const right = width - MARGINS.right - TOTAL_WIDTH;
    const left = { width: right - 80 - MARGINS.left, height: FOOTER + 3, ellipsis: true } as const;
    pdf.page.margins.bottom = 0;
    pen.write(pen.printable(words), MARGINS.left, y, left);
    pdf.page.margins.bottom = MARGINS.bottom;
    pdf.font('Helvetica', FOOTER).fillColor(FAINT);
    const page = `Page ${pages} of `;
    pdf.text(page, right - pdf.widthOfString(page), y, { lineBreak: false });
    pdf.page.xobjects['Total'] = total;
    pdf.save().transform(1, 0, 0, -1, right, y + 5.6);
    pdf.addContent('/Total Do').restore();
    pen.take(before.style);
    pdf.x = before.x;
    pdf.y = before.y;
  });
  return () => {
    // The colour is that of the rest of the footer, #59636e.
    total.end(`BT /H ${FOOTER} Tf 0.349 0.388 0.431 rg 0 0 Td (${pages}) Tj ET`);
    font.end('');
  };
}
