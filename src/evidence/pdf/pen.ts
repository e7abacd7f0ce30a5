import PDFDocument from 'pdfkit';
import type { PdfFont } from '../../ports/print.ts';

export type Pdf = InstanceType<typeof PDFDocument>;

export interface Style {
  /** In points. */
  readonly size: number;
  readonly bold?: true;
  readonly color?: string;
}

const INK = '#1f2328';
export const FAINT = '#59636e';

type TextOptions = PDFKit.Mixins.TextOptions;

/** Writes on a PDF in one of two weights, and shows every sign that its font does not have. */
export interface Pen {
  readonly pdf: Pdf;
  take(style: Style): void;
  /** The style that was taken last; to be put back by whoever needs another one for a moment. */
  readonly style: Style;
  /** Text as the font can show it, on one line; to be written as it comes. */
  printable(text: string): string;
  /** Did `printable` show a sign by its number since this was asked last? */
  replaced(): boolean;
  write(printable: string, x: number, y: number, options: TextOptions): void;
}

/** Throws a TypeError in words for people when a font cannot be read. */
export function penOn(pdf: Pdf, font?: PdfFont): Pen {
  const faces = facesOf(pdf, font);
  let style: Style = { size: 9 };
  let numbered = false;
  const shown = (sign: string) => {
    const known = faces.knows(sign);
    if (!known) numbered = true;
    return known;
  };
  return {
    pdf,
    get style() {
      return style;
    },
    take(next) {
      style = next;
      const color = next.color ?? INK;
      pdf.font(next.bold ? faces.bold : faces.regular, next.size).fillColor(color);
      // A weight that the font does not have is made of an outline.
      if (next.bold && faces.thicken) pdf.strokeColor(color).lineWidth(next.size / 36);
    },
    printable: (text) => printable(text, shown),
    replaced() {
      const was = numbered;
      numbered = false;
      return was;
    },
    write(text, x, y, options) {
      const outline = style.bold && faces.thicken ? { fill: true, stroke: true } : {};
      pdf.text(text, x, y, { ...options, ...outline });
    },
  };
}

interface Faces {
  readonly regular: string;
  readonly bold: string;
  readonly thicken: boolean;
  knows(sign: string): boolean;
}

function facesOf(pdf: Pdf, font: PdfFont | undefined): Faces {
  if (font === undefined)
    return { regular: 'Helvetica', bold: 'Helvetica-Bold', thicken: false, knows: (sign) => WESTERN.test(sign) };
  const { regular, bold } = font;
  const regularKnows = registered(pdf, 'regular', regular);
  if (bold === undefined) return { regular: 'regular', bold: 'regular', thicken: true, knows: regularKnows };
  const boldKnows = registered(pdf, 'bold', bold);
  const knows = (sign: string) => regularKnows(sign) && boldKnows(sign);
  return { regular: 'regular', bold: 'bold', thicken: false, knows };
}

/** What pdfkit keeps of an embedded font; it is made with fontkit. */
interface Embedded {
  readonly _font?: { readonly font?: { hasGlyphForCodePoint?(codePoint: number): boolean } };
}

function registered(pdf: Pdf, name: string, bytes: Uint8Array): (sign: string) => boolean {
  try {
    pdf.registerFont(name, bytes as Buffer).font(name);
  } catch (cause) {
    throw new TypeError('The font of the evidence is no TrueType or OpenType font of one face.', { cause });
  }
  const face = (pdf as Embedded)._font?.font;
  const seen = new Map<string, boolean>();
  return (sign) => {
    const known = seen.get(sign) ?? face?.hasGlyphForCodePoint?.(sign.codePointAt(0) ?? 0) === true;
    seen.set(sign, known);
    return known;
  };
}

/** Throws a TypeError in words for people when a document could not be written in this font. */
export function checkFont(font: PdfFont): void {
  penOn(new PDFDocument({ autoFirstPage: false }), font);
}

/** The fonts that every reader has know Windows-1252 only. Source: ISO 32000-1, annex D. */
const WESTERN =
  /^[\x20-\x7e\u00a0-\u00ff\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]$/u;
/** Signs that cannot be seen: two names that differ must not look the same. */
const UNSEEN = /^[\p{Cf}\p{Cs}\p{Cn}]$/u;

/** Runs of signs that cannot be shown are written by their numbers: `<U+4E2D U+6587>`. */
function printable(text: string, shown: (sign: string) => boolean): string {
  let out = '';
  let run: string[] = [];
  const close = () => {
    if (run.length > 0) out += `<${run.join(' ')}>`;
    run = [];
  };
  for (const sign of text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/→/gu, '->')) {
    if (!UNSEEN.test(sign) && shown(sign)) {
      close();
      out += sign;
    } else {
      if (UNSEEN.test(sign)) shown('\u{10ffff}');
      run.push(`U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
    }
  }
  close();
  return out;
}

export const NUMBERED =
  'Signs written as U+ and a number are not in the font of this file; the JSON form of this evidence holds them as they were typed.';
