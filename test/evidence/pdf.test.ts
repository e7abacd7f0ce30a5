import { existsSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/domain/evidence-block.ts';
import { evidencePdf } from '../../src/evidence/pdf/index.ts';
import type { PdfFont } from '../../src/ports/print.ts';

const COVER = { title: 'Evidence', author: 'Acme', footer: 'Acme', at: new Date('2026-11-20T10:00:00.000Z') };
const DEJAVU = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

async function made(blocks: readonly Block[], font?: PdfFont): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of evidencePdf(COVER, [blocks], font)) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

/** What the streams of a file hold, unpacked. */
function streams(pdf: string): readonly string[] {
  return [...pdf.matchAll(/<<(.*?)>>\s*stream\r?\n(.*?)\r?\nendstream/gs)].map(([, head = '', body = '']) => {
    if (!head.includes('/FlateDecode')) return body;
    return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
  });
}

/** The words of each page that are written in a font of the reader: its strings are the bytes of Windows-1252. */
function pages(pdf: string): readonly string[] {
  const text = (operands: string) =>
    [...operands.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1')).join('');
  return streams(pdf)
    .filter((one) => one.includes('/Total Do'))
    .map((one) => [...one.matchAll(/\[([^\]]*)\] TJ/g)].map(([, operands = '']) => text(operands)).join('\n'));
}

const table = (rows: number): Block => ({
  kind: 'table',
  head: ['Deployment', 'Target'],
  rows: Array.from({ length: rows }, (_, index) => [`D-${index + 1}`, 'web to production']),
});

describe('a long table', () => {
  it('has its heads on every page, and each row once', async () => {
    const all = pages(await made([table(150)]));

    expect(all.length).toBeGreaterThanOrEqual(3);
    for (const page of all) expect(page.match(/^Deployment$/gm)).toHaveLength(1);
    const rows = all.flatMap((page) => page.match(/^D-\d+$/gm) ?? []);
    expect(rows).toEqual(Array.from({ length: 150 }, (_, index) => `D-${index + 1}`));
  });

  it('counts its pages, and says on each how many there are', async () => {
    const pdf = await made([table(150)]);
    const all = pages(pdf);
    const total = streams(pdf).filter((one) => /^BT \/H /.test(one));

    expect(all.map((page) => /Page (\d+) of /.exec(page)?.[1])).toEqual(all.map((_, index) => String(index + 1)));
    expect(total).toHaveLength(1);
    expect(total[0]).toContain(`(${all.length}) Tj`);
  });
});

describe('signs that the font does not have', () => {
  const names: Block = { kind: 'facts', facts: [['Asked by', 'Zoë 中文 Müller']] };

  it('are shown by their numbers without a font, and it is said what that means', async () => {
    const [page] = pages(await made([names]));

    expect(page).toContain('Zoë <U+4E2D U+6587> Müller');
    expect(page?.replaceAll('\n', ' ')).toContain('Signs written as U+ and a number');
  });

  it('need no such words where there are none', async () => {
    const [page] = pages(await made([{ kind: 'facts', facts: [['Asked by', 'Zoë']] }]));

    expect(page).toContain('Zoë');
    expect(page).not.toContain('U+');
  });
});

describe.skipIf(!existsSync(DEJAVU))(`a font of one's own (skipped without ${DEJAVU})`, () => {
  const greek: Block = { kind: 'facts', facts: [['Asked by', 'Ελένη Жанна 中']] };

  it('lies in the file, as far as it is used', async () => {
    const regular = readFileSync(DEJAVU);
    const pdf = await made([greek], { regular });

    expect(pdf).toMatch(/\/FontFile2 \d+ 0 R/);
    expect(pdf).toMatch(/\/BaseFont \/[A-Z]{6}\+DejaVuSans/);
    expect(pdf.length).toBeLessThan(regular.length / 4);
  });

  it('shows what Helvetica cannot, and tells the number of what it has not either', async () => {
    const pdf = await made([greek], { regular: readFileSync(DEJAVU) });
    const told = streams(pdf).find((one) => one.includes('begincmap')) ?? '';
    const known = (sign: string) => told.includes((sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0'));

    expect(['Ε', 'λ', 'Ж', 'U', '+'].map(known)).toEqual([true, true, true, true, true]);
    expect(known('中')).toBe(false);
  });

  it('is the same file for the same evidence', async () => {
    const font = { regular: readFileSync(DEJAVU) };

    expect(await made([greek], font)).toBe(await made([greek], font));
  });
});
