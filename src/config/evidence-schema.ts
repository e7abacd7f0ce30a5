import { z } from 'zod';

const path = z.string().min(1);

/** How evidence is printed. Paths are relative to the folder of the configuration. */
export const evidenceSchema = z.strictObject({
  font: path.describe(
    'A TrueType or OpenType file to write PDFs in, e.g. for names in Cyrillic, Greek or Chinese. Without it signs beyond Western Europe are shown by their number (`U+4E2D`).',
  ),
  boldFont: path
    .exactOptional()
    .describe('The bold face of the same font, for headings; without it the font is thickened.'),
});

/** The font of printed evidence as the configuration wants it. */
export type EvidenceWish = z.output<typeof evidenceSchema>;
