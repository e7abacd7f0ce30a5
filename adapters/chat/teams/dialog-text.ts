import { clip } from '../../../src/domain/text.ts';
import { cleaned } from '../../shared/cleaned.ts';
import { markdown } from './markdown.ts';
import type { CardElement } from './wire.ts';

/** Plain words for labels, titles and choices, where Teams reads no markdown: one line, at most `limit` characters. */
export function words(text: string, limit: number): string {
  return clip(cleaned(text).replace(/\s+/g, ' ').trim(), limit);
}

/** A paragraph of words of any origin: none of them formats, links or rings. */
export function paragraph(text: string, limit: number, dress: Readonly<Record<string, unknown>> = {}): CardElement {
  return { type: 'TextBlock', text: markdown([text], nobody, new Map(), limit), wrap: true, ...dress };
}

/** Something to know before asking; a sign stands beside the colour, which not everybody sees. */
export function warning(text: string): CardElement {
  return { type: 'Container', style: 'warning', items: [paragraph(`⚠ ${text}`, 400)] };
}

const nobody = { mention: () => undefined };
